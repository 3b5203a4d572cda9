// What is set up for a mini program, and what follows from it for an answer. Pure, but for the sealed secret.
#pragma once

#include <optional>

#include "base/seal.hpp"
#include "content_check/check.hpp"

namespace miniops::content_check {

inline constexpr std::size_t checkers_max = 5;
inline constexpr std::size_t leave_out_max = 200;
inline constexpr std::size_t phrase_chars_max = 100;

struct WeChatRule {
  bool enabled = false;
  Action action = Action::block;
  Failing unanswered = Failing::open;
  Failing inactive = Failing::open;  // most customers have left the mini program when they are answered late
  bool operator==(const WeChatRule&) const = default;
};

struct Settings {
  std::int64_t version = 1;  // raised with every change
  Action words = Action::block;
  WeChatRule wechat{};
  std::vector<std::string> leave_out{};  // phrases that checkers are not shown: names, phone numbers of the house
};

using CheckerId = NumberId<struct CheckerIdTag>;

// Another program that is asked.
struct Outside {
  CheckerId id{};
  AppId appid{};
  std::int64_t version = 1;  // raised with every change
  std::string name{}, address{};
  Action action = Action::block;
  Failing unanswered = Failing::open;
  bool enabled = true;
  std::string secret{};  // sealed
  TimeMs created_at = 0;
};

std::string seal_secret(const Sealer& sealer, CheckerId id, std::string_view secret);
Result<std::string> open_secret(const Sealer& sealer, const Outside& checker);  // base.seal_broken

// The text without the phrases that are left out; empty: nothing is left to be asked about.
std::string shown_text(std::string_view text, const std::vector<std::string>& leave_out);

// nullopt: the answer lets the text pass. What a person should look at, a person may confirm.
std::optional<Finding> finding_of(const WeChatRule& rule, Answer answer);
std::optional<Finding> finding_of(const Outside& checker, Answer answer);

}  // namespace miniops::content_check
