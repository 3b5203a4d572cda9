#include "gateway/relay.hpp"

#include <limits>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "gateway/dead_letters.hpp"
#include "gateway/delivery.hpp"
#include "gateway/gather.hpp"

namespace miniops::gateway {

namespace {

constexpr TimeMs give_up_after_ms = day_ms;
// due_at of a row that waits behind another of its user: only heads are ever due, so that finding them costs the same
// however much has piled up.
constexpr TimeMs behind_another = std::numeric_limits<TimeMs>::max();

bool hop_by_hop(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  static constexpr std::string_view names[] = {"connection",
                                               "keep-alive",
                                               "proxy-authenticate",
                                               "proxy-authorization",
                                               "proxy-connection",
                                               "te",
                                               "trailer",
                                               "upgrade",
                                               "transfer-encoding",
                                               "host",
                                               "content-length",
                                               "expect"};
  return std::find(std::begin(names), std::end(names), lower) != std::end(names);
}

// Header values are stored as characters of the same number as their bytes (push.cpp).
std::string bytes_of(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80 || i + 1 == text.size()) {
      bytes += text[i];
    } else {
      const auto next = static_cast<unsigned char>(text[++i]);
      bytes += static_cast<char>(((lead & 0x03U) << 6U) | (next & 0x3fU));
    }
  }
  return bytes;
}

}  // namespace

Result<void> RelayConsumer::apply(sql::Transaction& tx, const JournalEntry& entry, TimeMs now) {
  const auto program =
      tx.query_one("SELECT relay_url FROM gateway_miniprograms WHERE appid = $1 AND enabled = 1", {entry.appid});
  if (!program || program->text(0).empty()) return {};
  const auto before = tx.query_one("SELECT entry_id FROM gateway_relay_queue WHERE appid = $1 AND openid = $2 LIMIT 1",
                                   {entry.appid, entry.openid});
  tx.execute(
      "INSERT INTO gateway_relay_queue (entry_id, appid, openid, received_at, give_up_at, attempts, due_at, error) "
      "VALUES ($1, $2, $3, $4, $5, 0, $6, '') ON CONFLICT (entry_id) DO NOTHING",
      {entry_id_of(entry.partition, entry.position), entry.appid, entry.openid, entry.received_at,
       now + give_up_after_ms, before ? behind_another : now});
  return {};
}

net::ClientRequest relay_request(const std::string& relay_url, const JournalEntry& entry) {
  net::ClientRequest request;
  request.method = net::Method::post;
  request.url = relay_url;
  if (!entry.raw_query.empty()) {
    request.url += relay_url.find('?') == std::string::npos ? '?' : '&';
    request.url += entry.raw_query;
  }
  boost::system::error_code problem;
  const auto headers = boost::json::parse(entry.raw_headers, problem);
  if (!problem && headers.is_array()) {
    for (const auto& pair : headers.as_array()) {
      const auto& field = pair.as_array();
      std::string name = bytes_of(field.at(0).as_string());
      if (!hop_by_hop(name)) request.headers.add(std::move(name), bytes_of(field.at(1).as_string()));
    }
  }
  request.body = entry.raw_body;
  return request;
}

Relay::Relay(sql::Database& database, MiniPrograms& programs, const Clock& clock, IdSource& ids, net::HttpClient& http,
             Settings settings)
    : database_(database), programs_(programs), clock_(clock), ids_(ids), http_(http), settings_(std::move(settings)) {}

// The mini programs side by side: one backend that is slow delays no other.
Task<Result<bool>> Relay::step() {
  std::vector<Task<Result<bool>>> steps;
  const auto programs = co_await programs_.all();
  for (const auto& program : programs) {
    if (!program->relay_url.empty() && program->enabled) steps.push_back(step_app(program));
  }
  bool more = false;
  for (auto& done : co_await gather(std::move(steps))) {
    if (!done) co_return done;
    more = more || *done;
  }
  co_return more;
}

