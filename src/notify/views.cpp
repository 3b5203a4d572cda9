#include "notify/views.hpp"

#include "base/mask.hpp"

namespace miniops::notify {

namespace {

using identity::Permission;

json::value or_null(TimeMs at) { return at == 0 ? json::value(nullptr) : json::value(at); }

// Phones are seen by those who may enter them, and by those who may see personal data.
json::object settings_for(const Access& access, const Settings& settings) {
  json::object shown = to_json(settings);
  if (access.may(Permission::alerts_manage) || access.sees_personal_data()) return shown;
  for (const std::string_view key : {"phones", "mentioned_mobiles"})
    if (auto* phones = shown.if_contains(key))
      for (json::value& phone : phones->as_array()) phone = mask_personal_data(phone.as_string());
  return shown;
}

std::string_view state_of(const Health& health) {
  if (health.broken) return "broken";
  if (health.last_success_at == 0 && health.last_failure_at == 0) return "unused";
  return health.last_failure_at > health.last_success_at ? "failing" : "ok";
}

json::array shown(const std::vector<Step>& steps) {
  json::array list;
  for (const Step& step : steps) list.push_back({{"step", step.step}, {"ok", step.ok}, {"detail", step.detail}});
  return list;
}

json::object shown(const LoggedAttempt& attempt) {
  boost::system::error_code problem;
  json::value steps = json::parse(attempt.steps, problem);
  if (problem) steps = json::array();
  return {{"attempt", attempt.attempt}, {"at", attempt.at},         {"ended_at", or_null(attempt.ended_at)},
          {"state", attempt.state},     {"reason", attempt.reason}, {"detail", attempt.detail},
          {"steps", std::move(steps)}};
}

}  // namespace

json::object shown(const ChannelView& view, const Access& access) {
  const Channel& channel = view.channel;
  const Health& health = view.health;
  json::object secrets;
  for (const std::string_view name : secret_names(channel.settings))
    secrets[name] = std::ranges::find(channel.secret_names, name) != channel.secret_names.end();
  json::object life{{"state", state_of(health)},
                    {"last_success_at", or_null(health.last_success_at)},
                    {"last_failure_at", or_null(health.last_failure_at)},
                    {"last_failure_reason", health.reason},
                    {"last_failure_detail", health.detail},
                    {"waiting", health.waiting}};
  const bool sees = access.may(Permission::alerts_manage) || access.sees_personal_data();
  return {
      {"id", channel.id.str()},
      {"name", channel.name},
      {"kind", kind_of(channel.settings)},
      {"enabled", channel.enabled},
      {"language", channel.language},
      {"per_minute", channel.per_minute},
      {"settings", settings_for(access, channel.settings)},
      {"secrets", std::move(secrets)},
      {"target", sees ? channel.target : mask_personal_data(channel.target)},
      {"remaining_consents", view.remaining_consents ? json::value(*view.remaining_consents) : json::value(nullptr)},
      {"health", std::move(life)},
      {"created_at", channel.created_at},
      {"updated_at", channel.updated_at}};
}

json::object shown(const TestReport& report) {
  const Outcome& outcome = report.attempted.outcome;
  const bool sent = outcome.kind == Outcome::Kind::sent;
  const bool uncertain = outcome.kind == Outcome::Kind::uncertain;
  return {{"sent", sent},
          {"state", sent        ? "sent"
                    : uncertain ? "uncertain"
                                : "failed"},
          {"reason", outcome.reason},
          {"detail", outcome.detail},
          {"ms", report.ms},
          {"steps", shown(report.attempted.steps)}};
}

json::object shown(const LoggedDelivery& logged) {
  const Delivery& delivery = logged.delivery;
  const Notification& notification = logged.notification;
  const auto name = [](const std::optional<std::string>& text) { return text ? json::value(*text) : json::value(); };
  return {{"id", delivery.id()},
          {"notification_id", delivery.notification.str()},
          {"position", delivery.position},
          {"channel_id", delivery.channel.str()},
          {"channel_name", name(logged.channel_name)},
          {"channel_kind", name(logged.channel_kind)},
          {"state", to_string(delivery.state)},
          {"reason", delivery.reason},
          {"detail", delivery.detail},
          {"attempts", delivery.attempts},
          {"possibly_repeated", delivery.possibly_repeated},
          {"in_digest", delivery.in_message > 1},
          {"subject", notification.subject},
          {"title", notification.title},
          {"severity", to_string(notification.severity)},
          {"resolved", notification.resolved},
          {"link", notification.link},
          {"at", notification.at},
          {"queued_at", delivery.queued_at},
          {"due_at", delivery.state == State::queued ? json::value(delivery.due_at) : json::value(nullptr)},
          {"finished_at", or_null(delivery.finished_at)}};
}

json::object shown(const DeliveryDetail& detail) {
  json::array history, chain;
  for (const LoggedAttempt& attempt : detail.history) history.push_back(shown(attempt));
  for (const LoggedDelivery& one : detail.chain) chain.push_back(shown(one));
  return {{"delivery", shown(detail.logged)},
          {"text", detail.logged.notification.text},
          {"markdown", detail.logged.notification.markdown},
          {"history", std::move(history)},
          {"chain", std::move(chain)}};
}

json::object shown(const Consent& consent) {
  return {{"openid", consent.openid.str()},
          {"template_id", consent.template_id},
          {"remaining", consent.remaining},
          {"spent", consent.spent},
          {"updated_at", consent.updated_at}};
}

}  // namespace miniops::notify
