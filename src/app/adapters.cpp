#include "app/adapters.hpp"

#include "base/wait.hpp"
#include "live/change_log.hpp"
#include "notify/consents.hpp"
#include "wechat/message.hpp"

namespace miniops::app {

namespace {

// Best effort: a typing indicator that does not get through is nobody's loss.
Task<void> send_typing(gateway::Gateway& gateway, AppId appid, OpenId openid, wechat::Typing typing) {
  co_await gateway.typing(std::move(appid), std::move(openid), typing);
}

class Consents final : public gateway::TransactionalConsumer {
 public:
  std::string_view name() const override { return "consents"; }
  Result<void> apply(sql::Transaction& tx, const gateway::JournalEntry& entry, TimeMs now) override {
    // Most pushes are messages: look before parsing.
    if (!entry.clear().contains("subscribe_msg_")) return {};
    const auto message = wechat::parse_message(entry.format, entry.clear());
    if (!message) return {};  // the desk's consumer tells of what cannot be read
    if (const auto* event = std::get_if<wechat::SubscribeEvent>(&message->content))
      notify::note_consents(tx, entry.appid, entry.openid, *event, now);
    return {};
  }
};

}  // namespace

std::unique_ptr<gateway::TransactionalConsumer> make_consents_consumer() { return std::make_unique<Consents>(); }

void GatewayTyping::typing(const AppId& appid, const OpenId& openid, bool typing) {
  io_.spawn("typing", send_typing(gateway_, appid, openid, typing ? wechat::Typing::start : wechat::Typing::stop));
}

void LiveBroadcaster::broadcast(const AppId& appid, boost::json::object message, live::Audience audience) {
  live_.hub().broadcast(appid, identity::Permission::desk_read, message, audience);
}

void LiveBroadcaster::changed(const AppId&) { live_.wake(); }

Task<notify::SubscribeSender::Answer> GatewaySubscribe::send(AppId appid, wechat::ApiCall call) {
  const gateway::CallOutcome outcome = co_await gateway_.call(std::move(appid), std::move(call));
  switch (outcome.kind) {
    case gateway::CallOutcome::Kind::answered:
      co_return Answer{Answer::Kind::answered, outcome.errcode, outcome.errmsg};
    case gateway::CallOutcome::Kind::not_sent:
      co_return Answer{Answer::Kind::not_sent, 0, outcome.error.message};
    case gateway::CallOutcome::Kind::uncertain:
      co_return Answer{Answer::Kind::uncertain, 0, outcome.error.message};
  }
  std::unreachable();
}

Task<content_check::WeChat::Reply> GatewaySecurity::call(AppId appid, wechat::ApiCall call) {
  gateway::CallOutcome outcome = co_await gateway_.call(std::move(appid), std::move(call));
  if (outcome.kind != gateway::CallOutcome::Kind::answered) co_return Reply{};
  co_return Reply{true, outcome.response.status, std::move(outcome.response.body)};
}

Task<official::Platform::Answer> GatewayOperations::call(AppId appid, wechat::ApiCall call) {
  gateway::CallOutcome outcome = co_await gateway_.call(std::move(appid), std::move(call));
  switch (outcome.kind) {
    case gateway::CallOutcome::Kind::answered:
      co_return Answer{.kind = Answer::Kind::answered,
                       .errcode = outcome.errcode,
                       .text = outcome.errmsg,
                       .body = std::move(outcome.response.body)};
    case gateway::CallOutcome::Kind::not_sent:
      co_return Answer{.kind = Answer::Kind::not_sent, .text = outcome.error.message, .retry_at = outcome.retry_at};
    case gateway::CallOutcome::Kind::uncertain:
      co_return Answer{.kind = Answer::Kind::uncertain, .text = outcome.error.message};
  }
  std::unreachable();
}

void LiveTeams::changed(sql::Transaction& tx, const AppId& appid, teams::Part part, TimeMs now) {
  live::append_change(tx, ids_.next(), now, {appid, "teams", identity::Permission::desk_read, {{"part", word(part)}}});
}

Result<std::int64_t> OfficialKeeper::forget(const AppId& appid, std::string_view id_kind, const std::string& id) {
  if (id_kind != "openid") return 0;
  return wait(official_.forget(appid, id));
}

Task<std::vector<reports::Program>> reported_programs(gateway::Gateway& gateway) {
  std::vector<reports::Program> out;
  for (const auto& program : co_await gateway.mini_programs().all()) out.push_back({program->appid, program->name});
  co_return out;
}

}  // namespace miniops::app
