// Rows, one by one: the newest first, or those behind a place.
//
// Days and their blocks are walked in the order in which rows were received, which is nearly that of their times, from
// the near end: a few blocks first, then more. As soon as there are as many rows as are asked for, the last of them
// bounds what can still come before it, and all of that is asked for at once.
#include "storage/events/duck_store.hpp"

namespace miniops::events {

namespace {

constexpr std::size_t first_blocks = 8;

FoundRow found(const sql::Row& row) {
  FoundRow out;
  out.sequence = row.integer(0);
  out.time = row.integer(1);
  out.received = row.integer(2);
  out.late = row.integer(3) != 0;
  out.weight = row.number(4);
  if (!row.is_null(5)) out.value = row.number(5);
  const std::array<std::int64_t*, 13> numbers{&out.name,   &out.level,        &out.person, &out.release, &out.build,
                                              &out.page,   &out.scene,        &out.device, &out.network, &out.region,
                                              &out.client, &out.log_template, &out.issue};
  for (std::size_t i = 0; i < numbers.size(); ++i) *numbers[i] = row.optional_integer(6 + i).value_or(0);
  const std::array<std::string*, 6> texts{&out.id,    &out.session, &out.page_view,
                                          &out.trace, &out.text,    &out.properties};
  for (std::size_t i = 0; i < texts.size(); ++i) *texts[i] = row.optional_text(19 + i).value_or("");
  return out;
}

RowPlace place_of(const FoundRow& row) { return {row.time, row.sequence}; }

class Walk {
 public:
  Walk(DuckConnection& connection, Loans& loans, const RowsQuestion& question)
      : connection_(connection),
        loans_(loans),
        question_(question),
        newest_first_(!question.after),
        times_(times_of(question.scope)) {
    if (question.before) times_.last = std::min(times_.last, question.before->first);
    if (question.after) times_.first = std::max(times_.first, question.after->first);
  }

  bool newest_first() const { return newest_first_; }
  // The times that rows still to come may have.
  const TimeRange& times() const { return times_; }

  // Blocks of one table, in their order.
  void over(const std::string& table, std::vector<LineBlock> blocks) {
    if (newest_first_) std::ranges::reverse(blocks);
    for (std::size_t step = first_blocks; !blocks.empty(); step *= 4) {
      if (full()) std::erase_if(blocks, [&](const LineBlock& block) { return !may_hold(block); });
      const std::size_t taken = full() ? blocks.size() : std::min(step, blocks.size());
      std::vector<LineBlock> near(blocks.begin(), blocks.begin() + static_cast<std::ptrdiff_t>(taken));
      blocks.erase(blocks.begin(), blocks.begin() + static_cast<std::ptrdiff_t>(taken));
      std::ranges::sort(near, {}, &LineBlock::first);
      if (!near.empty()) ask(sources_of(table, near));
    }
  }

  void ask(std::span<const Source> sources) {
    Statement statement(loans_);
    statement.rows_of(sources, question_.scope, false);
    // A row of version 0 stands for several that are gone: it is counted, and never listed.
    statement.text += fmt::format(", near AS (SELECT * FROM r WHERE version > 0 AND time BETWEEN {} AND {}",
                                  statement.param(times_.first), statement.param(times_.last));
    beyond("<", question_.before, statement);
    beyond(">", question_.after, statement);
    statement.text += fmt::format(
        " ORDER BY time {0}, sequence {0} LIMIT {1}) SELECT sequence, time, received, late, weight, value, name, "
        "level, "
        "coalesce(c.canonical, near.person), release, build, page, scene, device, network, region, client, "
        "log_template, issue, id, session, page_view, trace, text, properties FROM near LEFT JOIN "
        "memory.main.counted_as c ON c.person = near.person",
        newest_first_ ? "DESC" : "ASC", question_.limit);
    for (const sql::Row& row : statement.ask(connection_)) rows_.push_back(found(row));
    std::ranges::sort(rows_, [&](const FoundRow& a, const FoundRow& b) {
      return newest_first_ ? place_of(a) > place_of(b) : place_of(a) < place_of(b);
    });
    if (!full()) return;
    rows_.resize(limit());
    (newest_first_ ? times_.first : times_.last) = rows_.back().time;
  }

  std::vector<FoundRow> rows() { return std::move(rows_); }

 private:
  std::size_t limit() const { return static_cast<std::size_t>(std::max(question_.limit, 1)); }
  bool full() const { return rows_.size() >= limit(); }
  bool may_hold(const LineBlock& block) const {
    return block.times.last >= times_.first && block.times.first <= times_.last;
  }
  static void beyond(std::string_view relation, const std::optional<RowPlace>& place, Statement& statement) {
    if (place)
      statement.text += fmt::format(" AND (time, sequence) {} ({}, {})", relation, statement.param(place->first),
                                    statement.param(place->second));
  }

  DuckConnection& connection_;
  Loans& loans_;
  const RowsQuestion& question_;
  const bool newest_first_;
  TimeRange times_;
  std::vector<FoundRow> rows_;
};

}  // namespace

Result<std::vector<FoundRow>> DuckStore::rows(const RowsQuestion& question) {
  return askers_.ask([&](DuckConnection& connection) {
    const Scope& scope = question.scope;
    Walk walk(connection, loans_, question);
    auto days = tables_.holding(scope.kind, scope.from, scope.to, scope.by_receipt);
    // What was received after the day of the newest time can only have come late: it is looked at last.
    if (walk.newest_first()) std::reverse(days.begin(), std::ranges::upper_bound(days, day_of(walk.times().last)));
    for (const std::string& day : days) {
      const auto worth = tables_.holding(scope.kind, walk.times().first, walk.times().last + 1, false);
      if (!std::ranges::binary_search(worth, day)) continue;
      const std::string table = full_name(scope.kind, day);
      if (scope.kind == kind_of_lines) {
        walk.over(table, blocks_with(connection, loans_, filtered_, day, scope, walk.times()));
      } else {
        walk.ask(std::array{Source{table}});
      }
    }
    return walk.rows();
  });
}

}  // namespace miniops::events
