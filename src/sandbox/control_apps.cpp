// /sandbox/apps: mini programs, their settings, the check of the push address; /sandbox/clock.
#include "sandbox/app_input.hpp"
#include "sandbox/control.hpp"
#include "sandbox/record_json.hpp"

namespace miniops::sandbox {

namespace {

bool is_appid(std::string_view text) {
  constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  return !text.empty() && text.size() <= 32 && text.find_first_not_of(allowed) == std::string_view::npos;
}

Result<json::object> change_app(World& world, std::string_view appid, const std::vector<AppChange>& changes) {
  return world.locked([&](World::Apps& apps) -> Result<json::object> {
    const auto app = find_app(apps, appid);
    if (!app) return std::unexpected(app.error());
    if (auto ok = apply(**app, changes); !ok) return std::unexpected(ok.error());
    return app_json(**app);
  });
}

}  // namespace

void Control::mount_apps(net::Router& router) {
  const auto add = [&](net::Method method, std::string pattern, Answer (Control::*handler)(net::Request&)) {
    router.add({method, std::move(pattern), "sandbox", ""},
               [this, handler](net::Request& request) { return (this->*handler)(request); });
  };
  add(net::Method::get, "/sandbox/apps", &Control::list_apps);
  add(net::Method::post, "/sandbox/apps", &Control::put_app);
  add(net::Method::get, "/sandbox/apps/{appid}", &Control::get_app);
  add(net::Method::patch, "/sandbox/apps/{appid}", &Control::patch_app);
  add(net::Method::del, "/sandbox/apps/{appid}", &Control::delete_app);
  add(net::Method::post, "/sandbox/apps/{appid}/verify", &Control::verify);
  add(net::Method::get, "/sandbox/clock", &Control::get_clock);
  add(net::Method::post, "/sandbox/clock", &Control::move_clock);
}

Control::Answer Control::list_apps(net::Request&) {
  json::array items = world_.locked([](World::Apps& apps) {
    json::array all;
    for (const auto& [appid, app] : apps) all.push_back(app_json(app));
    return all;
  });
  json::object answer;
  answer["items"] = std::move(items);
  co_return net::Response::json(answer);
}

// A known appid is changed, so that a script can be run again.
Control::Answer Control::put_app(net::Request& request) {
  const auto body = net::json_body(request);
  if (!body) co_return net::problem(body.error(), request);
  JsonInput in(*body);
  const std::string appid = in.text("appid", {1, 32});
  const auto changes = read_config(in);
  if (!appid.empty() && !is_appid(appid)) in.mistake("appid", "must be up to 32 letters, digits and _");
  if (const auto ok = in.finish(); !ok) co_return net::problem(ok.error(), request);
  const auto made = world_.locked([&](World::Apps& apps) -> Result<json::object> {
    const auto known = apps.find(appid);
    if (known == apps.end() && apps.size() >= apps_max) {
      return fail(ErrorKind::too_many, "sandbox.too_many_apps", "there are too many mini programs");
    }
    App fresh;
    fresh.config.appid = appid;
    fresh.original_id = original_id_of(appid);
    App& app = known == apps.end() ? fresh : known->second;
    if (auto ok = apply(app, changes); !ok) return std::unexpected(ok.error());
    json::object shown = app_json(app);
    if (known == apps.end()) apps.emplace(appid, std::move(fresh));
    return shown;
  });
  if (!made) co_return net::problem(made.error(), request);
  feed_.tell("app", appid, *made);
  co_return net::Response::json(*made, 201);
}

Control::Answer Control::get_app(net::Request& request) {
  const auto shown = change_app(world_, request.param("appid"), {});
  co_return shown ? net::Response::json(*shown) : net::problem(shown.error(), request);
}

Control::Answer Control::patch_app(net::Request& request) {
  const auto body = net::json_body(request);
  if (!body) co_return net::problem(body.error(), request);
  JsonInput in(*body);
  auto changes = read_config(in);
  for (AppChange& one : read_switches(in)) changes.push_back(std::move(one));
  if (const auto ok = in.finish(); !ok) co_return net::problem(ok.error(), request);
  const auto shown = change_app(world_, request.param("appid"), changes);
  if (!shown) co_return net::problem(shown.error(), request);
  feed_.tell("app", request.param("appid"), *shown);
  co_return net::Response::json(*shown);
}

Control::Answer Control::delete_app(net::Request& request) {
  const auto gone = world_.locked([&](World::Apps& apps) { return apps.erase(request.param("appid")); });
  if (gone == 0) {
    const Error unknown{"sandbox.unknown_app", "no such mini program", ErrorKind::not_found};
    co_return net::problem(unknown, request);
  }
  co_return net::Response::no_content();
}

Control::Answer Control::verify(net::Request& request) {
  const auto verified = co_await pusher_.verify(request.param("appid"));
  co_return verified ? net::Response::json(*verified) : net::problem(verified.error(), request);
}

Control::Answer Control::get_clock(net::Request&) {
  const json::object shown{{"now", world_.clock.now()}, {"offset_ms", world_.clock.offset()}};
  co_return net::Response::json(shown);
}

Control::Answer Control::move_clock(net::Request& request) {
  const auto body = net::json_body(request);
  if (!body) co_return net::problem(body.error(), request);
  JsonInput in(*body);
  const std::int64_t by_ms = in.integer("advance_ms", 0, 3650 * day_ms);
  if (const auto ok = in.finish(); !ok) co_return net::problem(ok.error(), request);
  world_.clock.advance(by_ms);
  const json::object shown{{"now", world_.clock.now()}, {"offset_ms", world_.clock.offset()}};
  feed_.tell("clock", "", shown);
  co_return net::Response::json(shown);
}

}  // namespace miniops::sandbox
