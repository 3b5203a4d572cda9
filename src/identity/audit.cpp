#include "identity/audit.hpp"

#include <boost/json/serialize.hpp>

namespace miniops::identity {

void audit(sql::Transaction& tx, const Access& access, const AuditEntry& entry) {
  const std::string changes = boost::json::serialize(entry.changes);
  tx.execute(
      "INSERT INTO audit_entries (id, at, appid, account_id, username, via, remote_address, action, object, changes) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {entry.id, entry.at, access.appid(), access.account(), access.username(), access.via(), access.remote_address(),
       entry.action, entry.object, changes});
}

}  // namespace miniops::identity
