#include "sandbox/vendors.hpp"

#include "sandbox/vendors_json.hpp"
#include "sandbox/wait.hpp"

namespace miniops::sandbox {

namespace {

std::optional<json::object> body_of(const net::Request& request) {
  auto parsed = parse_json(request.body);
  if (!parsed || !parsed->is_object()) return std::nullopt;
  return std::move(parsed->as_object());
}

std::string value_of(const net::Request& request, std::string_view name) {
  return request.query_value(name).value_or("");
}

}  // namespace

void Vendors::mount(net::Router& router) {
  const auto add = [&](net::Method method, std::string path, std::string_view api, Act act) {
    router.add({method, std::move(path), "sandbox", ""},
               [this, api, act](net::Request& request) { return answer(api, act, request); });
  };
  add(net::Method::post, "/cgi-bin/webhook/send", "webhook/send", &Vendors::robot_send);
  add(net::Method::get, "/cgi-bin/gettoken", "gettoken", &Vendors::give_token);
  add(net::Method::post, "/cgi-bin/message/send", "message/send", &Vendors::app_send);
  add(net::Method::post, "/", "SendSms", &Vendors::send_sms);
  mount_control(router);
}

// As with WeChat's API: what was cut off "after" has had its effect.
Vendors::Answer Vendors::answer(std::string_view api, Act act, net::Request& request) {
  std::optional<Fault> fault;
  {
    const std::lock_guard lock(mutex_);
    fault = faults_.draw(api, world_.random);
  }
  if (fault && fault->delay_ms > 0) co_await wait_ms(fault->delay_ms);
  if (fault && fault->disconnect == Fault::Disconnect::before) co_return net::Response::dropped();
  if (fault && fault->status != 0) co_return net::Response::text(fault->answer, fault->status);
  if (fault && fault->errcode) co_return net::Response::json(wecom_error(*fault->errcode, fault->errmsg));
  json::object given;
  {
    const std::lock_guard lock(mutex_);
    given = (this->*act)(request);
  }
  if (fault && fault->disconnect == Fault::Disconnect::after) co_return net::Response::dropped();
  co_return net::Response::json(given);
}

json::object Vendors::robot_send(const net::Request& request) {
  const std::string key = value_of(request, "key");
  const auto body = body_of(request);
  WecomAnswer given = wecom_.robot_send(key, body ? &*body : nullptr, world_.clock.now());
  if (given.shown != nullptr) {
    json::object data{{"key", key}};
    data["message"] = message_json(*given.shown);
    feed_.tell("robot", "", std::move(data));
  }
  return std::move(given.body);
}

json::object Vendors::give_token(const net::Request& request) {
  return wecom_
      .give_token(value_of(request, "corpid"), value_of(request, "corpsecret"), world_.clock.now(), world_.random)
      .body;
}

json::object Vendors::app_send(const net::Request& request) {
  const auto body = body_of(request);
  return wecom_.app_send(value_of(request, "access_token"), body ? &*body : nullptr, world_.clock.now()).body;
}

json::object Vendors::send_sms(const net::Request& request) {
  return sms_.send(request, world_.clock.now(), random_rid(world_.random, world_.clock.now()));
}

}  // namespace miniops::sandbox
