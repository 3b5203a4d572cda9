// What an event of Sentry says beyond the fields of a record: kept in the properties, in the order of its worth.
#include <algorithm>
#include <array>

#include "telemetry/decode/sentry.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

namespace {

template <std::size_t count>
bool is_one_of(const std::array<std::string_view, count>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// Fields of an event that the record or another property holds, or that speak of the SDK alone.
constexpr std::array<std::string_view, 23> read_elsewhere{"event_id",
                                                          "timestamp",
                                                          "start_timestamp",
                                                          "platform",
                                                          "level",
                                                          "transaction",
                                                          "release",
                                                          "dist",
                                                          "message",
                                                          "logentry",
                                                          "environment",
                                                          "tags",
                                                          "extra",
                                                          "user",
                                                          "contexts",
                                                          "sdk",
                                                          "type",
                                                          "exception",
                                                          "breadcrumbs",
                                                          "spans",
                                                          "modules",
                                                          "transaction_info",
                                                          "measurements"};

// Contexts that the record holds whole, and the SDK's account of its own settings.
constexpr std::array<std::string_view, 6> whole_contexts{"trace",   "miniapp",     "app",
                                                         "runtime", "performance", "performance_support"};
// Of the others these fields.
constexpr std::array<std::string_view, 7> device_fields{"brand",   "model",           "system",        "platform",
                                                        "version", "benchmark_level", "benchmarkLevel"};
constexpr std::array<std::string_view, 6> extra_fields{"SDKVersion", "version",         "platform",
                                                       "app",        "benchmark_level", "benchmarkLevel"};

bool is_mapped(std::string_view context, std::string_view field) {
  if (context == "device") return is_one_of(device_fields, field);
  if (context == "extra") return is_one_of(extra_fields, field);
  if (context == "network") return field == "type";
  return context == "os" && (field == "name" || field == "version");
}

void add_contexts(const Fields& event, Properties& to) {
  const Fields contexts = event.inner("contexts");
  if (!contexts.object()) return;
  Properties all(Undefined::dropped);
  for (const auto [name, context] : *contexts.object()) {
    if (is_one_of(whole_contexts, name) || name == "feedback") continue;
    Properties one(Undefined::dropped);
    one.add_rest(Fields(context, Undefined::dropped), [&](std::string_view field) { return is_mapped(name, field); });
    all.add_object(name, std::move(one));
  }
  to.add_object("contexts", std::move(all));
}

// The address is not kept; what names the person is in the record.
void add_user(const Fields& event, Properties& to) {
  Properties user(Undefined::dropped);
  user.add_rest(event.inner("user"), [](std::string_view field) {
    return field == "id" || field == "ip_address" || field == "openid" || field == "unionid" || field == "login_id" ||
           field == "device_id";
  });
  to.add_object("user", std::move(user));
}

// The page stack without the pages' options, which may hold anything.
void add_extra(const Fields& event, Properties& to) {
  const Fields extra = event.inner("extra");
  Properties rest(Undefined::dropped);
  rest.add_rest(extra, [](std::string_view field) { return field == "routers"; });
  to.add_object("extra", std::move(rest));
  std::string routes;
  const JsonWriter writer(short_text_bytes_max * 20, Undefined::kept);
  for (const Element& router : sentry_values(extra.find("routers"))) {
    std::string route;
    if (writer.text(route, page_of(Fields(router).text("route"))) && routes.size() < short_text_bytes_max * 20)
      routes.append(routes.empty() ? "" : ",").append(route);
  }
  to.add_json("routers", "[" + routes + "]");
}

void add_breadcrumbs(const Fields& event, Properties& to) {
  const auto crumbs = event.find("breadcrumbs");
  to.add("breadcrumbs", array_of(crumbs) ? crumbs : Fields(crumbs).find("values"));
}

}  // namespace

// An object, or a list of pairs. 0.11.0 sets two tags where all later events have them too: they are taken off these.
// So are two in which 1.19 speaks of its own settings.
void add_sentry_tags(const Fields& event, const SentryRest& rest, Properties& to) {
  Properties tags(Undefined::dropped);
  const auto is_stuck = [&](std::string_view name) {
    return (name == "pagenotfound" && !rest.page_not_found) || (name == "memory-warning" && !rest.memory_warning) ||
           name == "performance.api.available" || name == "performance.integration";
  };
  tags.add_rest(event.inner("tags"), is_stuck);
  if (const auto pairs = event.array("tags")) {
    for (const Element element : *pairs) {
      const auto pair = array_of(element);
      if (!pair || pair->size() != 2) continue;
      const std::string name = text_of(pair->at(0).value_unsafe());
      if (!name.empty() && !is_stuck(name)) tags.add(name, pair->at(1).value_unsafe());
    }
  }
  to.add_object("tags", std::move(tags));
}

void add_sentry_rest(const Fields& event, const SentryRest& rest, Properties& to) {
  add_sentry_tags(event, rest, to);
  // The whole name of the release, which source maps are looked up by; the record has the version alone.
  to.add("release", event.find("release"));
  to.add("dist", event.find("dist"));
  to.add("environment", event.find("environment"));
  add_user(event, to);
  add_contexts(event, to);
  to.add_rest(event, [](std::string_view field) { return is_one_of(read_elsewhere, field); });
  add_extra(event, to);
  add_breadcrumbs(event, to);
}

}  // namespace miniops::telemetry
