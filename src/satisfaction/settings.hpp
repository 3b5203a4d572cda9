// What a mini program asks, and how: its settings, their JSON and their rules. Pure.
#pragma once

#include <array>

#include "base/json.hpp"
#include "satisfaction/survey.hpp"

namespace miniops::satisfaction {

struct Wording {
  std::string language{};  // "zh", "zh-TW"
  std::string text{};
  bool operator==(const Wording&) const = default;
};

// Whose a follow-up is: of the agent who had the conversation, of one account, or of whoever takes it.
enum class OwnerRule { agent, account, nobody };

struct FollowUpRule {
  int score_max = 2;  // this and lower scores open one; 0: none do
  OwnerRule owner = OwnerRule::agent;
  AccountId account{};
  std::int64_t due_hours = 24;
};

struct Settings {
  bool enabled = false;
  Form form = Form::text;
  std::vector<Wording> texts{
      {"zh", "感谢咨询，请回复 1–5 评价本次服务：5 非常满意，4 满意，3 一般，2 不满意，1 非常不满意"},
      {"en", "Please rate our service: reply 1–5 (5 very good, 1 very bad)"}};
  std::string language = "zh";  // for whoever's own is not among them
  Offer words{{"非常满意", 5},  {"满意", 4}, {"一般", 3}, {"不满意", 2}, {"非常不满意", 1},
              {"very good", 5}, {"good", 4}, {"ok", 3},   {"bad", 2},    {"very bad", 1}};
  std::string card_page{};        // of the mini program; gets ?token=…
  std::string card_picture_id{};  // the card's cover, uploaded before
  bool anonymous = false;         // agents see scores in the figures only, never who gave one
  FollowUpRule follow_up{};
};

// Takes over the fields that are given; mistakes are `in`'s.
void read_settings(JsonInput& in, Settings& settings);
json::object to_json(const Settings& settings);

// In the customer's language, in that language elsewhere ("zh" for "zh-TW"), or in the default one.
const std::string& text_for(const Settings& settings, std::string_view language);

json::array to_json(const Offer& offer);
Offer offer_of(const json::array& words);

inline constexpr std::array<std::string_view, 3> owner_rule_words{"agent", "account", "nobody"};
inline std::span<const std::string_view> words_of(OwnerRule) { return owner_rule_words; }

}  // namespace miniops::satisfaction
