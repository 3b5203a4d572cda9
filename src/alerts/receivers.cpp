#include "alerts/receivers.hpp"

#include "alerts/json_words.hpp"

namespace miniops::alerts {

namespace {

constexpr TimeMs week_ms = 7 * day_ms;
constexpr std::size_t names_max = 10;

bool matches(const Route& route, const Alert& alert) {
  if (route.severity_min && alert.severity < *route.severity_min) return false;
  if (!route.error_name.empty() && alert.error_name != route.error_name) return false;
  return alert.page.starts_with(route.page_prefix);
}

std::vector<std::string> read_names(JsonInput& in, std::string_view key, const Receivers& known) {
  auto names = in.optional_texts(key, names_max, {1, 64});
  for (const std::string& name : names)
    if (known.find(name) == nullptr) in.mistake(key, "Names a receiver that is not there.");
  return names;
}

void read_receivers(JsonInput& in, Receivers& out) {
  for (JsonInput& one : in.optional_objects("receivers", 50)) {
    Receiver receiver{one.text("name", {1, 64})};
    for (const std::string& id : one.optional_texts("channels", notify::chain_max, {1, 20})) {
      const auto channel = parse_as<notify::ChannelId>(id);
      if (!channel) one.mistake("channels", "Ids are expected.");
      receiver.channels.push_back(channel.value_or(notify::ChannelId()));
    }
    if (receiver.channels.empty()) one.mistake("channels", "At least one is needed.");
    if (out.find(receiver.name) != nullptr) one.mistake("name", "Is there twice.");
    out.receivers.push_back(std::move(receiver));
  }
}

void read_routes(JsonInput& in, Receivers& out) {
  for (JsonInput& one : in.optional_objects("routes", 100)) {
    Route route;
    route.page_prefix = one.optional_text("page_prefix", {1, 200}).value_or("");
    route.error_name = one.optional_text("error_name", {1, 200}).value_or("");
    route.severity_min = optional_word<Severity>(one, "severity_min");
    route.receivers = read_names(one, "receivers", out);
    if (route.receivers.empty()) one.mistake("receivers", "At least one is needed.");
    out.routes.push_back(std::move(route));
  }
}

void read_times(JsonInput& in, Receivers& out) {
  JsonInput response = in.object("response_ms");
  for (std::size_t i = 0; i < out.response_ms.size(); ++i)
    out.response_ms[i] = response.integer(word(static_cast<Priority>(i)), minute_ms, week_ms);
  out.group_wait_ms = in.integer("group_wait_ms", 0, 5 * minute_ms);
  out.group_interval_ms = in.integer("group_interval_ms", second_ms, day_ms);
  out.repeat_ms = in.integer("repeat_ms", 5 * minute_ms, week_ms);
  out.digest_ms = in.integer("digest_ms", 5 * minute_ms, day_ms);
}

json::array shown(const std::vector<Receiver>& receivers) {
  json::array out;
  for (const Receiver& receiver : receivers) {
    json::array channels;
    for (const notify::ChannelId id : receiver.channels) channels.push_back(json::value(id.str()));
    out.push_back(json::object{{"name", receiver.name}, {"channels", std::move(channels)}});
  }
  return out;
}

json::object shown(const Route& route) {
  json::object out{{"receivers", texts(route.receivers)}};
  if (!route.page_prefix.empty()) out["page_prefix"] = route.page_prefix;
  if (!route.error_name.empty()) out["error_name"] = route.error_name;
  if (route.severity_min) out["severity_min"] = word(*route.severity_min);
  return out;
}

}  // namespace

const Receiver* Receivers::find(std::string_view name) const {
  const auto found = std::ranges::find(receivers, name, &Receiver::name);
  return found == receivers.end() ? nullptr : &*found;
}

std::vector<std::string> Receivers::of(const std::vector<std::string>& named_by_rule, const Alert& alert) const {
  // A rule may name a receiver that is gone.
  std::vector<std::string> there;
  for (const std::string& name : named_by_rule)
    if (find(name) != nullptr) there.push_back(name);
  if (!there.empty()) return there;
  for (const Route& route : routes)
    if (matches(route, alert)) return route.receivers;
  return otherwise;
}

TimeMs Receivers::repeat_of(Severity severity) const {
  if (severity == Severity::notice) return 0;
  return severity == Severity::critical ? repeat_ms / 8 : repeat_ms;
}

json::object to_json(const Receivers& all) {
  json::array routes;
  for (const Route& route : all.routes) routes.push_back(shown(route));
  json::object response;
  for (std::size_t i = 0; i < all.response_ms.size(); ++i)
    response[word(static_cast<Priority>(i))] = all.response_ms[i];
  return {{"receivers", shown(all.receivers)},
          {"routes", std::move(routes)},
          {"otherwise", texts(all.otherwise)},
          {"escalation", {{"first", texts(all.first)}, {"second", texts(all.second)}}},
          {"response_ms", std::move(response)},
          {"group_wait_ms", all.group_wait_ms},
          {"group_interval_ms", all.group_interval_ms},
          {"repeat_ms", all.repeat_ms},
          {"digest_ms", all.digest_ms},
          {"language", all.language}};
}

Result<Receivers> parse_receivers(const json::value& body) {
  JsonInput in(body);
  Receivers out;
  read_receivers(in, out);
  read_routes(in, out);
  out.otherwise = read_names(in, "otherwise", out);
  JsonInput escalation = in.object("escalation");
  out.first = read_names(escalation, "first", out);
  out.second = read_names(escalation, "second", out);
  read_times(in, out);
  out.language = in.choice("language", {"zh", "en"});
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  return out;
}

}  // namespace miniops::alerts
