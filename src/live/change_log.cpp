#include "live/change_log.hpp"

#include <boost/json/serialize.hpp>

namespace miniops::live {

std::string to_text(const std::vector<identity::AccountId>& accounts) {
  std::string text;
  for (const identity::AccountId account : accounts) text += (text.empty() ? "" : " ") + account.str();
  return text;
}

std::vector<identity::AccountId> accounts_in(std::string_view text) {
  std::vector<identity::AccountId> accounts;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    if (const auto account = parse_as<identity::AccountId>(one)) accounts.push_back(*account);
  }
  return accounts;
}

void append_change(sql::Transaction& tx, std::int64_t id, TimeMs at, const Change& change) {
  const std::string data = boost::json::serialize(change.data);
  const std::string others = to_text(change.audience.others);
  tx.execute_later(
      "INSERT INTO live_pending (id, appid, topic, permission, at, data, group_id, account_id, others, about) VALUES "
      "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {id, change.appid, change.topic, identity::to_string(change.permission), at, data, change.audience.group,
       change.audience.account, others, change.audience.about});
}

}  // namespace miniops::live
