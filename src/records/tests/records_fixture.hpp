// Records on a fresh database of either engine, over an archive and keepers that are as simple as can be, and lie in
// the same database, so that a transaction that is given up leaves no trace in them.
#pragma once

#include <gmock/gmock.h>

#include "records/eraser.hpp"
#include "records/exporter.hpp"
#include "records/service.hpp"
#include "records/store.hpp"
#include "records/sweeper.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::identity {
std::span<const sql::Migration> migrations();
}

namespace miniops::records {
std::span<const sql::Migration> migrations();

inline const AppId shop("wxshop");
inline const AppId bank("wxbank");

class TableArchive final : public Archive {
 public:
  PageOf<Hit> find(sql::Transaction& tx, const AppId& appid, const Reader& reader, const Question& question,
                   const Before& before, int limit) override {
    PageOf<Hit> page;
    const Place below = before.value_or(Place(INT64_MAX, INT64_MAX));
    int seen = 0;
    for (const sql::Row& row : tx.query(
             "SELECT id, openid, agent, group_id, opened_at, closed_at FROM kept_conversations WHERE appid = $1 AND "
             "(opened_at, id) < ($2, $3) ORDER BY opened_at DESC, id DESC LIMIT $4",
             {appid, below.first, below.second, std::min(limit, look_at_most)})) {
      ++seen;
      Hit hit{conversation_in(row)};
      hit.place = page.next.emplace(hit.conversation.opened_at, hit.conversation.id.value());
      if (!may_read(reader, hit.conversation) || !fits(question, hit.conversation)) continue;
      if (!question.text.empty() && !add_message(tx, question, hit)) continue;
      page.items.push_back(std::move(hit));
    }
    if (seen < std::min(limit, look_at_most)) page.next.reset();
    return page;
  }
  std::optional<ConversationRecord> conversation(sql::Transaction& tx, const AppId& appid, const Reader& reader,
                                                 ConversationId id) override {
    const auto row = tx.query_one(
        "SELECT id, openid, agent, group_id, opened_at, closed_at FROM kept_conversations WHERE appid = $1 AND id = $2",
        {appid, id});
    if (!row || !may_read(reader, conversation_in(*row))) return std::nullopt;
    return conversation_in(*row);
  }
  std::vector<MessageRecord> messages(sql::Transaction& tx, ConversationId id, std::int64_t after_seq,
                                      int limit) override {
    std::vector<MessageRecord> out;
    for (const sql::Row& row :
         tx.query("SELECT id, seq, text FROM kept_messages WHERE conversation = $1 AND seq > $2 ORDER BY seq LIMIT $3",
                  {id, after_seq, limit}))
      out.push_back(message_in(row));
    for (MessageRecord& message : out) message.hidden = hides;
    return out;
  }
  // That each was opened, and closed.
  std::vector<EventRecord> events(sql::Transaction& tx, ConversationId id, int) override {
    const auto row = tx.query_one("SELECT opened_at, closed_at FROM kept_conversations WHERE id = $1", {id});
    if (!row) return {};
    return {{.id = 1, .at = row->integer(0), .kind = "opened", .to = "queued"},
            {.id = 2, .at = row->integer(1), .kind = "closed", .to = "resolved"}};
  }
  std::int64_t not_indexed(sql::Transaction&) override { return 3; }
  Result<MessageRecord> revealed(sql::Transaction&, MessageRecord record) override {
    record.text += " (revealed)";
    return record;
  }
  std::optional<std::set<GroupId>> groups_read(const Access& access) override {
    auto granted = access.groups_with(identity::Permission::desk_records_all);
    if (!granted) return std::nullopt;
    std::set<GroupId> read = groups[access.account()];
    for (const std::string& group : *granted)
      if (const auto id = parse_as<GroupId>(group)) read.insert(*id);
    return read;
  }
  bool shows_scores(sql::Transaction&, const Access&) override { return scores; }

