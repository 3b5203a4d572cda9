// /sandbox/robots, /sandbox/wecom-apps, /sandbox/sms, /sandbox/vendor-faults: who there is, what arrived, what shall go
// wrong.
#include "net/client.hpp"
#include "sandbox/app_input.hpp"
#include "sandbox/record_json.hpp"
#include "sandbox/vendors.hpp"
#include "sandbox/vendors_json.hpp"

namespace miniops::sandbox {

namespace {

template <class T>
json::array texts(const T& all) {
  return json::array(all.begin(), all.end());
}

template <class T>
json::object listed(const Ring<T>& ring, json::object (*show)(const T&)) {
  json::array items;
  for (const T& item : ring.items()) items.push_back(show(item));
  json::object answer{{"total", ring.total()}};
  answer["items"] = std::move(items);
  return answer;
}

const Error too_many{"sandbox.too_many_vendors", "the sandbox is bounded; use those that are there",
                     ErrorKind::too_many};
const Error unknown{"sandbox.unknown_robot", "no such robot", ErrorKind::not_found};

}  // namespace

json::object message_json(const WecomMessage& message) {
  json::object object{{"seq", message.seq}, {"at", message.at}, {"msgtype", message.msgtype}};
  object[message.msgtype] = message.content;
  if (!message.to.empty()) object["to"] = texts(message.to);
  return object;
}

// Whoever has the key may post: it is shown in full to whoever drives the sandbox, who has made it up.
json::object robot_json(const Robot& robot) {
  return {
      {"key", robot.key}, {"name", robot.name}, {"per_minute", robot.per_minute}, {"messages", robot.messages.total()}};
}

json::object wecom_app_json(const WecomApp& app) {
  json::object object{{"corpid", app.corpid}, {"agentid", app.agentid}, {"users", texts(app.users)}};
  object["messages"] = listed(app.messages, message_json);
  return object;
}

json::object sms_json(const SmsMessage& message) {
  return {{"seq", message.seq},
          {"at", message.at},
          {"phone", message.phone},
          {"sign_name", message.sign_name},
          {"template_id", message.template_id},
          {"parameters", texts(message.parameters)},
          {"session", message.session}};
}

void Vendors::mount_control(net::Router& router) {
  const auto add = [&](net::Method method, std::string pattern, Answer (Vendors::*handler)(net::Request&)) {
    router.add({method, std::move(pattern), "sandbox", ""},
               [this, handler](net::Request& request) { return (this->*handler)(request); });
  };
  add(net::Method::get, "/sandbox/robots", &Vendors::list_robots);
  add(net::Method::post, "/sandbox/robots", &Vendors::put_robot);
  add(net::Method::del, "/sandbox/robots/{key}", &Vendors::remove_robot);
  add(net::Method::get, "/sandbox/robots/{key}/messages", &Vendors::robot_messages);
  add(net::Method::get, "/sandbox/wecom-apps", &Vendors::list_wecom_apps);
  add(net::Method::post, "/sandbox/wecom-apps", &Vendors::put_wecom_app);
  add(net::Method::post, "/sandbox/wecom-apps/end-tokens", &Vendors::end_tokens);
  add(net::Method::get, "/sandbox/sms", &Vendors::list_sms);
  add(net::Method::post, "/sandbox/sms", &Vendors::put_sms_account);
  add(net::Method::get, "/sandbox/vendor-faults", &Vendors::list_faults);
  add(net::Method::post, "/sandbox/vendor-faults", &Vendors::add_fault);
  add(net::Method::del, "/sandbox/vendor-faults", &Vendors::clear_faults);
}

Vendors::Answer Vendors::list_robots(net::Request&) {
  json::array items;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, robot] : wecom_.robots()) items.push_back(robot_json(robot));
  }
  json::object answer;
  answer["items"] = std::move(items);
  co_return net::Response::json(answer);
}

