#include "sandbox/platform_api.hpp"

#include "sandbox/record_json.hpp"
#include "sandbox/wait.hpp"

namespace miniops::sandbox {

namespace {

// Above WeChat's own limits, so that a file that is too large gets WeChat's error and not the server's.
constexpr std::size_t body_bytes_max = 12 << 20;
constexpr std::size_t token_length_min = 32;

using Milliseconds = std::chrono::milliseconds;

bool looks_like_token(std::string_view token) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return token.size() >= token_length_min && token.find_first_not_of(alphabet) == std::string_view::npos;
}

// Whose token it is, and 0 or why it is not good.
std::pair<App*, int> app_of_token(World::Apps& apps, const std::optional<std::string>& token, TimeMs now) {
  if (!token || token->empty()) return {nullptr, 41001};
  for (auto& [appid, app] : apps) {
    switch (app.tokens.check(*token, now)) {
      case TokenState::valid:
        return {&app, 0};
      case TokenState::expired:
        return {&app, 42001};
      case TokenState::superseded:
        return {&app, 40001};
      case TokenState::unknown:
        break;
    }
  }
  return {nullptr, looks_like_token(*token) ? 40001 : 40014};
}

std::string fault_words(const Fault& fault) { return json::serialize(fault_json(fault)); }

}  // namespace

void PlatformApi::mount(net::Router& router) {
  for (const ApiSpec& spec : api_specs()) {
    // Both methods: WeChat answers the wrong one with 43001 or 43002.
    for (const net::Method method : {net::Method::get, net::Method::post}) {
      net::RouteInfo info{method, std::string(spec.path), "sandbox", "", body_bytes_max, "sandbox_api"};
      router.add(std::move(info), [this, &spec](net::Request& request) { return answer(spec, request); });
    }
  }
}

PlatformApi::Opened PlatformApi::open(const ApiSpec& spec, const net::Request& request) {
  Opened opened;
  const TimeMs now = world_.clock.now();
  if (spec.body == ApiSpec::Body::json && !request.body.empty()) {
    auto parsed = parse_json(request.body);
    if (parsed && parsed->is_object()) {
      opened.body = std::move(parsed->get_object());
    } else {
      opened.errcode = 47001;
    }
  }
  if (spec.body == ApiSpec::Body::json && request.body.empty()) opened.errcode = 44002;
  world_.locked([&](World::Apps& apps) {
    App* app = nullptr;
    if (spec.needs_token) {
      const auto [owner, errcode] = app_of_token(apps, request.query_value("access_token"), now);
      app = owner;
      if (errcode != 0) opened.errcode = errcode;
    } else {
      const std::string appid = spec.post ? std::string(text_of(opened.body, "appid").value_or(""))
                                          : request.query_value("appid").value_or("");
      const auto found = apps.find(appid);
      if (found != apps.end()) app = &found->second;
    }
    if (app == nullptr) return;
    opened.appid = app->config.appid;
    opened.fault = app->faults.draw(spec.name, world_.random);
  });
  const bool right_method = request.method == (spec.post ? net::Method::post : net::Method::get);
  if (!right_method) opened.errcode = spec.post ? 43002 : 43001;
  return opened;
}

ApiAnswer PlatformApi::perform(const ApiSpec& spec, const net::Request& request, Opened& opened) {
  std::optional<json::object> shown;
  ApiAnswer answer = world_.locked([&](World::Apps& apps) -> ApiAnswer {
    const auto owner = apps.find(opened.appid);
    App* app = owner == apps.end() ? nullptr : &owner->second;
    ApiInput in{world_, apps, app, request, world_.clock.now(), std::move(opened.body)};
    if (spec.needs_token) {
      if (app == nullptr) return refuse(40001);
      if (std::ranges::count(app->unauthorized_apis, spec.name) > 0) return refuse(48001);
      if (const int over = app->quotas.take(spec.name, in.now); over != 0)
        return refuse(over == 45011 ? spec.minute_errcode : over);
    }
    ApiAnswer given = spec.answer(in);
    if (given.delivered != nullptr) shown = bubble_json(*given.delivered);
    given.delivered = nullptr;
    return given;
  });
  if (shown) {
    json::object data{{"openid", answer.openid}};
    data["message"] = std::move(*shown);
    feed_.tell("message", opened.appid, std::move(data));
  } else if (!answer.openid.empty()) {
    feed_.tell("typing", opened.appid, {{"openid", answer.openid}, {"on", answer.typing}});
  }
  return answer;
}

net::Response PlatformApi::respond(const ApiAnswer& answer, const std::string& rid) const {
  if (answer.errcode == 0 && !answer.content_type.empty()) {
    net::Response response = net::Response::bytes(answer.bytes, answer.content_type);
    response.headers.set("Content-disposition", "attachment; filename=\"" + answer.filename + "\"");
    return response;
  }
  if (answer.errcode == 0 && !answer.body.empty()) return net::Response::json(answer.body);
  std::string text = answer.errmsg.empty() ? std::string(errmsg_of(answer.errcode)) : answer.errmsg;
  if (answer.errcode != 0) text += " rid: " + rid;
  const json::object body{{"errcode", answer.errcode}, {"errmsg", text}};
  return net::Response::json(body);
}

void PlatformApi::record(CallRecord call) {
  const std::string appid = call.appid;
  const json::object shown = world_.locked([&](World::Apps& apps) {
    const auto found = apps.find(appid);
    if (found == apps.end()) return call_json(call);
    call.seq = found->second.calls.total() + 1;
    return call_json(found->second.calls.add(std::move(call)));
  });
  feed_.tell("call", appid, shown);
}

Task<net::Response> PlatformApi::answer(const ApiSpec& spec, net::Request& request) {
  const auto started = std::chrono::steady_clock::now();
  Opened opened = open(spec, request);
  CallRecord call{.at = world_.clock.now(), .appid = opened.appid, .api = std::string(spec.name)};
  call.rid = random_rid(world_.random, call.at);
  call.method = std::string(net::to_string(request.method));
  call.query = masked_query(request.query);
  call.body = masked_body(request.headers.get("content-type").value_or(""), request.body);
  call.remote_address = request.remote_address;

  const std::optional<Fault> fault = opened.fault;
  if (fault) call.fault = fault_words(*fault);
  if (fault && fault->delay_ms > 0) co_await wait_ms(fault->delay_ms);

  net::Response response;
  if (fault && fault->disconnect == Fault::Disconnect::before) {
    call.disconnected = true;
  } else if (fault && fault->status != 0) {
    response = net::Response::text(fault->answer, fault->status);
  } else {
    ApiAnswer given;
    if (fault && fault->errcode) {
      given = refuse(*fault->errcode, fault->errmsg);
    } else {
      given = opened.errcode != 0 ? refuse(opened.errcode) : perform(spec, request, opened);
    }
    call.errcode = given.errcode;
    response = respond(given, call.rid);
    call.disconnected = fault && fault->disconnect == Fault::Disconnect::after;
  }
  const std::string_view type = response.headers.get("content-type").value_or("");
  call.status = response.status;
  call.answer = masked_body(type, response.body);
  call.ms = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - started).count();
  const bool disconnected = call.disconnected;
  record(std::move(call));
  co_return disconnected ? net::Response::dropped() : std::move(response);
}

}  // namespace miniops::sandbox
