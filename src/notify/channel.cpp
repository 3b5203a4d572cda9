#include "notify/channel.hpp"

namespace miniops::notify {

namespace {

constexpr std::array<std::string_view, 1> robot_secrets = {"key"};
constexpr std::array<std::string_view, 1> app_secrets = {"secret"};
constexpr std::array<std::string_view, 1> email_secrets = {"password"};
constexpr std::array<std::string_view, 1> sms_secrets = {"secret_key"};
constexpr std::array<std::string_view, 2> webhook_secrets = {"url", "signing_secret"};

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

SealedPlace place_of(const std::string& row) { return {"notify_channels", "secrets", row}; }

// "ops@example.com", or with how many others there are.
std::string first_of(const std::vector<std::string>& all) {
  if (all.empty()) return {};
  return all.size() == 1 ? all.front() : fmt::format("{} +{}", all.front(), all.size() - 1);
}

}  // namespace

Settings read_settings(std::string_view kind, JsonInput& in) {
  if (kind == "wecom_robot") return read_wecom_robot(in);
  if (kind == "wecom_app") return read_wecom_app(in);
  if (kind == "email") return read_email(in);
  if (kind == "tencent_sms") return read_tencent_sms(in);
  if (kind == "subscribe") return read_subscribe(in);
  return read_webhook(in);
}

Result<Settings> stored_settings(std::string_view kind, std::string_view text) {
  const auto parsed = parse_json(text);
  if (!parsed) return std::unexpected(parsed.error());
  JsonInput in(*parsed);
  Settings settings = read_settings(kind, in);
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  return settings;
}

json::object to_json(const Settings& settings) {
  return std::visit([](const auto& one) { return notify::to_json(one); }, settings);
}

std::span<const std::string_view> secret_names(const Settings& settings) {
  using Names = std::span<const std::string_view>;
  return std::visit(
      Overloaded{[](const WecomRobot&) { return Names(robot_secrets); },
                 [](const WecomApp&) { return Names(app_secrets); }, [](const Email&) { return Names(email_secrets); },
                 [](const TencentSms&) { return Names(sms_secrets); }, [](const Subscribe&) { return Names(); },
                 [](const Webhook&) { return Names(webhook_secrets); }},
      settings);
}

std::optional<std::string> wrong_secret(std::string_view name, std::string_view value) {
  const bool control = std::ranges::any_of(value, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (control) return "must hold no control characters";
  if (name == "key" && robot_key_of(value).empty()) return "must be the robot's key or its webhook address";
  if (name == "url" && !is_webhook_url(value)) return "must be an http or https address without user and fragment";
  if (name == "signing_secret" && !signing_key(value)) return "must be whsec_ and the base64 of 24 to 64 bytes";
  return std::nullopt;
}

std::string missing_secret(const Settings& settings, const std::vector<std::string>& set) {
  const auto* email = std::get_if<Email>(&settings);
  if (email != nullptr && email->username.empty()) return {};
  for (const std::string_view name : secret_names(settings))
    if (std::ranges::find(set, name) == set.end()) return std::string(name);
  return {};
}

std::string seal_secrets(const Sealer& sealer, ChannelId id, const Secrets& secrets) {
  json::object object;
  for (const auto& [name, value] : secrets) object[name] = value;
  return sealer.seal(json::serialize(object), place_of(id.str()));
}

Result<Secrets> open_secrets(const Sealer& sealer, const Channel& channel) {
  const auto opened = sealer.open(channel.sealed, place_of(channel.id.str()));
  if (!opened) return std::unexpected(opened.error());
  const auto parsed = parse_json(*opened);
  if (!parsed) return std::unexpected(parsed.error());
  Secrets secrets;
  for (const auto& [name, value] : parsed->as_object()) secrets.emplace(name, std::string(value.as_string()));
  return secrets;
}

Pace pace_of(const Settings& settings) {
  return std::visit(
      Overloaded{// WeCom takes 20, in a window that drifts against ours
                 [](const WecomRobot&) { return Pace{19, 20}; },
                 [](const WecomApp&) { return Pace{25, 30}; },  // beyond 30 it drops silently
                 [](const TencentSms&) { return Pace{6, 60}; }, [](const auto&) { return Pace{30, 600}; }},
      settings);
}

bool repeat_is_harmless(const Settings& settings) {
  return !std::holds_alternative<TencentSms>(settings) && !std::holds_alternative<Subscribe>(settings);
}

std::string target_of(const Settings& settings, const Secrets& secrets) {
  return std::visit(Overloaded{[](const WecomRobot&) { return std::string("qyapi.weixin.qq.com"); },
                               [](const WecomApp& app) {
                                 return app.touser.empty() ? first_of(app.toparty.empty() ? app.totag : app.toparty)
                                                           : first_of(app.touser);
                               },
                               [](const Email& email) { return first_of(email.to); },
                               [](const TencentSms& sms) { return first_of(sms.phones); },
                               [](const Subscribe& subscribe) { return subscribe.openid; },
                               [&](const Webhook&) {
                                 const auto url = secrets.find("url");
                                 return url == secrets.end() ? std::string() : origin_of(url->second);
                               }},
                    settings);
}

}  // namespace miniops::notify