// A known key is changed, so that a script can be run again; without one it is made up.
Vendors::Answer Vendors::put_robot(net::Request& request) {
  const auto body = net::json_body(request);
  if (!body) co_return net::problem(body.error(), request);
  JsonInput in(*body);
  auto key = in.optional_text("key", {1, 64});
  const auto name = in.optional_text("name", {1, 64});
  const auto per_minute = in.optional_integer("per_minute", 0, 100'000);
  if (const auto ok = in.finish(); !ok) co_return net::problem(ok.error(), request);
  if (!key) key = random_rid(world_.random, world_.clock.now());
  std::optional<json::object> shown;
  {
    const std::lock_guard lock(mutex_);
    if (Robot* robot = wecom_.put_robot(*key)) {
      if (name) robot->name = *name;
      if (per_minute) robot->per_minute = *per_minute;
      shown = robot_json(*robot);
    }
  }
  if (!shown) co_return net::problem(too_many, request);
  feed_.tell("robot", "", {{"key", *key}, {"robot", *shown}});
  co_return net::Response::json(*shown, 201);
}

Vendors::Answer Vendors::remove_robot(net::Request& request) {
  bool gone = false;
  {
    const std::lock_guard lock(mutex_);
    gone = wecom_.remove_robot(request.param("key"));
  }
  if (!gone) co_return net::problem(unknown, request);
  feed_.tell("robot", "", {{"key", request.param("key")}, {"robot", nullptr}});
  co_return net::Response::no_content();
}

Vendors::Answer Vendors::robot_messages(net::Request& request) {
  std::optional<json::object> shown;
  {
    const std::lock_guard lock(mutex_);
    if (const Robot* robot = wecom_.robot(request.param("key"))) shown = listed(robot->messages, message_json);
  }
  co_return shown ? net::Response::json(*shown) : net::problem(unknown, request);
}

Vendors::Answer Vendors::list_wecom_apps(net::Request&) {
  json::array items;
  {
    const std::lock_guard lock(mutex_);
    for (const WecomApp& app : wecom_.apps()) items.push_back(wecom_app_json(app));
  }
  json::object answer;
  answer["items"] = std::move(items);
  co_return net::Response::json(answer);
}

Vendors::Answer Vendors::put_wecom_app(net::Request& request) {
  const auto body = net::json_body(request);
  if (!body) co_return net::problem(body.error(), request);
  JsonInput in(*body);
  const std::string corpid = in.text("corpid", {1, 64});
  const std::string secret = in.text("secret", {1, 128});
  const std::int64_t agentid = in.integer("agentid", 1, 4'000'000'000);
  const auto users = in.optional_texts("users", 1000, {1, 64});
  if (const auto ok = in.finish(); !ok) co_return net::problem(ok.error(), request);
  std::optional<json::object> shown;
  {
    const std::lock_guard lock(mutex_);
    if (WecomApp* app = wecom_.put_app(corpid, agentid)) {
      app->secret = secret;
      app->users = {users.begin(), users.end()};
      shown = wecom_app_json(*app);
    }
  }
  co_return shown ? net::Response::json(*shown, 201) : net::problem(too_many, request);
}

Vendors::Answer Vendors::end_tokens(net::Request&) {
  const std::lock_guard lock(mutex_);
  wecom_.end_tokens();
  co_return net::Response::no_content();
}

Vendors::Answer Vendors::put_sms_account(net::Request& request) {
  const auto body = net::json_body(request);
  if (!body) co_return net::problem(body.error(), request);
  JsonInput in(*body);
  SmsAccount account{in.text("secret_id", {1, 64}), in.text("secret_key", {1, 128}), in.text("sdk_app_id", {1, 32}),
                     in.text("sign_name", {1, 32}), in.text("template_id", {1, 32})};
  account.variables = in.optional_integer("variables", 0, 20).value_or(0);
  if (const auto ok = in.finish(); !ok) co_return net::problem(ok.error(), request);
  bool taken = false;
  {
    const std::lock_guard lock(mutex_);
    taken = sms_.put_account(std::move(account));
  }
  co_return taken ? net::Response::no_content() : net::problem(too_many, request);
}

Vendors::Answer Vendors::list_sms(net::Request&) {
  json::object answer;
  {
    const std::lock_guard lock(mutex_);
    answer = listed(sms_.messages(), sms_json);
  }
  co_return net::Response::json(answer);
}

Vendors::Answer Vendors::list_faults(net::Request&) {
  json::array items;
  {
    const std::lock_guard lock(mutex_);
    for (const Fault& fault : faults_.faults()) items.push_back(fault_json(fault));
  }
  json::object answer;
  answer["items"] = std::move(items);
  co_return net::Response::json(answer);
}

Vendors::Answer Vendors::add_fault(net::Request& request) {
  const auto body = net::json_body(request);
  if (!body) co_return net::problem(body.error(), request);
  JsonInput in(*body);
  Fault fault = read_fault(in);
  if (const auto ok = in.finish(); !ok) co_return net::problem(ok.error(), request);
  const json::object shown = fault_json(fault);
  bool added = false;
  {
    const std::lock_guard lock(mutex_);
    added = faults_.add(std::move(fault));
  }
  const Error full{"sandbox.too_many_faults", "clear the faults first", ErrorKind::too_many};
  co_return added ? net::Response::json(shown, 201) : net::problem(full, request);
}

Vendors::Answer Vendors::clear_faults(net::Request&) {
  const std::lock_guard lock(mutex_);
  faults_.clear();
  co_return net::Response::no_content();
}

}  // namespace miniops::sandbox
