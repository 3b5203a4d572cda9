// Rules, what they would have done in the past, and the weekly review of them.
#include "alerts/errors.hpp"
#include "alerts/json_words.hpp"
#include "alerts/routes.hpp"

namespace miniops::alerts {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

json::object shown(const RuleShown& given) {
  const Rule& rule = given.rule;
  json::object out = definition_of(rule);
  out["id"] = rule.id.str();
  out["watch"] = watch_json(rule);
  out["condition"] = condition_json(rule);
  const std::string_view column = column_word(rule.group_by);
  out["group_by"] = column.empty() ? json::value(nullptr) : json::value(column);
  out["default_key"] = rule.default_key.empty() ? json::value(nullptr) : json::value(rule.default_key);
  out["sight"] = given.sight ? word(*given.sight) : "waiting";
  out["sight_since"] = given.since;
  out["open_alerts"] = given.open;
  out["created_at"] = rule.created_at;
  out["updated_at"] = rule.updated_at;
  return out;
}

json::object shown(const PastOfRule& past) {
  json::array episodes;
  for (const Episode& one : past.episodes)
    episodes.push_back({{"group", one.group},
                        {"fired_at", one.fired_at},
                        {"resolved_at", one.resolved_at == 0 ? json::value(nullptr) : json::value(one.resolved_at)},
                        {"worst", one.worst},
                        {"expected", one.expected}});
  json::array points;
  for (const Point& one : past.points)
    points.push_back({{"at", one.at}, {"value", one.value}, {"expected", one.expected}, {"breach", one.breach}});
  return {{"windows", past.windows},
          {"judged", past.judged},
          {"too_little_data", past.too_little_data},
          {"episodes", std::move(episodes)},
          {"points", std::move(points)}};
}

Answer all_rules(Service& service, Request&, Access access) {
  const auto rules = co_await service.rules(access);
  if (!rules) co_return std::unexpected(rules.error());
  json::array items;
  for (const RuleShown& one : *rules) items.push_back(shown(one));
  co_return list_answer(std::move(items));
}

Answer one_rule(Service& service, Request& request, Access access) {
  const auto id = id_in<RuleId>(request, "rule");
  if (!id) co_return std::unexpected(id.error());
  const auto found = co_await service.rule(access, *id);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown(*found));
}

Answer add_rule(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  auto rule = parse_rule(*body);
  if (!rule) co_return std::unexpected(rule.error());
  const auto made = co_await service.add_rule(access, std::move(*rule));
  if (!made) co_return std::unexpected(made.error());
  co_return Response::json(shown(*made), 201);
}

Answer change_rule(Service& service, Request& request, Access access) {
  const auto id = id_in<RuleId>(request, "rule");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  const auto done = co_await service.change_rule(access, *id, *body);
  if (!done) co_return std::unexpected(done.error());
  co_return Response::json(shown(*done));
}

Answer remove_rule(Service& service, Request& request, Access access) {
  const auto id = id_in<RuleId>(request, "rule");
  if (!id) co_return std::unexpected(id.error());
  if (auto done = co_await service.remove_rule(access, *id); !done) co_return std::unexpected(done.error());
  co_return Response::no_content();
}

Answer restore_rules(Service& service, Request&, Access access) {
  const auto rules = co_await service.restore_rules(access);
  if (!rules) co_return std::unexpected(rules.error());
  json::array items;
  for (const RuleShown& one : *rules) items.push_back(shown(one));
  co_return list_answer(std::move(items));
}

Answer figures(Service& service, Request&, Access access) {
  const auto found = co_await service.figures(access);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const HealthFigure& one : *found)
    items.push_back(json::object{{"name", one.name}, {"value", one.value}, {"unit", one.unit}});
  co_return list_answer(std::move(items));
}

Answer preview_rule(Preview& preview, Request& request, Access access, TimeMs now) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const json::value* given = in.optional_value("rule");
  if (given == nullptr) in.mistake("rule", "Is required.");
  const TimeMs to = in.optional_integer("to", preview_ms_max, now).value_or(now);
  const TimeMs from = in.optional_integer("from", 0, now).value_or(to - 7 * day_ms);
  if (from >= to || to - from > preview_ms_max) in.mistake("from", "must lie within 14 days before `to`");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  auto rule = parse_rule(*given);
  if (!rule) co_return std::unexpected(rule.error());
  const auto past = co_await preview.run(access.appid(), std::move(*rule), from, to);
  if (!past) co_return std::unexpected(past.error());
  co_return Response::json(shown(*past));
}

Answer propose_thresholds(Preview& preview, Request& request, Access access, TimeMs now) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  auto rule = parse_rule(*body);
  if (!rule) co_return std::unexpected(rule.error());
  const auto proposal = co_await preview.propose(access.appid(), std::move(*rule), now);
  if (!proposal) co_return std::unexpected(proposal.error());
  json::array items;
  for (std::size_t i = 0; i < proposal->items.size(); ++i)
    items.push_back({{"threshold", proposal->items[i].threshold},
                     {"severity", word(static_cast<Severity>(std::min<std::size_t>(i, 2)))},
                     {"would_have_fired", proposal->items[i].would_have_fired}});
  co_return Response::json(
      json::object{{"windows", proposal->windows},
                   {"usual", proposal->usual ? json::value(*proposal->usual) : json::value(nullptr)},
                   {"items", std::move(items)}});
}

Answer review(Preview& preview, Request&, Access access, TimeMs now) {
  const auto found = co_await preview.review(access.appid(), now);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const Reviewed& one : *found)
    items.push_back({{"rule_id", one.rule.id.str()},
                     {"rule_name", one.rule.name},
                     {"fired", one.fired},
                     {"acknowledged", one.acknowledged},
                     {"useful", one.useful},
                     {"noise", one.noise},
                     {"reopened", one.reopened},
                     {"median_response_ms", one.response_ms ? json::value(*one.response_ms) : json::value(nullptr)},
                     {"finding", one.finding},
                     {"suggestion", one.suggestion.empty() ? json::value(nullptr) : json::value(one.suggestion)}});
  co_return Response::json(
      json::object{{"from", now - review_ms}, {"to", now}, {"items", std::move(items)}, {"next_cursor", nullptr}});
}

}  // namespace

void mount_rules(identity::Guard& guard, RouteTargets to) {
  Service* service = &to.service;
  Preview* past = &to.preview;
  const Clock* clock = &to.clock;
  const std::string base(base_path);
  const auto add = [&](Method method, std::string path, Permission permission, auto handler) {
    guard.app_route(method, base + path, permission, [service, handler](Request& request, const Access& access) {
      return handler(*service, request, access);
    });
  };
  const auto look = [&](Method method, std::string path, auto handler) {
    guard.app_route(method, base + path, Permission::telemetry_read,
                    [past, clock, handler](Request& request, const Access& access) {
                      return handler(*past, request, access, clock->now());
                    });
  };
  add(Method::get, "/rules", Permission::telemetry_read, all_rules);
  add(Method::post, "/rules", Permission::alerts_manage, add_rule);
  add(Method::post, "/rules/defaults", Permission::alerts_manage, restore_rules);
  add(Method::get, "/rules/{id}", Permission::telemetry_read, one_rule);
  add(Method::patch, "/rules/{id}", Permission::alerts_manage, change_rule);
  add(Method::del, "/rules/{id}", Permission::alerts_manage, remove_rule);
  add(Method::get, "/figures", Permission::telemetry_read, figures);
  look(Method::post, "/rules/preview", preview_rule);
  look(Method::post, "/rules/propose", propose_thresholds);
  look(Method::get, "/review", review);
}

}  // namespace miniops::alerts
