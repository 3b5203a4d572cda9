// The program's settings: flag, environment, file, default, in this order; one table names them all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace miniops::app {

// One setting. Key "wechat.api_base" is the flag --wechat-api-base, the variable MINIOPS_WECHAT_API_BASE and the
// file's `api_base` under [wechat].
struct Setting {
  enum class Type { text, integer, boolean, list };
  std::string_view key;
  Type type;
  std::string_view fallback;  // as text; a list is separated by commas
  std::string_view help;
};
std::span<const Setting> settings();
std::string flag_of(std::string_view key);         // --wechat-api-base
std::string environment_of(std::string_view key);  // MINIOPS_WECHAT_API_BASE

class Config {
 public:
  // `flags` and `environment` by key. Fails with app.config_invalid, naming the key and where it was set (the file's
  // line, the variable, the flag).
  static Result<Config> load(const std::filesystem::path& file, const std::map<std::string, std::string>& flags,
                             const std::map<std::string, std::string>& environment);

  const std::string& text(std::string_view key) const;
  std::int64_t integer(std::string_view key) const;
  bool boolean(std::string_view key) const;
  std::vector<std::string> list(std::string_view key) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

// The process's MINIOPS_… variables that are settings, by key.
std::map<std::string, std::string> settings_from_environment();

// "127.0.0.1:8080", "[::1]:8080", ":8080" (all addresses). app.config_invalid
struct Listen {
  std::string host;
  std::uint16_t port = 0;
};
Result<Listen> parse_listen(std::string_view text);

}  // namespace miniops::app
