#include "satisfaction/views.hpp"

#include "base/mask.hpp"
#include "satisfaction/day.hpp"

namespace miniops::satisfaction {

namespace {

constexpr int satisfied_from = 4;

std::string shown(const std::string& text, bool personal) { return personal ? text : mask_personal_data(text); }

json::value id_or_null(auto id) { return id.empty() ? json::value(nullptr) : json::value(id.str()); }
json::value time_or_null(TimeMs at) { return at == 0 ? json::value(nullptr) : json::value(at); }

// null: nobody to divide by.
json::value share(std::int64_t part, std::int64_t of) {
  return of == 0 ? json::value(nullptr) : json::value(static_cast<double>(part) / static_cast<double>(of));
}

json::object to_json(const store::Funnel& funnel) {
  json::object scores;
  std::int64_t satisfied = 0;
  for (int score = 1; score <= score_max; ++score) {
    const std::int64_t count = funnel.scores[static_cast<std::size_t>(score - 1)];
    scores[std::to_string(score)] = count;
    if (score >= satisfied_from) satisfied += count;
  }
  return {{"closed", funnel.closed},
          {"askable", funnel.askable},
          {"asked", funnel.asked},
          {"delivered", funnel.delivered},
          {"answered", funnel.answered},
          {"scores", std::move(scores)},
          {"satisfaction", share(satisfied, funnel.answered)},
          {"answer_rate", share(funnel.answered, funnel.delivered)}};
}

std::string shown_key(const std::string& key, store::By by) {
  return by == store::By::day ? day_text(std::stoll(key)) : key;
}

}  // namespace

json::object to_json(const Survey& survey) {
  std::string comment = mask_personal_data(survey.comment);  // of before comments were sealed: stored whole
  const bool masked = !survey.comment_sealed.empty() || comment != survey.comment;
  return {{"id", survey.id.str()},
          {"conversation_id", survey.profile.empty() ? json::value(nullptr) : id_or_null(survey.conversation)},
          {"profile_id", id_or_null(survey.profile)},
          {"agent_id", id_or_null(survey.agent)},
          {"group_id", id_or_null(survey.group)},
          {"day", day_text(survey.day)},
          {"form", word(survey.form)},
          {"score", survey.score},
          {"comment", std::move(comment)},
          {"comment_masked", masked},
          {"asked_at", survey.asked_at},
          {"answered_at", survey.answered_at}};
}

json::object to_json(const FunnelView& view, store::By by) {
  json::array items;
  for (const store::Bucket& bucket : view.items) {
    json::object item = to_json(bucket.funnel);
    item["key"] = shown_key(bucket.key, by);
    items.push_back(std::move(item));
  }
  return {
      {"by", word(by)}, {"whole_weeks", view.whole_weeks}, {"total", to_json(view.total)}, {"items", std::move(items)}};
}

json::object to_json(const store::FollowUpView& view, bool personal) {
  const FollowUp& follow_up = view.follow_up;
  return {{"id", follow_up.id.str()},         {"version", follow_up.version},
          {"state", word(follow_up.state)},   {"owner_id", id_or_null(follow_up.owner)},
          {"due_at", follow_up.due_at},       {"note", shown(follow_up.note, personal)},
          {"opened_at", follow_up.opened_at}, {"done_at", time_or_null(follow_up.done_at)},
          {"done_by", follow_up.done_by},     {"result", to_json(view.survey)}};
}

}  // namespace miniops::satisfaction
