// Clocks, and what is asked about them.
#include "service_levels/store.hpp"

namespace miniops::service_levels::store {

namespace {

constexpr std::string_view columns =
    "id, conversation_id, kind, ordinal, version, appid, group_id, priority, agent_id, calendar_key, target_ms, "
    "half_percent, most_percent, day, started_at, counted_until, used_ms, parked, customer_turn, due_at, next_at, "
    "told, breached_at, stopped_at, ended";

ServiceClock clock_of(const sql::Row& row) {
  ServiceClock clock;
  clock.id = row.id<ClockId>(0);
  clock.conversation = row.id<ConversationId>(1);
  clock.kind = parse_word<Kind>(row.text(2)).value_or(Kind::resolution);
  clock.ordinal = row.integer(3);
  clock.version = row.integer(4);
  clock.appid = row.id<AppId>(5);
  clock.group = row.text(6);
  clock.priority = row.integer(7);
  clock.agent = row.id<AccountId>(8);
  clock.calendar_key = row.text(9);
  clock.target_ms = row.integer(10);
  clock.half_percent = static_cast<int>(row.integer(11));
  clock.most_percent = static_cast<int>(row.integer(12));
  clock.day = row.integer(13);
  clock.started_at = row.integer(14);
  clock.counted_until = row.integer(15);
  clock.used_ms = row.integer(16);
  clock.parked = row.integer(17) != 0;
  clock.customer_turn = row.integer(18) != 0;
  clock.due_at = row.integer(19);
  clock.next_at = row.integer(20);
  clock.told = parse_word<Level>(row.text(21)).value_or(Level::none);
  clock.breached_at = row.integer(22);
  clock.stopped_at = row.integer(23);
  clock.end = parse_word<End>(row.text(24)).value_or(End::none);
  return clock;
}

std::vector<ServiceClock> clocks_in(const sql::Rows& rows) {
  std::vector<ServiceClock> out;
  for (const sql::Row& row : rows) out.push_back(clock_of(row));
  return out;
}

// Few lengths, so that few texts are prepared.
std::string select_open(std::size_t count) {
  std::string among;
  for (std::size_t i = 1; i <= count; ++i) among += fmt::format("{}${}", i == 1 ? "" : ", ", i);
  return fmt::format(
      "SELECT {} FROM service_levels_clocks WHERE stopped_at = 0 AND conversation_id IN ({}) ORDER BY conversation_id, "
      "id",
      columns, among);
}

// As a condition more, with its values behind the others.
std::string within(const Scope& scope, sql::Params& params) {
  if (!scope.groups) return {};
  params.emplace_back(scope.own);
  std::string text = fmt::format(" AND (agent_id = ${}", params.size());
  for (const std::string& group : *scope.groups) {
    params.emplace_back(group);
    text += fmt::format(" OR group_id = ${}", params.size());
  }
  return text + ")";
}

// ---- counting ----

constexpr std::array<std::string_view, 4> tally_columns{"kind", "group_id", "agent_id", "day"};

std::string select_tally(std::string_view column, std::string_view scope) {
  return fmt::format(
      "SELECT CAST({0} AS TEXT), COUNT(CASE WHEN stopped_at <> 0 AND breached_at = 0 AND (ended = 'answered' OR kind = "
      "'resolution') THEN 1 END), COUNT(CASE WHEN breached_at <> 0 THEN 1 END), COUNT(CASE WHEN stopped_at <> 0 AND "
      "breached_at = 0 AND ended = 'closed' AND kind <> 'resolution' THEN 1 END), COUNT(CASE WHEN stopped_at = 0 AND "
      "breached_at = 0 THEN 1 END) FROM service_levels_clocks WHERE appid = $1 AND day >= $2 AND day <= $3 AND ($4 = "
      "'' OR kind = $4) AND ($5 = 1 OR group_id = $6) AND ($7 = 1 OR agent_id = $8){1} GROUP BY {0} ORDER BY {0} LIMIT "
      "$9",
      column, scope);
}

}  // namespace

std::vector<ServiceClock> unsettled(sql::Transaction& tx, ConversationId conversation) {
  static const std::string select = fmt::format(
      "SELECT {} FROM service_levels_clocks WHERE conversation_id = $1 AND (kind <> 'next_answer' OR stopped_at = 0 OR "
      "ended = 'closed') ORDER BY id",
      columns);
  return clocks_in(tx.query(select, {conversation}));
}

void insert_clock(sql::Transaction& tx, const ServiceClock& clock) {
  static const std::string insert = fmt::format(
      "INSERT INTO service_levels_clocks ({}) SELECT $1, $2, $3, COALESCE(MAX(ordinal), 0) + 1, $4, $5, $6, $7, $8, "
      "$9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24 FROM service_levels_clocks WHERE "
      "conversation_id = $2 AND kind = $3",
      columns);
  tx.execute(insert,
             {clock.id,           clock.conversation, word(clock.kind),    clock.version,      clock.appid,
              clock.group,        clock.priority,     clock.agent,         clock.calendar_key, clock.target_ms,
              clock.half_percent, clock.most_percent, clock.day,           clock.started_at,   clock.counted_until,
              clock.used_ms,      clock.parked,       clock.customer_turn, clock.due_at,       clock.next_at,
              word(clock.told),   clock.breached_at,  clock.stopped_at,    word(clock.end)});
}

bool update_clock(sql::Transaction& tx, const ServiceClock& clock) {
  return tx.execute(
             "UPDATE service_levels_clocks SET version = version + 1, agent_id = $3, counted_until = $4, used_ms = $5, "
             "parked = $6, customer_turn = $7, due_at = $8, next_at = $9, told = $10, breached_at = $11, stopped_at = "
             "$12, ended = $13 WHERE id = $1 AND version = $2",
             {clock.id, clock.version, clock.agent, clock.counted_until, clock.used_ms, clock.parked,
              clock.customer_turn, clock.due_at, clock.next_at, word(clock.told), clock.breached_at, clock.stopped_at,
              word(clock.end)}) == 1;
}

std::vector<ServiceClock> open_clocks(sql::Transaction& tx, std::span<const ConversationId> conversations) {
  static const std::string one = select_open(1), some = select_open(16), many = select_open(100);
  std::vector<ServiceClock> found;
  while (!conversations.empty()) {
    const std::size_t taken = std::min<std::size_t>(conversations.size(), 100);
    const std::size_t padded = taken == 1 ? 1 : taken <= 16 ? 16 : 100;
    sql::Params params;
    for (std::size_t i = 0; i < padded; ++i) params.emplace_back(i < taken ? conversations[i] : ConversationId());
    for (ServiceClock& clock : clocks_in(tx.query(padded == 1 ? one : padded == 16 ? some : many, params)))
      found.push_back(std::move(clock));
    conversations = conversations.subspan(taken);
  }
  return found;
}

// ---- reports ----

std::vector<ServiceClock> list_clocks(sql::Transaction& tx, const AppId& appid, ConversationId conversation,
                                      const Before& before, int limit) {
  static const std::string select = fmt::format(
      "SELECT {} FROM service_levels_clocks WHERE conversation_id = $1 AND appid = $2 AND ($3 = 0 OR (started_at, id) "
      "< "
      "($4, $5)) ORDER BY started_at DESC, id DESC LIMIT $6",
      columns);
  const auto [at, id] = before.value_or(std::pair<std::int64_t, std::int64_t>(0, 0));
  return clocks_in(tx.query(select, {conversation, appid, before.has_value(), at, id, limit}));
}

std::vector<ServiceClock> list_breaches(sql::Transaction& tx, const AppId& appid, const BreachFilter& filter,
                                        const Before& before, int limit) {
  const Among& among = filter.among;
  const std::int64_t open = filter.open ? static_cast<std::int64_t>(*filter.open) : -1;
  const auto [at, id] = before.value_or(std::pair<std::int64_t, std::int64_t>(0, 0));
  sql::Params params{appid,        filter.from,
                     filter.to,    among.kind ? word(*among.kind) : std::string_view(),
                     !among.group, among.group ? std::string_view(*among.group) : std::string_view(),
                     !among.agent, among.agent.value_or(AccountId()),
                     open,         before.has_value(),
                     at,           id,
                     limit};
  const std::string scope = within(among.scope, params);
  const std::string select = fmt::format(
      "SELECT {} FROM service_levels_clocks WHERE appid = $1 AND breached_at <> 0 AND breached_at >= $2 AND "
      "breached_at < $3 AND ($4 = '' OR kind = $4) AND ($5 = 1 OR group_id = $6) AND ($7 = 1 OR agent_id = $8) AND "
      "($9 = -1 OR (CASE WHEN stopped_at = 0 THEN 1 ELSE 0 END) = $9) AND ($10 = 0 OR (breached_at, id) < ($11, "
      "$12)){} ORDER BY breached_at DESC, id DESC LIMIT $13",
      columns, scope);
  return clocks_in(tx.query(select, params));
}

std::vector<Tally> tally(sql::Transaction& tx, const AppId& appid, const TallyQuestion& question) {
  const Among& among = question.among;
  sql::Params params{appid,        question.from,
                     question.to,  among.kind ? word(*among.kind) : std::string_view(),
                     !among.group, among.group ? std::string_view(*among.group) : std::string_view(),
                     !among.agent, among.agent.value_or(AccountId()),
                     tallies_max};
  const std::string scope = within(among.scope, params);
  const std::string select = select_tally(tally_columns[static_cast<std::size_t>(question.by)], scope);
  std::vector<Tally> out;
  for (const sql::Row& row : tx.query(select, params))
    out.push_back({row.text(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4)});
  return out;
}

}  // namespace miniops::service_levels::store
