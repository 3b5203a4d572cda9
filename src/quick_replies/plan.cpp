#include "quick_replies/plan.hpp"

#include <algorithm>
#include <chrono>
#include <ranges>

#include "base/mask.hpp"
#include "quick_replies/errors.hpp"

namespace miniops::quick_replies {

namespace {

bool has_tag(const Facts& facts, const std::string& tag) {
  return std::ranges::find(facts.tags, tag) != facts.tags.end();
}

bool sends(ActionKind kind) { return kind == ActionKind::send_text || kind == ActionKind::send_picture; }

// Whether the conversation is as the action makes it. Of what is said there is no such thing. A transfer that waits to
// be accepted is one.
bool holds(const Action& action, const Facts& facts) {
  switch (action.kind) {
    case ActionKind::send_text:
    case ActionKind::send_picture:
    case ActionKind::note:
      return false;
    case ActionKind::add_tag:
      return has_tag(facts, action.text);
    case ActionKind::remove_tag:
      return !has_tag(facts, action.text);
    case ActionKind::set_level:
      return facts.level == action.number;
    case ActionKind::assign:
      return !facts.closed && (facts.assignee.value() == action.number || facts.offered_to.value() == action.number);
    case ActionKind::to_group:
      return !facts.closed && facts.assignee.empty() && facts.group == action.number;
    case ActionKind::to_tier:
      return !facts.closed && facts.assignee.empty() && facts.tier == action.text;
    case ActionKind::to_queue:
      return !facts.closed && facts.assignee.empty();
    case ActionKind::park:
      return !facts.closed && facts.parked && facts.parked_until == action.number;
    case ActionKind::unpark:
      return !facts.parked;
    case ActionKind::close:
      return facts.closed;
    case ActionKind::reopen:
      return !facts.closed;
    case ActionKind::wrap_up:
      return facts.reason == action.number && facts.conversation_tags == action.tags;
  }
  std::unreachable();
}

void give_to(Facts& facts, AccountId assignee) {
  facts.assignee = assignee;
  facts.offered_to = {};
  facts.parked = false;
}

void apply(const Action& action, Facts& facts) {
  switch (action.kind) {
    case ActionKind::send_text:
    case ActionKind::send_picture:
    case ActionKind::note:
      break;
    case ActionKind::add_tag:
      facts.tags.push_back(action.text);
      break;
    case ActionKind::remove_tag:
      std::erase(facts.tags, action.text);
      break;
    case ActionKind::set_level:
      facts.level = static_cast<int>(action.number);
      break;
    case ActionKind::assign:
      give_to(facts, AccountId(action.number));
      break;
    case ActionKind::to_group:
      facts.group = action.number;
      give_to(facts, AccountId());
      break;
    case ActionKind::to_tier:
      facts.tier = action.text;
      [[fallthrough]];
    case ActionKind::to_queue:
      give_to(facts, AccountId());
      break;
    case ActionKind::park:
      facts.parked = true;
      facts.parked_until = action.number;
      break;
    case ActionKind::unpark:
      facts.parked = false;
      break;
    case ActionKind::close:
      facts.closed = true;
      facts.parked = false;
      break;
    case ActionKind::reopen:
      facts.closed = false;
      break;
    case ActionKind::wrap_up:
      facts.reason = action.number;
      facts.conversation_tags = action.tags;
      break;
  }
}

// Back into the queue and to who had it, as it was with them.
std::vector<Action> back(const Facts& before, std::int64_t group_now) {
  std::vector<Action> out;
  const bool had = !before.assignee.empty();
  if (before.group != 0 && (!had || before.group != group_now)) out.push_back({ActionKind::to_group, "", before.group});
  if (before.group == 0 && !had) out.push_back({ActionKind::to_queue});
  if (had) out.push_back({ActionKind::assign, "", before.assignee.value()});
  if (before.parked) out.push_back({ActionKind::park, "", before.parked_until});
  return out;
}

std::vector<Action> inverse_of(const Action& action, const Facts& before) {
  switch (action.kind) {
    case ActionKind::add_tag:
      return {{ActionKind::remove_tag, action.text}};
    case ActionKind::remove_tag:
      return {{ActionKind::add_tag, action.text}};
    case ActionKind::set_level:
      return {{ActionKind::set_level, "", before.level}};
    case ActionKind::assign:
      return back(before, before.group);
    case ActionKind::to_group:
      return back(before, action.number);
    case ActionKind::to_tier:
      return back(before, 0);  // which group it will be is for the routing rules to say
    case ActionKind::park:
      return {before.parked ? Action{ActionKind::park, "", before.parked_until} : Action{ActionKind::unpark}};
    case ActionKind::close:
      if (!before.parked) return {{ActionKind::reopen}};
      return {{ActionKind::reopen}, {ActionKind::park, "", before.parked_until}};
    case ActionKind::wrap_up:
      return {{ActionKind::wrap_up, "", before.reason, before.conversation_tags}};
    default:
      return {};
  }
}

// Its reason and tags first: closing may ask for them.
std::vector<Action> close_with(const Step& step, const Facts& facts) {
  Action said{ActionKind::wrap_up, "", step.number != 0 ? step.number : facts.reason, facts.conversation_tags};
  for (const std::string& tag : step.tags)
    if (std::ranges::find(said.tags, tag) == said.tags.end()) said.tags.push_back(tag);
  return {std::move(said), {ActionKind::close}};
}

Result<std::vector<Action>> actions_of(const Step& step, const std::vector<QuickReply>& replies, const Values& values,
                                       const Facts& facts, TimeMs now) {
  using Actions = std::vector<Action>;
  switch (step.kind) {
    case StepKind::send_text:
      return Actions{{ActionKind::send_text, fill(step.text, values)}};
    case StepKind::send_reply: {
      const auto reply = std::ranges::find(replies, QuickReplyId(step.number), &QuickReply::id);
      if (reply == replies.end()) return fail(errors::macro_broken());
      Actions out;
      if (!reply->content.empty()) out.push_back({ActionKind::send_text, fill(reply->content, values)});
      if (!reply->picture_id.empty()) out.push_back({ActionKind::send_picture, reply->picture_id});
      return out;
    }
    case StepKind::note:
      return Actions{{ActionKind::note, step.text}};
    case StepKind::add_tag:
      return Actions{{ActionKind::add_tag, step.text}};
    case StepKind::remove_tag:
      return Actions{{ActionKind::remove_tag, step.text}};
    case StepKind::set_level:
      return Actions{{ActionKind::set_level, "", step.number}};
    case StepKind::transfer_agent:
      return Actions{{ActionKind::assign, "", step.number}};
    case StepKind::transfer_group:
      return Actions{{ActionKind::to_group, "", step.number}};
    case StepKind::transfer_tier:
      return Actions{{ActionKind::to_tier, step.text}};
    case StepKind::park:
      return Actions{{ActionKind::park, "", step.number == 0 ? 0 : now + step.number * minute_ms}};
    case StepKind::close:
      return close_with(step, facts);
  }
  std::unreachable();
}

json::object to_json(const Action& action) {
  json::object out{{"kind", word(action.kind)}, {"text", action.text}, {"number", action.number}};
  if (!action.tags.empty()) out["tags"] = json::array(action.tags.begin(), action.tags.end());
  return out;
}

Action stored_action(const json::value& value) {
  Action action{parse_word<ActionKind>(value.at("kind").as_string()).value_or(ActionKind::note),
                std::string(value.at("text").as_string()), value.at("number").as_int64()};
  if (const json::value* tags = value.as_object().if_contains("tags"))
    for (const json::value& tag : tags->as_array()) action.tags.emplace_back(tag.as_string());
  return action;
}

}  // namespace

Values values_of(const Facts& facts, bool sees_personal_data) {
  Values values;
  if (sees_personal_data || find_personal_data(facts.nickname).empty())
    values[Variable::customer_nickname] = facts.nickname;
  values[Variable::agent_name] = facts.agent_name;
  values[Variable::miniprogram_name] = facts.miniprogram_name;
  values[Variable::conversation_source] = facts.source;
  const std::chrono::sys_time<std::chrono::milliseconds> wall{std::chrono::milliseconds(facts.local_time)};
  const auto day = std::chrono::floor<std::chrono::days>(wall);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::minutes>(wall - day));
  values[Variable::date] = fmt::format("{}-{:02}-{:02}", static_cast<int>(date.year()),
                                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  values[Variable::time] = fmt::format("{:02}:{:02}", time.hours().count(), time.minutes().count());
  return values;
}

Result<std::vector<Planned>> plan(const Macro& macro, const Facts& facts, const std::vector<QuickReply>& replies,
                                  const Values& values, TimeMs now) {
  std::vector<Planned> planned;
  Facts reached = facts;
  std::size_t messages = 0;
  for (const Step& step : macro.steps) {
    auto actions = actions_of(step, replies, values, reached, now);
    if (!actions) return std::unexpected(actions.error());
    for (Action& action : *actions) {
      if (holds(action, reached)) continue;
      if (sends(action.kind) && ++messages > messages_max)
        return fail(errors::invalid_macro("it sends more than 5 messages"));
      auto inverse = inverse_of(action, reached);
      apply(action, reached);
      planned.push_back({std::move(action), std::move(inverse)});
    }
  }
  return planned;
}

bool speaks(const std::vector<Planned>& planned) {
  return std::ranges::any_of(planned, [](const Planned& one) { return sends(one.action.kind); });
}

Undo undo(const std::vector<Planned>& done, Facts now) {
  Undo out;
  for (const Planned& one : done | std::views::reverse) {
    if (one.inverse.empty()) {
      out.kept.emplace_back(one.action.kind, Kept::sent);
    } else if (!holds(one.action, now)) {
      out.kept.emplace_back(one.action.kind, Kept::changed);
    } else {
      for (const Action& action : one.inverse) {
        apply(action, now);
        out.actions.push_back(action);
      }
    }
  }
  return out;
}

json::array to_json(const std::vector<Planned>& planned) {
  json::array out;
  for (const Planned& one : planned) {
    json::array inverse;
    for (const Action& action : one.inverse) inverse.push_back(to_json(action));
    out.push_back(json::object{{"action", to_json(one.action)}, {"inverse", std::move(inverse)}});
  }
  return out;
}

std::vector<Planned> stored_plan(const std::string& text) {
  std::vector<Planned> out;
  for (const json::value& one : json::parse(text).as_array()) {
    Planned planned{stored_action(one.at("action"))};
    for (const json::value& action : one.at("inverse").as_array()) planned.inverse.push_back(stored_action(action));
    out.push_back(std::move(planned));
  }
  return out;
}

}  // namespace miniops::quick_replies
