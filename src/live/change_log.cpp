#include "live/change_log.hpp"

#include <boost/json/serialize.hpp>

namespace miniops::live {

void append_change(sql::Transaction& tx, std::int64_t id, TimeMs at, const Change& change) {
  const std::string data = boost::json::serialize(change.data);
  tx.execute_later("INSERT INTO live_pending (id, appid, topic, permission, at, data) VALUES ($1, $2, $3, $4, $5, $6)",
                   {id, change.appid, change.topic, identity::to_string(change.permission), at, data});
}

}  // namespace miniops::live
