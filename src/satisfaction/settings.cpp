#include "satisfaction/settings.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace miniops::satisfaction {

namespace {

constexpr std::size_t languages_max = 8;
constexpr std::size_t offered_max = 30;
constexpr std::size_t card_title_chars_max = 64;  // what a phone shows

bool is_language(std::string_view text) {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (text.size() != 2 && text.size() != 5) return false;
  return std::ranges::all_of(text.substr(0, 2), lower) &&
         (text.size() == 2 || (text[2] == '-' && std::ranges::all_of(text.substr(3), upper)));
}

// "pages/rate/rate", with a query or without; the token is added to it.
bool is_page(std::string_view text) {
  const auto plain = [](char c) { return c > ' ' && c < '\x7f' && !std::string_view("\"#<>\\^`{|}").contains(c); };
  return !text.starts_with('/') && !text.contains("://") && std::ranges::all_of(text, plain);
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text,
                             [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == '\x7f'; });
}

void read_texts(JsonInput& in, Settings& settings) {
  if (!in.has("texts")) return;
  settings.texts.clear();
  for (JsonInput& each : in.optional_objects("texts", languages_max)) {
    Wording wording{each.text("language", {2, 5}), each.text("text", {1, 300})};
    if (!is_language(wording.language)) each.mistake("language", "must be like zh or zh-TW");
    if (std::ranges::find(settings.texts, wording.language, &Wording::language) != settings.texts.end())
      each.mistake("language", "is there twice");
    if (has_control(wording.text)) each.mistake("text", "must have no control characters");
    settings.texts.push_back(std::move(wording));
  }
}

// Two that cannot be told apart would count as whichever stands first.
void read_words(JsonInput& in, Settings& settings) {
  if (!in.has("words")) return;
  settings.words.clear();
  for (JsonInput& each : in.optional_objects("words", offered_max)) {
    OfferedWord offered{each.text("word", {1, 20}), static_cast<int>(each.integer("score", 1, score_max))};
    if (canonical(offered.word).empty()) each.mistake("word", "must have more than blanks and marks");
    if (parse_answer(offered.word, settings.words)) each.mistake("word", "counts already");
    settings.words.push_back(std::move(offered));
  }
}

void read_card(JsonInput& in, Settings& settings) {
  JsonInput card = in.object("card", false);
  if (auto page = card.optional_text("page", {0, 200})) {
    if (!is_page(*page)) card.mistake("page", "must be the path of a page of the mini program, pages/rate/rate");
    settings.card_page = std::move(*page);
  }
  if (auto picture = card.optional_text("picture_id", {0, 128})) settings.card_picture_id = std::move(*picture);
}

void read_follow_up(JsonInput& in, FollowUpRule& rule) {
  JsonInput given = in.object("follow_up", false);
  if (const auto score = given.optional_integer("score_max", 0, score_max)) rule.score_max = static_cast<int>(*score);
  if (const auto owner = given.optional_choice("owner", {"agent", "account", "nobody"}))
    rule.owner = parse_word<OwnerRule>(*owner).value();
  if (const auto account = given.optional_id("account_id")) rule.account = AccountId(*account);
  if (const auto hours = given.optional_integer("due_hours", 1, 720)) rule.due_hours = *hours;
  if (rule.owner != OwnerRule::account) rule.account = {};
  if (rule.owner == OwnerRule::account && rule.account.empty()) given.mistake("account_id", "Is required.");
}

void check_together(JsonInput& in, const Settings& settings) {
  if (std::ranges::find(settings.texts, settings.language, &Wording::language) == settings.texts.end())
    in.mistake("language", "must be one that there is a text in");
  if (settings.form == Form::card) {
    if (settings.card_page.empty() || settings.card_picture_id.empty())
      in.mistake("card", "a card needs a page and a cover");
    if (std::ranges::any_of(settings.texts,
                            [](const Wording& one) { return count_chars(one.text) > card_title_chars_max; }))
      in.mistake("texts", "the title of a card has at most 64 characters");
  }
  // Whoever follows it up must know whose it is.
  if (settings.anonymous && settings.follow_up.score_max > 0 && settings.follow_up.owner == OwnerRule::agent)
    in.mistake("follow_up", "with anonymous scores the agent cannot be the owner");
}

}  // namespace

void read_settings(JsonInput& in, Settings& settings) {
  settings.enabled = in.optional_boolean("enabled").value_or(settings.enabled);
  if (const auto form = in.optional_choice("form", {"text", "card", "link"}))
    settings.form = parse_word<Form>(*form).value();
  read_texts(in, settings);
  settings.language = in.optional_text("language", {2, 5}).value_or(settings.language);
  read_words(in, settings);
  read_card(in, settings);
  settings.anonymous = in.optional_boolean("anonymous").value_or(settings.anonymous);
  read_follow_up(in, settings.follow_up);
  check_together(in, settings);
}

json::object to_json(const Settings& settings) {
  json::array texts;
  for (const Wording& one : settings.texts) texts.push_back({{"language", one.language}, {"text", one.text}});
  const FollowUpRule& rule = settings.follow_up;
  return {{"enabled", settings.enabled},
          {"form", word(settings.form)},
          {"texts", std::move(texts)},
          {"language", settings.language},
          {"words", to_json(settings.words)},
          {"card", {{"page", settings.card_page}, {"picture_id", settings.card_picture_id}}},
          {"anonymous", settings.anonymous},
          {"follow_up",
           {{"score_max", rule.score_max},
            {"owner", word(rule.owner)},
            {"account_id", rule.account.empty() ? json::value(nullptr) : json::value(rule.account.str())},
            {"due_hours", rule.due_hours}}}};
}

const std::string& text_for(const Settings& settings, std::string_view language) {
  for (const std::string_view wanted : {language, language.substr(0, 2), std::string_view(settings.language)})
    if (const auto found = std::ranges::find(settings.texts, wanted, &Wording::language); found != settings.texts.end())
      return found->text;
  return settings.texts.front().text;  // cannot be: read_settings() asks for one in the default language
}

json::array to_json(const Offer& offer) {
  json::array out;
  for (const OfferedWord& one : offer) out.push_back({{"word", one.word}, {"score", one.score}});
  return out;
}

Offer offer_of(const json::array& words) {
  Offer out;
  for (const json::value& one : words)
    out.push_back({std::string(one.at("word").as_string()), static_cast<int>(one.at("score").as_int64())});
  return out;
}

}  // namespace miniops::satisfaction
