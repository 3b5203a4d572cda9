#include "satisfaction/surveys.hpp"

#include "base/encoding.hpp"
#include "base/mask.hpp"
#include "base/text.hpp"
#include "satisfaction/errors.hpp"
#include "satisfaction/store.hpp"

namespace miniops::satisfaction {

namespace {

constexpr std::size_t token_chars = 24;  // 142 bits

std::string hash_of(std::string_view token) { return hex(sha256(token)); }

std::string comment_of(std::string_view text) {
  return truncate_chars(valid_utf8(text) ? text : "", comment_chars_max);
}

SealedPlace place_of(const std::string& row) { return {"satisfaction_surveys", "comment_sealed", row}; }

Result<Survey> usable(sql::Transaction& tx, std::string_view token, TimeMs now) {
  auto survey = store::survey_with_token(tx, hash_of(token));
  if (!survey) return fail(errors::link_unknown());
  if (survey->state == State::answered) return fail(errors::link_used());
  if (now - survey->asked_at >= link_valid_ms) return fail(errors::link_expired());
  return std::move(*survey);
}

NotAsked decide(sql::Transaction& tx, const ClosedConversation& facts, const Settings& settings,
                const std::optional<Survey>& before, TimeMs now) {
  AskFacts ask;
  ask.asked_before = before && before->asked_at != 0;
  ask.enabled = settings.enabled;
  ask.human_answered = facts.human_answered;
  ask.blocked = facts.blocked;
  ask.last_asked_at = store::last_asked_at(tx, facts.profile, facts.thread);
  for (const ProfileId profile : facts.same_person)
    ask.last_asked_at = std::max(ask.last_asked_at, store::last_asked_at(tx, profile, facts.thread));
  ask.window_ends_at = facts.window_ends_at;
  ask.remaining = facts.remaining;
  return may_ask(ask, now);
}

}  // namespace

// ---- asking ----

std::optional<Question> Surveys::closed(sql::Transaction& tx, const ClosedConversation& facts, TimeMs now) const {
  const auto before = store::survey_of(tx, facts.conversation);
  const Settings settings = store::settings(tx, facts.appid);
  const NotAsked decided = decide(tx, facts, settings, before, now);
  if (decided == NotAsked::asked_before) return std::nullopt;  // it was reopened since; what came of that stays
  Survey survey;
  survey.id = before ? before->id : with_.ids.next_as<SurveyId>();
  survey.appid = facts.appid;
  survey.conversation = facts.conversation;
  survey.thread = facts.thread;
  survey.profile = facts.profile;
  survey.agent = facts.agent;
  survey.group = facts.group;
  survey.day = facts.day;
  survey.closed_at = now;
  survey.form = form_for(facts, settings.form);
  survey.not_asked = decided;
  survey.state = state_after(decided);

  std::optional<Question> asked;
  if (survey.state == State::asked) {
    survey.asked_at = now;
    survey.offer = settings.words;
    asked = question(settings, survey, facts.language);
  }
  if (before) {
    store::update_closing(tx, survey);
  } else {
    store::insert_survey(tx, survey);
  }
  return asked;
}

// As it is set, or the nearest that the channel carries: the page of a card is a page of the mini program.
Form Surveys::form_for(const ClosedConversation& facts, Form wanted) const {
  if (wanted == Form::card && !facts.cards) wanted = Form::link;
  return wanted == Form::link && !has_links() ? Form::text : wanted;
}

Question Surveys::question(const Settings& settings, Survey& survey, std::string_view language) const {
  Question out{text_for(settings, language)};
  if (survey.form == Form::text) return out;
  const std::string token = with_.random.alphanumeric(token_chars);
  survey.token_hash = hash_of(token);
  out.token = token;
  if (survey.form == Form::link) {
    const std::string_view base = with_.public_url;
    out.text += fmt::format("\n{}/rate/{}", base.substr(0, base.find_last_not_of('/') + 1), token);
  } else {
    const char joint = settings.card_page.contains('?') ? '&' : '?';
    out.card = Card{out.text, fmt::format("{}{}token={}", settings.card_page, joint, token), settings.card_picture_id};
  }
  return out;
}

void Surveys::accepted(sql::Transaction& tx, ConversationId conversation, TimeMs now) const {
  store::mark_delivered(tx, conversation, now);
}

void Surveys::refused(sql::Transaction& tx, ConversationId conversation) const {
  store::mark_refused(tx, conversation);
}

// ---- answers ----

Heard Surveys::heard(sql::Transaction& tx, ThreadId thread, const Text& said) const {
  auto survey = store::asked_last(tx, thread);
  if (!survey) return {};
  const Reply reply = judge(*survey, said);
  if (reply == Reply::not_ours) return {};
  const Settings settings = store::settings(tx, survey->appid);
  Heard heard{reply, survey->conversation, settings.anonymous};
  if (reply == Reply::score) {
    heard.score = survey->score = parse_answer(said.text, survey->offer).value();
    survey->replied = true;
    answer(tx, *survey, settings, "", said.at);
  }
  if (reply == Reply::comment) add_comment(tx, *survey, said.text);
  return heard;
}

Outcome Surveys::outcome(sql::Transaction& tx, ConversationId conversation) const {
  const auto survey = store::survey_of(tx, conversation);
  if (!survey) return {};
  return {survey->delivered_at != 0, survey->score};
}

bool Surveys::shows_scores(sql::Transaction& tx, const identity::Access& access) const {
  return access.may(identity::Permission::desk_supervise) || !store::settings(tx, access.appid()).anonymous;
}

Result<void> Surveys::check(sql::Transaction& tx, std::string_view token, TimeMs now) const {
  const auto survey = usable(tx, token, now);
  if (!survey) return std::unexpected(survey.error());
  return {};
}

Result<void> Surveys::rate(sql::Transaction& tx, std::string_view token, int score, const std::string& comment,
                           TimeMs now) const {
  auto survey = usable(tx, token, now);
  if (!survey) return std::unexpected(survey.error());
  const Settings settings = store::settings(tx, survey->appid);
  survey->score = score;
  if (!answer(tx, *survey, settings, comment, now)) return fail(errors::link_used());
  return {};
}

// With the score that is in it. False: somebody was faster.
bool Surveys::answer(sql::Transaction& tx, Survey& survey, const Settings& settings, std::string_view comment,
                     TimeMs now) const {
  if (!store::put_score(tx, survey, now)) return false;
  add_comment(tx, survey, comment);
  if (listener_ != nullptr) {
    listener_->on_score(tx,
                        {survey.appid, survey.conversation, survey.agent, survey.group, survey.score, survey.comment,
                         settings.anonymous, survey.replied},
                        now);
  }
  const FollowUpRule& rule = settings.follow_up;
  if (survey.score > rule.score_max) return true;
  FollowUp follow_up;
  follow_up.id = with_.ids.next_as<FollowUpId>();
  follow_up.appid = survey.appid;
  follow_up.survey = survey.id;
  follow_up.owner = rule.owner == OwnerRule::agent ? survey.agent : rule.account;
  follow_up.due_at = now + rule.due_hours * hour_ms;
  follow_up.opened_at = now;
  store::insert_follow_up(tx, follow_up);
  return true;
}

// ---- comments ----

void Surveys::add_comment(sql::Transaction& tx, Survey& survey, std::string_view text) const {
  const std::string whole = comment_of(text);
  if (whole.empty()) return;
  survey.comment = mask_personal_data(whole);
  if (survey.comment != whole) survey.comment_sealed = with_.vault.seal(whole, place_of(survey.id.str()));
  store::put_comment(tx, survey);
}

Result<std::string> Surveys::whole_comment(const Survey& survey) const {
  if (survey.comment_sealed.empty()) return survey.comment;
  return with_.vault.open(survey.comment_sealed, place_of(survey.id.str()));
}

Result<std::optional<Statement>> Surveys::said(sql::Transaction& tx, ConversationId conversation) const {
  const auto survey = store::survey_of(tx, conversation);
  if (!survey || survey->score == 0) return std::nullopt;
  auto comment = whole_comment(*survey);
  if (!comment) return std::unexpected(comment.error());
  return Statement{survey->score, std::move(*comment), survey->answered_at};
}

// ---- erasure ----

std::int64_t Surveys::forget(sql::Transaction& tx, std::span<const ProfileId> profiles) const {
  std::int64_t forgotten = 0;
  for (const ProfileId profile : profiles) forgotten += store::forget(tx, profile);
  return forgotten;
}

void Surveys::forget_said(sql::Transaction& tx, ConversationId conversation) const {
  store::forget_said(tx, conversation);
}

}  // namespace miniops::satisfaction