Task<Result<std::vector<Relay::Due>>> Relay::find_due(AppId appid) {
  const TimeMs now = clock_.now();
  auto work = [&appid, now, limit = settings_.at_once_per_app](sql::Transaction& tx) -> Result<std::vector<Due>> {
    std::vector<Due> due;
    const auto rows = tx.query(
        "SELECT entry_id, attempts, give_up_at FROM gateway_relay_queue WHERE appid = $1 AND due_at <= $2 "
        "ORDER BY due_at, entry_id LIMIT $3",
        {appid, now, limit});
    for (const sql::Row& row : rows) {
      auto entry = find_entry(tx, row.integer(0));
      if (!entry) continue;  // cannot be: the journal keeps what is queued here
      due.push_back({row.integer(0), static_cast<int>(row.integer(1)), row.integer(2), std::move(*entry)});
    }
    return due;
  };
  co_return co_await database_.read(std::move(work));
}

Task<Result<bool>> Relay::step_app(std::shared_ptr<const MiniProgram> program) {
  auto due = co_await find_due(program->appid);
  if (!due) co_return std::unexpected(due.error());
  if (due->empty()) co_return false;
  std::vector<Task<std::string>> sends;
  for (const Due& one : *due) sends.push_back(forward(*program, one.entry));
  const std::vector<std::string> problems = co_await gather(std::move(sends));
  auto recorded = co_await record(*due, problems);
  if (!recorded) co_return std::unexpected(recorded.error());
  // At once again only if something went through: a backend that is down is not hammered.
  co_return std::any_of(problems.begin(), problems.end(), [](const std::string& problem) { return problem.empty(); });
}

// What went wrong; empty: the backend took it. The client follows no redirects, looks the name up once, and connects
// only to what the guard allows of it.
Task<std::string> Relay::forward(const MiniProgram& program, const JournalEntry& entry) {
  net::ClientRequest request = relay_request(program.relay_url, entry);
  request.total_timeout = std::chrono::milliseconds(settings_.http_timeout_ms);
  request.response_bytes_max = 64 * 1024;
  request.guard = &settings_.guard;
  auto response = co_await http_.send(std::move(request));
  if (!response) co_return truncate_chars(response.error().what, 300);
  if (response->status >= 200 && response->status < 300) co_return std::string();
  co_return "the backend answered " + std::to_string(response->status);
}

Task<Result<void>> Relay::record(const std::vector<Due>& sent, const std::vector<std::string>& problems) {
  const TimeMs now = clock_.now();
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; i < sent.size() * 2; ++i) ids.push_back(ids_.next());
  auto work = [&](sql::Transaction& tx) -> Result<void> {
    std::string last_error;
    bool success = false;
    for (std::size_t i = 0; i < sent.size(); ++i) {
      const Due& one = sent[i];
      const std::string& problem = problems[i];
      success = success || problem.empty();
      if (!problem.empty()) last_error = problem;
      if (!problem.empty() && now < one.give_up_at) {
        tx.execute("UPDATE gateway_relay_queue SET attempts = $2, due_at = $3, error = $4 WHERE entry_id = $1",
                   {one.entry_id, one.attempts + 1, now + backoff_ms(one.attempts + 1, 0), problem});
        continue;
      }
      tx.execute("DELETE FROM gateway_relay_queue WHERE entry_id = $1", {one.entry_id});
      tx.execute(
          "UPDATE gateway_relay_queue SET due_at = $3 WHERE entry_id = "
          "(SELECT MIN(entry_id) FROM gateway_relay_queue WHERE appid = $1 AND openid = $2)",
          {one.entry.appid, one.entry.openid, now});
      if (problem.empty()) continue;
      DeadLetter letter;
      letter.id = ids[2 * i];
      letter.consumer = "relay";
      letter.failed_at = now;
      letter.attempts = one.attempts + 1;
      letter.error = problem;
      insert_dead_letter(tx, letter, one.entry, ids[2 * i + 1]);
    }
    tx.execute(
        "INSERT INTO gateway_relay_state (appid, last_success_at, last_error, last_error_at) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (appid) DO UPDATE SET "
        "last_success_at = CASE WHEN $2 > 0 THEN $2 ELSE gateway_relay_state.last_success_at END, "
        "last_error = CASE WHEN $4 > 0 THEN $3 ELSE gateway_relay_state.last_error END, "
        "last_error_at = CASE WHEN $4 > 0 THEN $4 ELSE gateway_relay_state.last_error_at END",
        {sent.front().entry.appid, success ? now : 0, last_error, last_error.empty() ? 0 : now});
    return {};
  };
  co_return co_await database_.write(std::move(work));
}

}  // namespace miniops::gateway
