// Adding, changing and removing mini programs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/miniprogram_store.hpp"
#include "identity/access.hpp"
#include "net/address_guard.hpp"

namespace miniops::gateway {

// What a person enters. Of a change, only what is given is changed.
struct MiniProgramInput {
  std::optional<std::string> name{}, secret{}, token{}, encoding_aes_key{};
  std::optional<std::string> mode{}, format{}, time_zone{}, relay_url{}, transfer{};
  std::optional<bool> restrict_push_sources{}, enabled{};
};

// What is shown of one: no secret.
struct MiniProgramView {
  MiniProgramRow row;  // its secrets are emptied
  bool has_secret = false;
  TimeMs last_push_at = 0;
};

class MiniProgramService {
 public:
  MiniProgramService(sql::Database& database, sql::ConfigVersion& version, const Sealer& sealer, const Clock& clock,
                     IdSource& ids, net::AddressGuard relay_guard = {})
      : database_(database),
        version_(version),
        sealer_(sealer),
        clock_(clock),
        ids_(ids),
        relay_guard_(std::move(relay_guard)) {}

  // request.invalid with the fields that are wrong, gateway.already_exists.
  Task<Result<MiniProgramView>> create(const identity::Access& access, AppId appid, MiniProgramInput input);
  // gateway.unknown_mini_program, request.invalid
  Task<Result<MiniProgramView>> change(const identity::Access& access, AppId appid, MiniProgramInput input);
  Task<Result<void>> remove(const identity::Access& access, AppId appid);
  // Newest first; nullopt: all.
  Task<Result<std::vector<MiniProgramView>>> list(std::optional<std::set<AppId>> appids);
  Task<Result<MiniProgramView>> get(AppId appid);
  // The push token, to be copied into WeChat's console; audited.
  Task<Result<std::string>> reveal_token(const identity::Access& access);

 private:
  Task<Result<MiniProgramRow>> load(AppId appid);

  sql::Database& database_;
  sql::ConfigVersion& version_;
  const Sealer& sealer_;
  const Clock& clock_;
  IdSource& ids_;
  const net::AddressGuard relay_guard_;  // an address in figures that it forbids is refused at once
};

boost::json::object to_json(const MiniProgramView& view, const std::string& push_base);

}  // namespace miniops::gateway
