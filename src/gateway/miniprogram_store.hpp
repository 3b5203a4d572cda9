// The SQL of mini programs: rows with sealed secrets, in and out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/seal.hpp"
#include "gateway/miniprograms.hpp"

namespace miniops::gateway {

inline constexpr TimeMs previous_keys_kept_ms = 7 * day_ms;
inline constexpr TimeMs mode_grace_ms = 10 * minute_ms;

std::string_view to_string(TransferMode mode);
std::optional<TransferMode> parse_transfer(std::string_view text);

// A row as it is stored, secrets opened.
struct MiniProgramRow {
  AppId appid;
  std::string name, original_id;
  bool enabled = true;
  wechat::Mode mode = wechat::Mode::safe;
  std::optional<wechat::Mode> previous_mode{};
  TimeMs mode_changed_at = 0;
  wechat::Format format = wechat::Format::json;
  std::string secret;
  TimeMs secret_changed_at = 0;
  std::string token;
  std::optional<std::string> previous_token{};
  TimeMs token_changed_at = 0;
  std::string aes_key;  // EncodingAESKey, 43 characters; may be empty in plain mode
  std::optional<std::string> previous_aes_key{};
  TimeMs aes_key_changed_at = 0;
  std::string time_zone = "Asia/Shanghai";
  bool restrict_push_sources = false;
  std::string relay_url;
  TransferMode transfer = TransferMode::off;
  TimeMs created_at = 0;
};

// Secrets that do not open (another master key) fail with base.seal_broken.
Result<std::vector<MiniProgramRow>> load_mini_programs(sql::Transaction& tx, const Sealer& sealer);
Result<std::optional<MiniProgramRow>> load_mini_program(sql::Transaction& tx, const Sealer& sealer, const AppId& appid);
// A row with its secrets sealed, ready to be written: sealing draws nonces, so it is done before the closure.
class SealedRow {
 public:
  SealedRow(const Sealer& sealer, const MiniProgramRow& row);
  void insert(sql::Transaction& tx) const;
  void update(sql::Transaction& tx) const;

 private:
  MiniProgramRow row_;
  std::string secret_, token_;
  std::optional<std::string> previous_token_, aes_key_, previous_aes_key_;
};
void delete_mini_program(sql::Transaction& tx, const AppId& appid);
// Only the first push teaches it. True: it was unknown until now.
bool learn_original_id(sql::Transaction& tx, const AppId& appid, std::string_view original_id);

// What the rest of the program works with, as of `now`: previous keys and modes as far as they still count.
MiniProgram mini_program_of(const MiniProgramRow& row, TimeMs now);
// When that changes by itself; nullopt: never.
std::optional<TimeMs> next_change_of(const MiniProgramRow& row, TimeMs now);

}  // namespace miniops::gateway
