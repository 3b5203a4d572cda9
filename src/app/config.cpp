#include "app/config.hpp"

#include <charconv>
#include <cstdlib>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace miniops::app {

namespace {

using enum Setting::Type;

constexpr Setting table[] = {
    {"listen", text, "127.0.0.1:8080", "address and port of the server; port 0 takes a free one"},
    {"data", text, "./data", "folder of the embedded store, pictures and keys"},
    {"database", text, "", "sqlite:PATH or postgres://user:password@host:port/name; empty: sqlite:DATA/miniops.db"},
    {"server.public_url", text, "", "how browsers and WeChat reach the server, e.g. https://ops.example.com"},
    {"server.trusted_proxies", list, "", "addresses or CIDR blocks whose X-Forwarded-For and -Proto are believed"},
    {"server.allowed_origins", list, "", "origins of browsers besides the server's own"},
    {"server.tls_certificate", text, "", "PEM file; with server.tls_key the server speaks HTTPS itself"},
    {"server.tls_key", text, "", "PEM file"},
    {"server.threads", integer, "0", "io threads; 0: one a core"},
    {"server.connections_max", integer, "20000", "open connections"},
    {"server.session_idle_minutes", integer, "720", "a console session ends after so long without use"},
    {"storage.postgres_connections", integer, "8", "connections to PostgreSQL"},
    {"security.master_key_file", text, "",
     "32 bytes in hex that seal secrets; empty: DATA/master.key, made at first start"},
    {"wechat.api_base", text, "https://api.weixin.qq.com",
     "base address of WeChat's API; the sandbox's in development"},
    {"wechat.api_timeout_ms", integer, "10000", "longest wait for an answer of WeChat's API"},
    {"wechat.window.message_count", integer, "5", "messages after a customer's message"},
    {"wechat.window.message_minutes", integer, "2880", "how long they may be sent"},
    {"wechat.window.enter_count", integer, "2", "messages after a customer entered"},
    {"wechat.window.enter_seconds", integer, "60", "how long they may be sent"},
    {"gateway.sends_per_second", integer, "50", "calls to WeChat's API per second and mini program"},
    {"gateway.refuse_with_status", integer, "0", "status for a push that could not be stored; 0: close the connection"},
    {"telemetry.spool_mb", integer, "4096",
     "what phones report may wait on the disk for the event store, up to so much"},
    {"telemetry.memory_mb", integer, "768", "memory of the event store's engine"},
    {"official.enabled", boolean, "true", "pull WeChat's own performance, errors, realtime logs and feedback"},
    {"official.keep_days", integer, "365", "days that WeChat's daily figures, errors and feedback are kept"},
    {"official.keep_log_days", integer, "30", "days that WeChat's realtime log lines are kept"},
    {"notify.wecom_base", text, "https://qyapi.weixin.qq.com", "base address of WeCom's API"},
    {"notify.tencent_sms_base", text, "https://sms.tencentcloudapi.com", "base address of Tencent Cloud's SMS API"},
    {"notify.private_addresses_allowed", list, "",
     "addresses and CIDR blocks that are not public and to which webhooks, relays and mail may go nevertheless"},
    {"log.level", text, "info", "debug, info, warn or error"},
    {"log.format", text, "json", "json or text"},
    {"tests.clock_file", text, "",
     "for tests: 8 bytes that say by how many milliseconds the time is moved; only a flag"},
};

// Nothing that lies about may move the time of a server: whoever starts it says so each time.
constexpr std::string_view only_a_flag = "tests.clock_file";

const Setting* find(std::string_view key) {
  for (const Setting& setting : table)
    if (setting.key == key) return &setting;
  return nullptr;
}

std::unexpected<Error> invalid(std::string_view where, std::string_view key, std::string_view why) {
  return fail(ErrorKind::invalid, "app.config_invalid", fmt::format("{}: {}: {}", where, key, why));
}

// nullopt when the text fits the setting's type.
std::optional<std::string> problem_of(const Setting& setting, std::string_view value) {
  if (setting.type == integer) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || number < 0)
      return fmt::format("'{}' is not a whole number of 0 or more", value);
  }
  // A status that says "done" would acknowledge what is not stored.
  if (setting.key == "gateway.refuse_with_status" && value != "0" &&
      (value.size() != 3 || (value.front() != '4' && value.front() != '5')))
    return fmt::format("'{}' is neither 0 nor a status from 400 to 599", value);
  const bool days = setting.key == "official.keep_days" || setting.key == "official.keep_log_days";
  if (days && (value == "0" || value.size() > 4)) return fmt::format("'{}' is no number of days from 1 to 9999", value);
  if (setting.type == boolean && value != "true" && value != "false")
    return fmt::format("'{}' is neither true nor false", value);
  if (setting.key == "log.level" && value != "debug" && value != "info" && value != "warn" && value != "error")
    return fmt::format("'{}' is none of debug, info, warn, error", value);
  if (setting.key == "log.format" && value != "json" && value != "text")
    return fmt::format("'{}' is neither json nor text", value);
  if (setting.key == "listen" && !parse_listen(value)) return fmt::format("'{}' is no address:port", value);
  return std::nullopt;
}

