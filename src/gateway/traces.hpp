// What the gateway keeps of customers, for whoever deletes it: media, messages that were to be sent, windows, letters
// that could not be read. Inside a transaction.
#pragma once

#include "gateway/outbox.hpp"
#include "storage/blobs/blobs.hpp"

namespace miniops::gateway {

// What a customer sent, when it is here.
struct KeptMedia {
  std::string blob{}, content_type{};
};
std::optional<KeptMedia> kept_media(sql::Transaction& tx, const AppId& appid, std::string_view media_id);
// False: there was none. Its file goes when nothing else names the same bytes: Orphans.
bool forget_media(sql::Transaction& tx, const AppId& appid, std::string_view media_id);
// A message and its attempts; one that waits is not sent any more. False: it is on its way to WeChat at this moment.
bool forget_outgoing(sql::Transaction& tx, OutboxId id);
// The rest of a person, rows by what they are.
struct Traces {
  std::int64_t windows = 0, outgoing = 0, dead_letters = 0, relayed = 0;
  bool in_flight = false;  // a message is on its way: not all is gone yet
};
Traces forget_person(sql::Transaction& tx, const AppId& appid, const OpenId& openid);

// Removes the files of media that were forgotten, also while they were fetched. Owned by the gateway, which calls
// step() in a loop.
class Orphans {
 public:
  Orphans(sql::Database& database, Blobs& blobs) : database_(database), blobs_(blobs) {}
  // At most 20. True: there may be more.
  Task<Result<bool>> step();

 private:
  sql::Database& database_;
  Blobs& blobs_;
  std::string after_{};  // of those that could not go yet
};

}  // namespace miniops::gateway
