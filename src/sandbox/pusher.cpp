#include "sandbox/pusher.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "sandbox/record_json.hpp"
#include "sandbox/wait.hpp"

namespace miniops::sandbox {

namespace {

constexpr std::size_t answer_bytes_kept = 4096;
constexpr std::string_view transfer = "transfer_customer_service";

net::ClientRequest push_request(const PushRecord& push, const PushPolicy& policy) {
  net::ClientRequest request;
  request.method = net::Method::post;
  request.url = push.url;
  request.headers.add("User-Agent", "Mozilla/4.0");
  request.headers.add("Accept", "*/*");
  request.headers.add("Pragma", "no-cache");
  request.headers.add("Content-Type", push.format == wechat::Format::xml ? "text/xml" : "application/json");
  request.body = push.body;
  request.total_timeout = std::chrono::milliseconds(policy.timeout_ms);
  request.connect_timeout = request.total_timeout;
  request.response_bytes_max = 1 << 20;
  return request;
}

std::vector<std::string> names_of(const PushSwitches& switches) {
  std::vector<std::string> names;
  if (switches.reorder) names.emplace_back("reorder");
  if (switches.bad_signature) names.emplace_back("bad_signature");
  if (switches.old_key) names.emplace_back("old_key");
  if (switches.as_is) names.emplace_back("as_is");
  return names;
}

std::string kept(std::string_view body) {
  if (!valid_utf8(body)) return fmt::format("({} bytes)", body.size());
  return truncate_chars(body, answer_bytes_kept);
}

}  // namespace

PreparedPush Pusher::prepare(App& app, std::string_view openid, std::string_view kind, std::string_view message,
                             const PushSwitches& wanted) {
  PreparedPush prepared{.appid = app.config.appid};
  if (app.config.push_url.empty()) return prepared;
  const PushSwitches switches = with_rates(wanted, app.push_faults, world_.random);
  const TimeMs now = world_.clock.now();
  SealedPush sealed = seal_push(app, openid, message, switches, now, world_.random);
  PushRecord record{.at = now, .openid = std::string(openid), .kind = std::string(kind)};
  record.mode = app.config.mode;
  record.format = app.config.format;
  record.url = with_query(app.config.push_url, sealed.query);
  record.message = std::string(message);
  record.body = std::move(sealed.body);
  record.switches = names_of(switches);
  for (int copy = 0; copy <= switches.duplicate; ++copy) {
    record.id = app.pushes.total() + 1;
    if (copy == 1) record.switches.emplace_back("duplicate");
    if (copy == 0) {
      prepared.id = record.id;
    } else {
      prepared.duplicates.push_back(record.id);
    }
    app.pushes.add(record);
  }
  prepared.hold_ms = switches.delay_ms;
  return prepared;
}

Task<void> Pusher::deliver(PreparedPush push) {
  if (push.id == 0) co_return;
  for (const std::uint64_t copy : push.duplicates) {
    io_.spawn("sandbox.push", deliver_one(push.appid, copy, push.hold_ms), next_thread_++);
  }
  co_await deliver_one(push.appid, push.id, push.hold_ms);
}

void Pusher::deliver_later(PreparedPush push) { io_.spawn("sandbox.push", deliver(std::move(push)), next_thread_++); }

Task<void> Pusher::deliver_one(std::string appid, std::uint64_t id, TimeMs hold_ms) {
  if (hold_ms > 0) co_await wait_ms(hold_ms);
  for (int tried = 1;; ++tried) {
    Attempt next;
    if (!load(appid, id, next)) co_return;
    PushTry result = co_await attempt(std::move(next.request));
    const bool answered = result.status == 200 || (result.status != 0 && !next.policy.retry_on_status);
    const bool last = answered || tried >= next.policy.tries;
    std::string reply = answered ? meaning_of_reply(next.config, result.body) : std::string();
    result.body = kept(result.body);
    const PushState state = answered ? PushState::delivered : (last ? PushState::failed : PushState::pending);
    note(appid, id, result, state, std::move(reply));
    if (last) co_return;
    co_await wait_ms(next.policy.retry_ms);
  }
}

Task<PushTry> Pusher::attempt(net::ClientRequest request) {
  PushTry result{.at = world_.clock.now()};
  const auto started = std::chrono::steady_clock::now();
  auto response = co_await client_.send(std::move(request));
  const auto took = std::chrono::steady_clock::now() - started;
  result.ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  if (response) {
    result.status = response->status;
    result.body = std::move(response->body);
  } else {
    result.error = response.error().what;
  }
  co_return result;
}

bool Pusher::load(const std::string& appid, std::uint64_t id, Attempt& attempt) {
  return world_.locked([&](World::Apps& apps) {
    const auto app = find_app(apps, appid);
    if (!app) return false;
    const PushRecord* push = (*app)->pushes.find(id);
    if (push == nullptr) return false;
    attempt = {push_request(*push, (*app)->push_policy), (*app)->config, (*app)->push_policy};
    return true;
  });
}

void Pusher::note(const std::string& appid, std::uint64_t id, const PushTry& result, PushState state,
                  std::string reply) {
  std::optional<json::object> shown, handed_over;
  std::string openid;
  world_.locked([&](World::Apps& apps) {
    const auto app = find_app(apps, appid);
    if (!app) return;
    PushRecord* push = (*app)->pushes.find(id);
    if (push == nullptr) return;
    push->tries.push_back(result);
    push->state = state;
    push->reply = std::move(reply);
    shown = push_json(*push);
    openid = push->openid;
    const auto user = find_user(**app, openid);
    if (push->reply == transfer && user) {
      Ring<Bubble>& bubbles = (*user)->bubbles;
      handed_over = bubble_json(bubbles.add({.seq = bubbles.total() + 1,
                                             .at = world_.clock.now(),
                                             .direction = Direction::note,
                                             .msgtype = std::string(transfer),
                                             .push_id = id}));
    }
  });
  if (shown) feed_.tell("push", appid, std::move(*shown));
  if (!handed_over) return;
  json::object data{{"openid", openid}};
  data["message"] = std::move(*handed_over);
  feed_.tell("message", appid, std::move(data));
}

Task<Result<json::object>> Pusher::verify(std::string appid) {
  const auto config = world_.locked([&](World::Apps& apps) -> Result<AppConfig> {
    const auto app = find_app(apps, appid);
    if (!app) return std::unexpected(app.error());
    return (*app)->config;
  });
  if (!config) co_return std::unexpected(config.error());
  const std::string timestamp = std::to_string(world_.clock.now() / second_ms);
  const std::string nonce = std::to_string(world_.random.below(1'000'000'000));
  const std::string echostr =
      std::to_string(1'000'000'000'000'000'000 + world_.random.below(1'000'000'000'000'000'000));
  net::ClientRequest request;
  request.url = with_query(config->push_url,
                           fmt::format("signature={}&echostr={}&timestamp={}&nonce={}",
                                       wechat::signature(config->token, timestamp, nonce), echostr, timestamp, nonce));
  request.headers.add("User-Agent", "Mozilla/4.0");
  request.total_timeout = std::chrono::milliseconds(5'000);
  PushTry result = co_await attempt(std::move(request));
  json::object object{{"ok", result.status == 200 && result.body == echostr}, {"status", result.status}};
  object["body"] = kept(result.body);
  object["ms"] = result.ms;
  object["error"] = result.error.empty() ? json::value(nullptr) : json::value(result.error);
  co_return object;
}

}  // namespace miniops::sandbox
