// The people module plugged in: its parts, what WeChat tells of people, and their deletion.
#pragma once

#include "app/store.hpp"
#include "gateway/journal.hpp"
#include "people/erasure.hpp"
#include "people/service.hpp"
#include "people/session_keys.hpp"
#include "records/records.hpp"
#include "telemetry/ports.hpp"

namespace miniops::app {

struct People {
  explicit People(Store& store);

  Vault vault;
  people::IdentityVault identities;
  people::News news;
  people::Directory directory;
  people::Erasure erasure;
  people::SessionKeys session_keys;
  people::Service service;
};

// user_info_modified and user_authorization_revoke clear what they name; user_authorization_cancellation asks for the
// person's deletion.
class PeopleEvents final : public gateway::TransactionalConsumer {
 public:
  PeopleEvents(const people::Erasure& erasure, records::Records& records) : erasure_(erasure), records_(records) {}
  std::string_view name() const override { return "people"; }
  Result<void> apply(sql::Transaction& tx, const gateway::JournalEntry& entry, TimeMs now) override;

 private:
  const people::Erasure& erasure_;
  records::Records& records_;
};

// Who is deleted from what phones reported goes from the customers as well.
class PeopleKeeper final : public telemetry::PersonKeeper {
 public:
  PeopleKeeper(sql::Database& database, const people::Erasure& erasure, const Clock& clock)
      : database_(database), erasure_(erasure), clock_(clock) {}
  std::string_view name() const override { return "people"; }
  Result<std::int64_t> forget(const AppId& appid, std::string_view id_kind, const std::string& id) override;

 private:
  sql::Database& database_;
  const people::Erasure& erasure_;
  const Clock& clock_;
};

}  // namespace miniops::app
