// Idempotency-Key: the answer to a POST is kept 24 h per caller and route, and given again to whoever repeats the
// request with the same key.
//
// Only a keyed hash of the request is stored. An answer that carries a secret (secret_response) is not kept: a
// repetition is then told that the request was done.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "net/http.hpp"
#include "storage/sql/database.hpp"

namespace miniops::identity {

// JSON with a secret in it: no browser and no proxy keeps it, nor do we for Idempotency-Key.
net::Response secret_response(const boost::json::value& body, int status = 200);

struct IdempotentRequest {
  std::string caller, route, key, request_hash;
};

// nullopt: the request has no key. request.invalid when it has an unusable one.
Result<std::optional<IdempotentRequest>> idempotent_request(const net::Request& request, const std::string& credential,
                                                            const std::string& pattern);

class Idempotency {
 public:
  Idempotency(sql::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // The kept answer, or nullopt: run it, then finish() or forget(). Fails with request.idempotency_conflict (another
  // body), request.idempotency_in_progress, request.idempotency_not_kept.
  Task<Result<std::optional<net::Response>>> begin(IdempotentRequest request);
  Task<void> finish(IdempotentRequest request, const net::Response& response);
  Task<void> forget(IdempotentRequest request);

 private:
  sql::Database& database_;
  const Clock& clock_;
};

// Deletes at most `limit` answers that are over a day old; how many it deleted.
std::int64_t prune_idempotency(sql::Transaction& tx, TimeMs now, int limit);

}  // namespace miniops::identity