  std::vector<Closed> closed_before(sql::Transaction& tx, const AppId& appid, Place after, TimeMs before,
                                    int limit) override {
    std::vector<Closed> out;
    for (const sql::Row& row :
         tx.query("SELECT id, openid, closed_at FROM kept_conversations WHERE appid = $1 AND closed_at <> 0 AND "
                  "closed_at < $2 AND (closed_at, id) > ($3, $4) ORDER BY closed_at, id LIMIT $5",
                  {appid, before, after.first, after.second, limit}))
      out.push_back({row.id<ConversationId>(0), row.text(1), row.integer(2)});
    return out;
  }
  MessagesRemoved remove_messages(sql::Transaction& tx, ConversationId id, int limit) override {
    const auto gone = tx.execute(
        "DELETE FROM kept_messages WHERE id IN (SELECT id FROM kept_messages WHERE conversation = $1 ORDER BY seq "
        "LIMIT $2)",
        {id, limit});
    return {gone, gone == limit};
  }
  MediaRemoved remove_media(sql::Transaction& tx, ConversationId id, std::int64_t after_seq, int limit) override {
    MediaRemoved out;
    const auto rows =
        tx.query("SELECT id, seq, media FROM kept_messages WHERE conversation = $1 AND seq > $2 ORDER BY seq LIMIT $3",
                 {id, after_seq, limit});
    for (const sql::Row& row : rows) {
      if (row.text(2).empty()) continue;
      tx.execute("UPDATE kept_messages SET media = '' WHERE id = $1", {row.integer(0)});
      ++out.files;
    }
    if (std::ssize(rows) == limit) out.last_seq = rows.back().integer(1);
    return out;
  }
  std::vector<Aged> waiting_before(sql::Transaction& tx, const AppId& appid, Place after, TimeMs before,
                                   int limit) override {
    return loose_before(tx, "waiting", appid, after, before, limit);
  }
  bool remove_waiting(sql::Transaction& tx, std::int64_t id) override {
    tx.execute("DELETE FROM kept_loose WHERE id = $1", {id});
    return true;
  }
  std::vector<Aged> told_before(sql::Transaction& tx, const AppId& appid, Place after, TimeMs before,
                                int limit) override {
    return loose_before(tx, "told", appid, after, before, limit);
  }
  void empty_told(sql::Transaction& tx, std::int64_t id) override {
    tx.execute("DELETE FROM kept_loose WHERE id = $1", {id});
  }

  std::map<AccountId, std::set<GroupId>> groups;
  bool scores = true;
  bool hides = false;  // numbers, in all messages
  int look_at_most = 1000;

 private:
  static std::vector<Aged> loose_before(sql::Transaction& tx, std::string_view kind, const AppId& appid, Place after,
                                        TimeMs before, int limit) {
    std::vector<Aged> out;
    for (const sql::Row& row :
         tx.query("SELECT id, openid, at FROM kept_loose WHERE kind = $1 AND appid = $2 AND at < $3 AND (at, id) > "
                  "($4, $5) ORDER BY at, id LIMIT $6",
                  {kind, appid, before, after.first, after.second, limit}))
      out.push_back({row.integer(0), row.text(1), row.integer(2)});
    return out;
  }
  static ConversationRecord conversation_in(const sql::Row& row) {
    ConversationRecord out;
    out.id = row.id<ConversationId>(0);
    out.openid = row.text(1);
    out.agent = row.id<AccountId>(2);
    out.group = row.id<GroupId>(3);
    out.opened_at = row.integer(4);
    out.closed_at = row.integer(5);
    return out;
  }
  static MessageRecord message_in(const sql::Row& row) {
    MessageRecord out;
    out.id = row.integer(0);
    out.seq = row.integer(1);
    out.text = row.text(2);
    out.msgtype = "text";
    out.direction = "in";
    return out;
  }
  static bool may_read(const Reader& reader, const ConversationRecord& one) {
    return reader.everything || (!reader.own.empty() && one.agent == reader.own) ||
           std::ranges::find(reader.groups, one.group) != reader.groups.end();
  }
  static bool fits(const Question& question, const ConversationRecord& one) {
    return one.opened_at >= question.from && (question.to == 0 || one.opened_at < question.to) &&
           (question.customer.empty() || one.openid == question.customer);
  }
  static bool add_message(sql::Transaction& tx, const Question& question, Hit& hit) {
    const std::string pattern = "%" + question.text + "%";
    const auto row = tx.query_one(
        "SELECT id, seq, text FROM kept_messages WHERE conversation = $1 AND text LIKE $2 ORDER BY seq LIMIT 1",
        {hit.conversation.id, pattern});
    if (row) hit.message = message_in(*row);
    return row.has_value();
  }
};

// What the conversations' owner keeps of a person: messages, deleted two at a time.
class MessageKeeper final : public Keeper {
 public:
  explicit MessageKeeper(sql::Database*& database) : database_(database) {}
  std::string_view name() const override { return "conversations"; }
  Task<Result<ExportPiece>> exported(Person person, std::string place) override {
    const std::int64_t after = parse_id(place).value_or(0);
    auto read = [person, after](sql::Transaction& tx) -> Result<ExportPiece> {
      ExportPiece piece;
      for (const sql::Row& row :
           tx.query("SELECT m.id, m.text FROM kept_messages m JOIN kept_conversations c ON c.id = "
                    "m.conversation WHERE c.appid = $1 AND c.openid = $2 AND m.id > $3 ORDER BY "
                    "m.id LIMIT 2",
                    {person.appid, person.openid, after})) {
        piece.lines += json::serialize(json::object{{"kind", "message"}, {"text", row.text(1)}}) + "\n";
        piece.next = std::to_string(row.integer(0));
        ++piece.rows;
      }
      return piece;
    };
    co_return co_await database_->read(std::move(read));
  }
  Result<ErasePiece> erase(sql::Transaction& tx, const Person& person, const std::string&, TimeMs now) override {
    ErasePiece piece;
    const auto gone = tx.execute(
        "DELETE FROM kept_messages WHERE id IN (SELECT m.id FROM kept_messages m JOIN kept_conversations c ON c.id = "
        "m.conversation WHERE c.appid = $1 AND c.openid = $2 ORDER BY m.id LIMIT 2)",
        {person.appid, person.openid});
    piece.counts["messages"] = gone;
    piece.until["change_log"] = now + day_ms;
    if (gone == 2) piece.progress = ErasePiece::Progress::more;
    return piece;
  }

