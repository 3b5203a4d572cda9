// The records module plugged in: who keeps something of a person, besides the desk's conversations.
#pragma once

#include "gateway/gateway.hpp"
#include "people/erasure.hpp"
#include "records/ports.hpp"
#include "storage/blobs/blobs.hpp"
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
  Result<ErasePiece> erase(sql::Transaction& tx, const records::Person& person, const std::string& place,
                           TimeMs now) override;

 private:
  sql::Database& database_;
  const people::Erasure& erasure_;
};

// What the person's phones reported. Its deletion is telemetry's own task, which is asked for and waited for.
class PersonTelemetry final : public records::Keeper {
 public:
  PersonTelemetry(sql::Database& database, telemetry::Service& service, const Clock& clock, IdSource& ids)
      : database_(database), service_(service), clock_(clock), ids_(ids) {}
  std::string_view name() const override { return "telemetry"; }
  Task<Result<ExportPiece>> exported(records::Person person, std::string place) override;
  Result<ErasePiece> erase(sql::Transaction& tx, const records::Person& person, const std::string& place,
                           TimeMs now) override;

 private:
  sql::Database& database_;
  telemetry::Service& service_;
  const Clock& clock_;
  IdSource& ids_;
};

}  // namespace miniops::app
