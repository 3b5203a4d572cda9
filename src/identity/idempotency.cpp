#include "identity/idempotency.hpp"

#include "base/encoding.hpp"
#include "base/log.hpp"

namespace miniops::identity {

namespace {

constexpr std::string_view secret_answer = "no-store, private";

constexpr std::size_t key_chars_max = 255;
constexpr std::size_t kept_body_bytes_max = 64 * 1024;
// A request that is this long under way has died with its process.
constexpr TimeMs abandoned_after_ms = 2 * minute_ms;

constexpr std::string_view running = "running", kept = "kept", not_kept = "not_kept";

std::unexpected<Error> conflict(std::string code, std::string message) {
  return fail(ErrorKind::conflict, std::move(code), std::move(message));
}

bool take_over(sql::Transaction& tx, const IdempotentRequest& request, TimeMs now) {
  return tx.execute(
             "UPDATE identity_idempotency SET created_at = $4, state = 'running', request_hash = $5 "
             "WHERE caller = $1 AND route = $2 AND idempotency_key = $3",
             {request.caller, request.route, request.key, now, request.request_hash}) == 1;
}

Result<std::optional<net::Response>> begin_in(sql::Transaction& tx, const IdempotentRequest& request, TimeMs now) {
  const bool is_new =
      tx.execute(
          "INSERT INTO identity_idempotency (caller, route, idempotency_key, request_hash, state, created_at) "
          "VALUES ($1, $2, $3, $4, 'running', $5) ON CONFLICT (caller, route, idempotency_key) DO NOTHING",
          {request.caller, request.route, request.key, request.request_hash, now}) == 1;
  if (is_new) return std::nullopt;
  const auto row = tx.query_one(
      "SELECT request_hash, state, created_at, status, content_type, body FROM identity_idempotency "
      "WHERE caller = $1 AND route = $2 AND idempotency_key = $3",
      {request.caller, request.route, request.key});
  const TimeMs age = now - row->integer(2);
  const bool abandoned = row->text(1) == running && age > abandoned_after_ms;
  if (age > day_ms || abandoned) {
    take_over(tx, request, now);
    return std::nullopt;
  }
  if (row->text(0) != request.request_hash) {
    return conflict("request.idempotency_conflict", "this Idempotency-Key was used for another request");
  }
  if (row->text(1) == running) {
    return conflict("request.idempotency_in_progress", "the request with this Idempotency-Key is still under way");
  }
  if (row->text(1) == not_kept) {
    return conflict("request.idempotency_not_kept",
                    "the request with this Idempotency-Key was done; its answer was not kept");
  }
  auto response = net::Response::bytes(row->blob(5), row->text(4), static_cast<int>(row->integer(3)));
  response.headers.set("Idempotency-Replayed", "true");
  return std::optional<net::Response>(std::move(response));
}

}  // namespace

net::Response secret_response(const boost::json::value& body, int status) {
  net::Response response = net::Response::json(body, status);
  response.headers.set("Cache-Control", std::string(secret_answer));
  return response;
}

Result<std::optional<IdempotentRequest>> idempotent_request(const net::Request& request, const std::string& credential,
                                                            const std::string& pattern) {
  const auto key = request.headers.get("Idempotency-Key");
  if (!key) return std::nullopt;
  const bool printable = std::ranges::all_of(*key, [](char c) { return c >= 0x20 && c < 0x7f; });
  if (key->empty() || key->size() > key_chars_max || !printable) {
    return fail(ErrorKind::invalid, "request.invalid", "Idempotency-Key must be 1 to 255 printable ASCII characters");
  }
  // Keyed by the credential: the hash of a body that holds a password must not help to find it.
  const std::string hash = hex(hmac_sha256(credential + std::string(*key), request.target + "\n" + request.body));
  return IdempotentRequest{credential, pattern, std::string(*key), hash};
}

Task<Result<std::optional<net::Response>>> Idempotency::begin(IdempotentRequest request) {
  const TimeMs now = clock_.now();
  auto write = [request = std::move(request), now](sql::Transaction& tx) { return begin_in(tx, request, now); };
  co_return co_await database_.write(std::move(write));
}

Task<void> Idempotency::finish(IdempotentRequest request, const net::Response& response) {
  const auto type = std::string(response.headers.get("Content-Type").value_or(""));
  const bool keeps = response.headers.get("Cache-Control") != secret_answer && !response.drop &&
                     response.body.size() <= kept_body_bytes_max;
  auto write = [request = std::move(request), type, keeps, status = response.status,
                body = keeps ? response.body : std::string()](sql::Transaction& tx) -> Result<void> {
    tx.execute(
        "UPDATE identity_idempotency SET state = $4, status = $5, content_type = $6, body = $7 "
        "WHERE caller = $1 AND route = $2 AND idempotency_key = $3",
        {request.caller, request.route, request.key, keeps ? kept : not_kept, status, type, sql::BlobView{body}});
    return {};
  };
  const auto written = co_await database_.write(std::move(write));
  if (!written) log::warn("identity.answer_not_kept", {{"code", written.error().code}});
}

Task<void> Idempotency::forget(IdempotentRequest request) {
  auto write = [request = std::move(request)](sql::Transaction& tx) -> Result<void> {
    tx.execute("DELETE FROM identity_idempotency WHERE caller = $1 AND route = $2 AND idempotency_key = $3",
               {request.caller, request.route, request.key});
    return {};
  };
  const auto written = co_await database_.write(std::move(write));
  if (!written) log::warn("identity.answer_not_forgotten", {{"code", written.error().code}});
}

std::int64_t prune_idempotency(sql::Transaction& tx, TimeMs now, int limit) {
  return tx.execute(
      "DELETE FROM identity_idempotency WHERE (caller, route, idempotency_key) IN "
      "(SELECT caller, route, idempotency_key FROM identity_idempotency WHERE created_at < $1 LIMIT $2)",
      {now - day_ms, limit});
}

}  // namespace miniops::identity