// A value of the file as text; nullopt when its type is not the setting's.
std::optional<std::string> value_of(const Setting& setting, const toml::node& node) {
  switch (setting.type) {
    case text:
      return node.value_exact<std::string>();
    case integer:
      if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
      return std::nullopt;
    case boolean:
      if (const auto flag = node.value_exact<bool>()) return *flag ? "true" : "false";
      return std::nullopt;
    case list: {
      const toml::array* array = node.as_array();
      if (array == nullptr) return std::nullopt;
      std::string joined;
      for (const toml::node& item : *array) {
        const auto one = item.value_exact<std::string>();
        if (!one || one->contains(',')) return std::nullopt;
        joined += (joined.empty() ? "" : ",") + *one;
      }
      return joined;
    }
  }
  return std::nullopt;
}

using Values = std::map<std::string, std::string, std::less<>>;

Result<void> read_table(const toml::table& from, const std::string& prefix, const std::string& file, Values& into) {
  for (const auto& [name, node] : from) {
    const std::string key = prefix + std::string(name.str());
    const std::string where = fmt::format("{}:{}", file, node.source().begin.line);
    const Setting* setting = find(key);
    if (setting == nullptr) {
      if (const toml::table* inner = node.as_table()) {
        if (auto ok = read_table(*inner, key + ".", file, into); !ok) return ok;
        continue;
      }
      return invalid(where, key, "no such setting");
    }
    if (key == only_a_flag) return invalid(where, key, "only as a flag");
    const auto value = value_of(*setting, node);
    if (!value) return invalid(where, key, "a value of the wrong type");
    if (const auto why = problem_of(*setting, *value)) return invalid(where, key, *why);
    into[key] = *value;
  }
  return {};
}

Result<void> overlay(const std::map<std::string, std::string>& from, const auto& name_of, Values& into) {
  for (const auto& [key, value] : from) {
    const Setting* setting = find(key);
    if (setting == nullptr) return invalid(name_of(key), key, "no such setting");
    if (const auto why = problem_of(*setting, value)) return invalid(name_of(key), key, *why);
    into[key] = value;
  }
  return {};
}

}  // namespace

std::span<const Setting> settings() { return table; }

std::string flag_of(std::string_view key) {
  std::string flag = "--" + std::string(key);
  for (char& c : flag)
    if (c == '.' || c == '_') c = '-';
  return flag;
}

std::string environment_of(std::string_view key) {
  std::string name = "MINIOPS_" + std::string(key);
  for (char& c : name) c = c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::map<std::string, std::string> settings_from_environment() {
  std::map<std::string, std::string> found;
  for (const Setting& setting : table)
    if (const char* value = std::getenv(environment_of(setting.key).c_str())) found.emplace(setting.key, value);
  return found;
}

Result<Config> Config::load(const std::filesystem::path& file, const std::map<std::string, std::string>& flags,
                            const std::map<std::string, std::string>& environment) {
  Config config;
  for (const Setting& setting : table) config.values_[std::string(setting.key)] = std::string(setting.fallback);
  if (!file.empty()) {
    const toml::parse_result parsed = toml::parse_file(file.string());
    if (!parsed) {
      const auto& error = parsed.error();
      return fail(ErrorKind::invalid, "app.config_invalid",
                  fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description()));
    }
    if (auto ok = read_table(parsed.table(), "", file.string(), config.values_); !ok)
      return std::unexpected(ok.error());
  }
  if (environment.contains(std::string(only_a_flag)))
    return invalid(environment_of(only_a_flag), only_a_flag, "only as a flag");
  if (auto ok = overlay(environment, environment_of, config.values_); !ok) return std::unexpected(ok.error());
  if (auto ok = overlay(flags, flag_of, config.values_); !ok) return std::unexpected(ok.error());
  return config;
}

const std::string& Config::text(std::string_view key) const { return values_.find(key)->second; }

std::int64_t Config::integer(std::string_view key) const {
  const std::string& value = text(key);
  std::int64_t number = 0;
  std::from_chars(value.data(), value.data() + value.size(), number);
  return number;
}

bool Config::boolean(std::string_view key) const { return text(key) == "true"; }

std::vector<std::string> Config::list(std::string_view key) const {
  std::vector<std::string> out;
  std::string_view rest = text(key);
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    if (const auto item = rest.substr(0, comma); !item.empty()) out.emplace_back(item);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  return out;
}

Result<Listen> parse_listen(std::string_view text) {
  const auto bad = [&] {
    return fail(ErrorKind::invalid, "app.config_invalid", fmt::format("'{}' is no address:port", text));
  };
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad();
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty()) host = "0.0.0.0";
  const std::string_view digits = text.substr(colon + 1);
  Listen listen{std::string(host), 0};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), listen.port);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return bad();
  return listen;
}

}  // namespace miniops::app
