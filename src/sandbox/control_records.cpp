// /sandbox/apps/{appid}/pushes, /calls, /faults, and /sandbox/live: what happened, and what shall go wrong.
#include "sandbox/app_input.hpp"
#include "sandbox/control.hpp"
#include "sandbox/record_json.hpp"

namespace miniops::sandbox {

namespace {

// The items of a ring after number `after`, at most the `limit` newest when given; oldest first.
template <class T>
json::object list_after(const Ring<T>& ring, const net::Request& request, json::object (*show)(const T&)) {
  const auto number = [&](std::string_view name) {
    return static_cast<std::uint64_t>(parse_id(request.query_value(name).value_or("")).value_or(0));
  };
  const std::uint64_t after = number("after");
  const std::uint64_t limit = number("limit");
  const std::uint64_t newest_from = limit == 0 || limit > ring.total() ? 0 : ring.total() - limit + 1;
  json::array items;
  std::uint64_t at = ring.first();
  for (const T& item : ring.items()) {
    if (at > after && at >= newest_from) items.push_back(show(item));
    ++at;
  }
  json::object answer{{"total", ring.total()}, {"dropped", ring.first() - 1}};
  answer["items"] = std::move(items);
  return answer;
}

}  // namespace

void Control::mount(net::Router& router) {
  mount_apps(router);
  mount_users(router);
  mount_records(router);
}

void Control::mount_records(net::Router& router) {
  const auto add = [&](net::Method method, std::string pattern, Answer (Control::*handler)(net::Request&)) {
    router.add({method, std::move(pattern), "sandbox", ""},
               [this, handler](net::Request& request) { return (this->*handler)(request); });
  };
  add(net::Method::get, "/sandbox/apps/{appid}/pushes", &Control::list_pushes);
  add(net::Method::post, "/sandbox/apps/{appid}/pushes", &Control::push_raw);
  add(net::Method::get, "/sandbox/apps/{appid}/calls", &Control::list_calls);
  add(net::Method::get, "/sandbox/apps/{appid}/faults", &Control::list_faults);
  add(net::Method::post, "/sandbox/apps/{appid}/faults", &Control::add_fault);
  add(net::Method::del, "/sandbox/apps/{appid}/faults", &Control::clear_faults);
  router.add_websocket(
      {net::Method::get, "/sandbox/live", "sandbox", ""},
      [](net::Request&) -> Task<Result<void>> { co_return Result<void>(); },
      [this](net::Request&, net::WebSocket& socket) { return feed_.listen(socket); });
}

Control::Answer Control::list_pushes(net::Request& request) {
  const auto listed = world_.locked([&](World::Apps& apps) -> Result<json::object> {
    const auto app = find_app(apps, request.param("appid"));
    if (!app) return std::unexpected(app.error());
    return list_after((*app)->pushes, request, push_json);
  });
  co_return listed ? net::Response::json(*listed) : net::problem(listed.error(), request);
}

// {openid?, message | body, duplicate, reorder, bad_signature, old_key, as_is, delay_ms}: `message` is sealed as the
// app's mode says; with as_is its bytes are the body.
Control::Answer Control::push_raw(net::Request& request) {
  const auto body = net::json_body(request);
  if (!body) co_return net::problem(body.error(), request);
  JsonInput in(*body);
  const std::string message = in.text("body", {0, 2'000'000});
  const std::string openid = in.optional_text("openid", {0, 64}).value_or("oSandboxRawPush");
  const PushSwitches switches = read_push_switches(in);
  if (const auto ok = in.finish(); !ok) co_return net::problem(ok.error(), request);
  const std::string& appid = request.param("appid");
  auto prepared = world_.locked([&](World::Apps& apps) -> Result<PreparedPush> {
    const auto app = find_app(apps, appid);
    if (!app) return std::unexpected(app.error());
    return pusher_.prepare(**app, openid, "raw", message, switches);
  });
  if (!prepared) co_return net::problem(prepared.error(), request);
  const std::uint64_t id = prepared->id;
  if (request.query_value("wait").value_or("true") != "false") {
    co_await pusher_.deliver(std::move(*prepared));
  } else {
    pusher_.deliver_later(std::move(*prepared));
  }
  const auto shown = world_.locked([&](World::Apps& apps) -> Result<json::object> {
    const auto app = find_app(apps, appid);
    if (!app) return std::unexpected(app.error());
    const PushRecord* push = (*app)->pushes.find(id);
    if (push == nullptr) {
      return fail(ErrorKind::conflict, "sandbox.no_push_url", "this mini program has no push address");
    }
    return push_json(*push);
  });
  co_return shown ? net::Response::json(*shown, 201) : net::problem(shown.error(), request);
}

Control::Answer Control::list_calls(net::Request& request) {
  const auto listed = world_.locked([&](World::Apps& apps) -> Result<json::object> {
    const auto app = find_app(apps, request.param("appid"));
    if (!app) return std::unexpected(app.error());
    return list_after((*app)->calls, request, call_json);
  });
  co_return listed ? net::Response::json(*listed) : net::problem(listed.error(), request);
}

Control::Answer Control::list_faults(net::Request& request) {
  const auto listed = world_.locked([&](World::Apps& apps) -> Result<json::array> {
    const auto app = find_app(apps, request.param("appid"));
    if (!app) return std::unexpected(app.error());
    json::array items;
    for (const Fault& fault : (*app)->faults.faults()) items.push_back(fault_json(fault));
    return items;
  });
  if (!listed) co_return net::problem(listed.error(), request);
  json::object answer;
  answer["items"] = *listed;
  co_return net::Response::json(answer);
}

Control::Answer Control::add_fault(net::Request& request) {
  const auto body = net::json_body(request);
  if (!body) co_return net::problem(body.error(), request);
  JsonInput in(*body);
  Fault fault = read_fault(in);
  if (const auto ok = in.finish(); !ok) co_return net::problem(ok.error(), request);
  const auto added = world_.locked([&](World::Apps& apps) -> Result<json::object> {
    const auto app = find_app(apps, request.param("appid"));
    if (!app) return std::unexpected(app.error());
    json::object shown = fault_json(fault);
    if (!(*app)->faults.add(std::move(fault))) {
      return fail(ErrorKind::too_many, "sandbox.too_many_faults", "clear the faults first");
    }
    return shown;
  });
  co_return added ? net::Response::json(*added, 201) : net::problem(added.error(), request);
}

Control::Answer Control::clear_faults(net::Request& request) {
  const auto cleared = world_.locked([&](World::Apps& apps) -> Result<void> {
    const auto app = find_app(apps, request.param("appid"));
    if (!app) return std::unexpected(app.error());
    (*app)->faults.clear();
    return {};
  });
  co_return cleared ? net::Response::no_content() : net::problem(cleared.error(), request);
}

}  // namespace miniops::sandbox