 private:
  sql::Database*& database_;
};

// One that has a message on its way at first, if wanted.
class OutboxKeeper final : public Keeper {
 public:
  std::string_view name() const override { return "outbox"; }
  Task<Result<ExportPiece>> exported(Person person, std::string) override {
    ExportPiece piece{json::serialize(json::object{{"kind", "profile"}, {"openid", person.openid.str()}}) + "\n", 1};
    co_return piece;
  }
  Result<ErasePiece> erase(sql::Transaction&, const Person&, const std::string&, TimeMs) override {
    if (fails) return fail(ErrorKind::unavailable, "storage.unavailable", "not now");
    ErasePiece piece;
    if (in_flight) {
      piece.progress = ErasePiece::Progress::waiting;
    } else {
      piece.counts["windows"] = 1;
    }
    return piece;
  }
  bool fails = false, in_flight = false;
};

// Who deletes people: knows who is asked for, and does it when told to.
class KnownErasures final : public PersonErasures {
 public:
  void ask(sql::Transaction&, std::int64_t id, const Person& person, const std::string&, TimeMs) override {
    asked.insert_or_assign(id, person);
  }
  std::optional<Outcome> outcome(sql::Transaction&, const AppId&, std::int64_t id) override {
    const auto found = outcomes.find(id);
    return found == outcomes.end() ? std::nullopt : std::optional(found->second);
  }
  void look_again(sql::Transaction&) override { ++looks; }
  std::map<std::int64_t, Person> asked;
  std::map<std::int64_t, Outcome> outcomes;
  int looks = 0;
};

class RecordsTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), records::migrations()});
    execute(
        "CREATE TABLE kept_conversations (id BIGINT NOT NULL PRIMARY KEY, appid TEXT NOT NULL, openid TEXT NOT NULL, "
        "agent BIGINT NOT NULL, group_id BIGINT NOT NULL, opened_at BIGINT NOT NULL, closed_at BIGINT NOT NULL)");
    execute(
        "CREATE TABLE kept_messages (id BIGINT NOT NULL PRIMARY KEY, conversation BIGINT NOT NULL, seq BIGINT NOT "
        "NULL, text TEXT NOT NULL, media TEXT NOT NULL)");
    execute(
        "CREATE TABLE kept_loose (id BIGINT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, appid TEXT NOT NULL, openid TEXT "
        "NOT NULL, at BIGINT NOT NULL)");
    build();
  }
  void TearDown() override {
    parts_.reset();
    sql::EngineTest::TearDown();
  }
  // As when the program ends in the middle of something, and starts again.
  void restart() {
    parts_.reset();
    reopen();
    build();
  }

  template <class T>
  static T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().code + ": " + result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }
  template <class T>
  static std::string code_of(const Result<T>& result) {
    return result ? "ok" : result.error().code;
  }

  // ---- what is there ----
  ConversationId conversation(const std::string& openid, TimeMs closed_at, const std::vector<std::string>& texts = {},
                              std::int64_t agent = 1, std::int64_t group = 1, const AppId& appid = shop) {
    const auto id = ids_.next_as<ConversationId>();
    const TimeMs opened_at = closed_at == 0 ? clock_.now() : closed_at - hour_ms;
    execute(
        "INSERT INTO kept_conversations (id, appid, openid, agent, group_id, opened_at, closed_at) VALUES ($1, $2, "
        "$3, $4, $5, $6, $7)",
        {id, appid, openid, agent, group, opened_at, closed_at});
    std::int64_t seq = 0;
    for (const std::string& text : texts)
      execute("INSERT INTO kept_messages (id, conversation, seq, text, media) VALUES ($1, $2, $3, $4, $5)",
              {ids_.next(), id, ++seq, text, text.starts_with("[") ? "m" : ""});
    return id;
  }
  // What is in no conversation: "waiting" or "told".
  void loose(const std::string& kind, const std::string& openid, TimeMs at, const AppId& appid = shop) {
    execute("INSERT INTO kept_loose (id, kind, appid, openid, at) VALUES ($1, $2, $3, $4, $5)",
            {ids_.next(), kind, appid, openid, at});
  }
  // Whose is left.
  std::vector<std::string> loose_left(const std::string& kind) {
    std::vector<std::string> out;
    for (const sql::Row& row : query("SELECT openid FROM kept_loose WHERE kind = $1 ORDER BY id", {kind}))
      out.push_back(row.text(0));
    return out;
  }
  TimeMs days_ago(std::int64_t days) const { return clock_.now() - days * day_ms; }
  std::int64_t messages_of(ConversationId id) {
    return query("SELECT COUNT(*) FROM kept_messages WHERE conversation = $1", {id})[0].integer(0);
  }
  std::int64_t media_of(ConversationId id) {
    return query("SELECT COUNT(*) FROM kept_messages WHERE conversation = $1 AND media <> ''", {id})[0].integer(0);
  }
  std::vector<std::string> audited() {
    std::vector<std::string> out;
    for (const sql::Row& row : query("SELECT action FROM audit_entries ORDER BY at, id")) out.push_back(row.text(0));
    return out;
  }

  // ---- who asks ----
  static Access access(identity::Role role, std::int64_t account = 7, const std::set<identity::Grant>& grants = {},
                       const AppId& appid = shop) {
    identity::Caller caller;
    caller.account = AccountId(account);
    caller.username = "user" + std::to_string(account);
    caller.roles[appid] = role;
    if (!grants.empty()) caller.adjustments[appid].grants = grants;
    return caller.access(appid, identity::Permission::desk_read).value();
  }
  static Access admin() { return access(identity::Role::admin); }
  static Access agent(std::int64_t account = 1, const std::set<identity::Grant>& grants = {}) {
    return access(identity::Role::agent, account, grants);
  }

  Service& service() { return parts_->service; }
  void keep_days(std::int64_t messages, std::int64_t media) {
    const auto version = must(sql::run(service().retention(admin()))).version;
    must(sql::run(service().change_retention(admin(), {version, messages, media})));
  }
  Result<Hold> hold(HoldKind kind, const std::string& openid = "", ConversationId conversation = {}) {
    return sql::run(service().place_hold(admin(), {kind, openid, conversation, "诉讼"}));
  }
  Result<Erasure> erase(const std::string& openid) {
    return sql::run(service().erase(admin(), OpenId(openid), "本人要求"));
  }
  Erasure erasure(ErasureId id) { return must(sql::run(service().find_erasure(admin(), id))); }
  Export export_of(ExportId id, const Access& as = admin()) { return must(sql::run(service().find_export(as, id))); }
  std::string file(const Export& one, const Access& as = admin()) {
    std::string all;
    for (std::int64_t part = 1; part <= one.parts; ++part)
      all += must(sql::run(service().download(as, one.id, part))).bytes;
    return all;
  }

  void sweep_all() {
    while (must(sql::run(parts_->sweeper.step()))) {
    }
  }
  Result<std::int64_t> forget(const std::string& openid) { return parts_->eraser.forget({shop, OpenId(openid)}); }
  // Whatever the others keep goes, too.
  void others_are_done(ErasureId id) { erasures_.outcomes[id.value()] = {clock_.now(), {{"people", 1}}}; }
  bool export_step() { return must(sql::run(parts_->exporter.step())); }
  void export_all() {
    while (export_step()) {
    }
  }
  void tidy() { must(sql::run(parts_->exporter.tidy())); }
  std::size_t files() const {
    std::error_code none;
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_.path(), none), {}));
  }

  struct Parts {
    explicit Parts(RecordsTest& test)
        : files(test.folder_.path()),
          service({test.db(), test.archive_, test.erasures_, files, test.workers_, test.clock_, test.ids_}),
          exporter({test.db(), test.archive_, test.keepers_, files, test.workers_, test.clock_}, test.limits_),
          sweeper({test.db(), test.archive_, test.clock_}),
          eraser({test.db(), test.keepers_, files, test.clock_}) {}
    const ExportFiles files;
    Service service;
    Exporter exporter;
    Sweeper sweeper;
    Eraser eraser;
  };
  void build() {
    database_now_ = &db();
    parts_.emplace(*this);
  }

  sql::TemporaryFolder folder_;
  net::Workers workers_{1, 16};
  TableArchive archive_;
  sql::Database* database_now_ = nullptr;
  MessageKeeper messages_{database_now_};
  OutboxKeeper outbox_;
  KnownErasures erasures_;
  Keepers keepers_{&messages_, &outbox_};
  Exporter::Limits limits_{};
  std::optional<Parts> parts_;
};

}  // namespace miniops::records
