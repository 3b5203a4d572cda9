// The people module plugged in: its parts, what WeChat tells of people, and their deletion.
#pragma once

#include "app/store.hpp"
#include "gateway/journal.hpp"
#include "people/erasure.hpp"
#include "people/service.hpp"
#include "people/session_keys.hpp"
#include "telemetry/ports.hpp"

namespace miniops::app {

struct People {
  explicit People(Store& store);

  people::Vault vault;
  people::News news;
  people::Directory directory;
  people::Erasure erasure;
  people::SessionKeys session_keys;
  people::Service service;
};

// user_info_modified, user_authorization_revoke and user_authorization_cancellation clear what they name.
class PeopleEvents final : public gateway::TransactionalConsumer {
 public:
  explicit PeopleEvents(const people::Erasure& erasure) : erasure_(erasure) {}
  std::string_view name() const override { return "people"; }
  Result<void> apply(sql::Transaction& tx, const gateway::JournalEntry& entry, TimeMs now) override;

 private:
  const people::Erasure& erasure_;
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
