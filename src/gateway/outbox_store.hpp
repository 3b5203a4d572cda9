// The outbox's SQL: rows, attempts, claims.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/outbox.hpp"

namespace miniops::gateway {

struct OutboxRow {
  OutboxId id;
  AppId appid;
  OpenId openid;
  std::int64_t seq = 0, reference = 0;
  std::string message;  // outgoing_json
  std::string blob, blob_content_type;
  bool automatic = false;
  DeliveryState state = DeliveryState::queued;
  bool reserved = false;  // holds one message of the budget that is not spent yet
  int attempts = 0;
  int uncertain = 0;  // attempts, since it was queued or sent again, whose outcome is not known
  int uploads_again = 0;
  int failures = 0;  // attempts, since then, that failed; one that our own limits put off did not
  bool possibly_repeated = false;
  int errcode = 0;
  std::string errmsg, reason;
  TimeMs queued_at = 0, due_at = 0, expires_at = 0, finished_at = 0;
  std::string claim_owner;  // whose attempt is under way; empty: nobody's
  TimeMs claim_until = 0;
};

std::string outgoing_text(const wechat::Outgoing& message);

void insert_row(sql::Transaction& tx, const OutboxRow& row);
// Of a row, what it says.
void put_message(sql::Transaction& tx, const OutboxRow& row);
// All but what it says and what never changes.
void update_row(sql::Transaction& tx, const OutboxRow& row);
std::optional<OutboxRow> load_row(sql::Transaction& tx, OutboxId id);

// Due, unclaimed, the first unfinished of its user; oldest due first.
std::vector<OutboxRow> find_due(sql::Transaction& tx, const AppId& appid, TimeMs now, int limit);
// Queued or held rows of one user, in order.
std::vector<OutboxRow> unfinished_of(sql::Transaction& tx, const AppId& appid, const OpenId& openid);
// Unclaimed rows whose time is over, of any mini program.
std::vector<OutboxRow> find_expired(sql::Transaction& tx, TimeMs now, int limit);
// Rows that `owner` has claimed; those that someone else has.
std::vector<OutboxRow> find_claimed_by(sql::Transaction& tx, std::string_view owner);
std::vector<OutboxRow> find_claimed_by_others(sql::Transaction& tx, std::string_view owner, int limit);
// Messages of a user that are reserved and not spent yet.
int count_reserved(sql::Transaction& tx, const AppId& appid, const OpenId& openid);
// When the next unclaimed row of a mini program is due; 0: there is none.
TimeMs next_due(sql::Transaction& tx, const AppId& appid);

void begin_attempt(sql::Transaction& tx, OutboxId id, int attempt, TimeMs now);
void end_attempt(sql::Transaction& tx, OutboxId id, int attempt, std::string_view state, int errcode,
                 std::string_view errmsg, TimeMs now);

DeliveryUpdate update_of(const OutboxRow& row, TimeMs at);

}  // namespace miniops::gateway
