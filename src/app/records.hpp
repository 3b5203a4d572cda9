// The records module plugged in: who keeps something of a person besides the desk's conversations, and how a person is
// deleted: by telemetry's erasures, of which the records are one keeper.
#pragma once

#include "gateway/gateway.hpp"
#include "people/erasure.hpp"
#include "records/records.hpp"
#include "storage/blobs/blobs.hpp"
#include "telemetry/ports.hpp"
#include "telemetry/telemetry.hpp"

namespace miniops::app {

// Pictures, voices … that the person sent; windows, and messages that wait.
class GatewayTraces final : public records::Keeper {
 public:
  GatewayTraces(sql::Database& database, Blobs& blobs) : database_(database), blobs_(blobs) {}
  std::string_view name() const override { return "gateway"; }
  Task<Result<ExportPiece>> exported(records::Person person, std::string place) override;
  Result<ErasePiece> erase(sql::Transaction& tx, const records::Person& person, const std::string& place,
                           TimeMs now) override;

 private:
  sql::Database& database_;
  Blobs& blobs_;
};

class PersonProfiles final : public records::Keeper {
 public:
  PersonProfiles(sql::Database& database, const people::Erasure& erasure) : database_(database), erasure_(erasure) {}
  std::string_view name() const override { return "people"; }
  Task<Result<ExportPiece>> exported(records::Person person, std::string place) override;

 private:
  sql::Database& database_;
  const people::Erasure& erasure_;
};

// What the person's phones reported.
class PersonTelemetry final : public records::Keeper {
 public:
  PersonTelemetry(sql::Database& database, telemetry::Service& service, const Clock& clock)
      : database_(database), service_(service), clock_(clock) {}
  std::string_view name() const override { return "telemetry"; }
  Task<Result<ExportPiece>> exported(records::Person person, std::string place) override;

 private:
  sql::Database& database_;
  telemetry::Service& service_;
  const Clock& clock_;
};

// Rows of telemetry_erasures: its loader takes them up, and asks every keeper.
class TelemetryErasures final : public records::PersonErasures {
 public:
  void ask(sql::Transaction& tx, std::int64_t id, const records::Person& person, const std::string& asked_by,
           TimeMs now) override;
  std::optional<Outcome> outcome(sql::Transaction& tx, const AppId& appid, std::int64_t id) override;
  void look_again(sql::Transaction& tx) override;
};

// Who is deleted goes from the records; who is held there is not deleted. Before people's keeper, which forgets which
// openids the other ids mean.
class RecordsKeeper final : public telemetry::PersonKeeper {
 public:
  RecordsKeeper(sql::Database& database, const people::Erasure& erasure, records::Records& records)
      : database_(database), erasure_(erasure), records_(records) {}
  std::string_view name() const override { return "records"; }
  Result<bool> held(const AppId& appid, std::string_view id_kind, const std::string& id) override;
  Result<std::int64_t> forget(const AppId& appid, std::string_view id_kind, const std::string& id) override;

 private:
  std::vector<records::Person> persons(sql::Transaction& tx, const AppId& appid, std::string_view id_kind,
                                       const std::string& id) const;

  sql::Database& database_;
  const people::Erasure& erasure_;
  records::Records& records_;
};

}  // namespace miniops::app
