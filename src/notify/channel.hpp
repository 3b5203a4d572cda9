// A channel 通知渠道: how people of one mini program are reached, as it was configured.
#pragma once

#include "base/seal.hpp"
#include "notify/channels/mail.hpp"
#include "notify/channels/subscribe.hpp"
#include "notify/channels/tencent_sms.hpp"
#include "notify/channels/webhook.hpp"
#include "notify/channels/wecom.hpp"

namespace miniops::notify {

using Settings = std::variant<WecomRobot, WecomApp, Email, TencentSms, Subscribe, Webhook>;
// The kind's name, in the order of Settings.
inline constexpr std::array<std::string_view, 6> kind_names = {"wecom_robot", "wecom_app", "email",
                                                               "tencent_sms", "subscribe", "webhook"};
inline std::string_view kind_of(const Settings& settings) { return kind_names.at(settings.index()); }

using Secrets = std::map<std::string, std::string>;  // by name, as the kind has them

struct Channel {
  ChannelId id;
  AppId appid;
  std::string name;
  bool enabled = true;
  std::string language = "zh";
  std::int64_t per_minute = 0;
  Settings settings;
  std::string sealed{};                     // the secrets, as they are stored
  std::vector<std::string> secret_names{};  // which are set
  std::string target{};                     // where it goes, for people
  TimeMs created_at = 0, updated_at = 0;
};

// What people see of its life.
struct Health {
  bool broken = false;
  TimeMs last_success_at = 0, last_failure_at = 0;
  std::string reason{}, detail{};  // of the last failure
  std::int64_t waiting = 0;
};

// Reads the settings of a kind; mistakes are in `in`.
Settings read_settings(std::string_view kind, JsonInput& in);
// As they were stored. A value that is none any more fails with request.invalid.
Result<Settings> stored_settings(std::string_view kind, std::string_view text);
json::object to_json(const Settings& settings);

// The names of the secrets that a kind has, and whether `value` may be one.
std::span<const std::string_view> secret_names(const Settings& settings);
std::optional<std::string> wrong_secret(std::string_view name, std::string_view value);
// What must be set before anything can be sent; empty: nothing is missing.
std::string missing_secret(const Settings& settings, const std::vector<std::string>& set);

std::string seal_secrets(const Sealer& sealer, ChannelId id, const Secrets& secrets);
Result<Secrets> open_secrets(const Sealer& sealer, const Channel& channel);

// Messages a minute: by default, and at most.
struct Pace {
  std::int64_t usual, most;
};
Pace pace_of(const Settings& settings);
// Sending twice what may have arrived costs nothing: the other side recognises it, or people read it twice.
bool repeat_is_harmless(const Settings& settings);
// What Channel::target shows: the first address, the origin of a webhook's url.
std::string target_of(const Settings& settings, const Secrets& secrets);

}  // namespace miniops::notify
