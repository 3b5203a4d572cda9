// Trying routing rules before they count.
#include <charconv>

#include "desk/route_support.hpp"
#include "desk/routes.hpp"
#include "desk/simulator.hpp"

namespace miniops::desk {

namespace {

using Answer = Task<Result<Response>>;

constexpr TimeMs replayed_days_max = 7;

// Rules that are not stored have no ids: they are called 1, 2, …
void read_draft(JsonInput& in, Draft& draft) {
  const json::value* rules = in.optional_value("rules");
  if (rules == nullptr || rules->is_null()) return;
  if (!rules->is_array() || rules->get_array().size() > routing::rules_max)
    return in.mistake("rules", fmt::format("must be a list of at most {} rules", routing::rules_max));
  draft.emplace();
  for (const json::value& one : rules->get_array()) {
    const std::string place = fmt::format("rules/{}", draft->size());
    auto rule = routing::parse_rule(one);
    if (!rule) return in.mistake(place, rule.error().message);
    rule->id = routing::RuleId(static_cast<std::int64_t>(draft->size()) + 1);
    draft->push_back(std::move(*rule));
  }
}

void read_parameters(JsonInput& in, routing::Facts& facts) {
  const json::value* all = in.optional_value("parameters");
  if (all == nullptr) return;
  if (!all->is_array() || all->get_array().size() > 50)
    return in.mistake("parameters", "must be a list of at most 50 parameters");
  for (const json::value& one : all->get_array()) {
    JsonInput fields(one);
    routing::Parameter parameter;
    parameter.name = fields.text("name", {1, 100});
    parameter.value = fields.text("value", {0, 1000});
    parameter.is_signed = fields.optional_boolean("signed").value_or(false);
    if (auto ok = fields.finish(); !ok) return in.mistake("parameters", ok.error().message);
    facts.parameters.push_back(std::move(parameter));
  }
}

routing::Facts read_facts(JsonInput& in, TimeMs now) {
  routing::Facts facts;
  facts.page = in.optional_text("page", {0, 200}).value_or("");
  read_parameters(in, facts);
  facts.tags = in.optional_texts("tags", 20, {1, 32});
  facts.level = static_cast<int>(in.optional_integer("level", 0, 9).value_or(0));
  facts.texts = in.optional_texts("texts", 5, {1, 2048});
  facts.msgtype = in.optional_text("msgtype", {1, 32}).value_or("text");
  facts.language = in.optional_text("language", {0, 16}).value_or("");
  facts.priority = in.optional_integer("priority", 0, routing::priority_max).value_or(0);
  const auto waited_s = in.optional_integer("waiting_s", 0, 48 * hour_ms / second_ms);
  if (waited_s) facts.waiting_since = now - *waited_s * second_ms;
  return facts;
}

Answer try_rules(Simulator& simulator, const Clock& clock, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  Simulator::Asked asked;
  read_draft(in, asked.draft);
  const auto tier = in.optional_choice("tier", {"ordinary", "expert"});
  if (tier) asked.tier = parse_word<routing::Tier>(*tier);
  const auto conversation = in.optional_id("conversation_id");
  routing::Facts facts = read_facts(in, clock.now());
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto answer = conversation
                          ? co_await simulator.try_conversation(access, ConversationId(*conversation), std::move(asked))
                          : co_await simulator.try_facts(access, std::move(facts), std::move(asked));
  if (!answer) co_return std::unexpected(answer.error());
  co_return Response::json(*answer);
}

// A place of a replay on its way through a page's caller: four numbers.
std::string cursor_of(const Simulator::ReplayPlace& at) {
  return fmt::format("{}.{}.{}.{}", at.since, at.opened_at, at.conversation.value(), at.seen);
}

Result<Simulator::ReplayPlace> place_in(std::string_view cursor, TimeMs since_min) {
  const Error wrong{"request.invalid_cursor", "the cursor is not one that a replay gave out", ErrorKind::invalid};
  std::array<std::int64_t, 4> numbers{};
  const char* from = cursor.data();
  const char* const end = from + cursor.size();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0 && (from == end || *from++ != '.')) return fail(wrong);
    const auto [next, problem] = std::from_chars(from, end, numbers[i]);
    if (problem != std::errc{} || numbers[i] < 0) return fail(wrong);
    from = next;
  }
  const Simulator::ReplayPlace at{numbers[0], numbers[1], ConversationId(numbers[2]), numbers[3]};
  if (from != end || at.since < since_min || at.seen == 0) return fail(wrong);
  return at;
}

Answer replay(Simulator& simulator, const Clock& clock, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  Draft draft;
  read_draft(in, draft);
  const std::int64_t days = in.optional_integer("days", 1, replayed_days_max).value_or(replayed_days_max);
  const auto cursor = in.optional_text("cursor", {1, 100});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  Simulator::ReplayPlace at{clock.now() - days * day_ms};
  if (cursor) {
    // The days began when the first page was asked for: an hour is enough for all of them.
    auto place = place_in(*cursor, at.since - hour_ms);
    if (!place) co_return std::unexpected(place.error());
    at = *place;
  }
  auto replayed = co_await simulator.replay(access, at, std::move(draft));
  if (!replayed) co_return std::unexpected(replayed.error());
  replayed->page["next_cursor"] = replayed->next ? json::value(cursor_of(*replayed->next)) : json::value(nullptr);
  co_return Response::json(std::move(replayed->page));
}

}  // namespace

void mount_routing(identity::Guard& guard, Simulator& simulator, const Clock& clock) {
  using Handle = Answer (*)(Simulator&, const Clock&, Request&, Access);
  const auto route = [&](std::string_view path, Permission permission, Handle handle) {
    guard.app_route(Method::post, fmt::format("/api/v1/miniprograms/{{appid}}/routing/{}", path), permission,
                    [&simulator, &clock, handle](Request& request, const Access& access) {
                      return handle(simulator, clock, request, access);
                    });
  };
  route("try", Permission::desk_read, try_rules);  // the simulator asks for more: one permission or another
  route("replay", Permission::desk_configure, replay);
}

}  // namespace miniops::desk
