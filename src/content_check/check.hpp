// The content check 内容检查: what an agent is about to say to a customer goes past checkers first. Values, and the one
// interface that the desk asks.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/task.hpp"
#include "base/words.hpp"

namespace miniops::content_check {

// What comes of a text that a checker does not like: the agent may send it all the same, or not.
enum class Action { warn, block };
inline constexpr std::array<std::string_view, 2> action_words{"warn", "block"};
inline std::span<const std::string_view> words_of(Action) { return action_words; }

// What comes of a text that a checker said nothing about: open lets it pass, closed treats it as not liked.
enum class Failing { open, closed };
inline constexpr std::array<std::string_view, 2> failing_words{"open", "closed"};
inline std::span<const std::string_view> words_of(Failing) { return failing_words; }

// pass · review: a person should look · risky · inactive: WeChat cannot say, since the customer was not in the mini
// program for two hours · unanswered: no answer in time, or none that can be read.
enum class Verdict { pass, review, risky, inactive, unanswered };
inline constexpr std::array<std::string_view, 5> verdict_words{"pass", "review", "risky", "inactive", "unanswered"};
inline std::span<const std::string_view> words_of(Verdict) { return verdict_words; }

struct Question {
  AppId appid{};
  OpenId openid{};  // who would read it; told to WeChat alone
  std::string text{};
};

// What one checker said. Its texts come from outside: bounded, valid UTF-8, for people's eyes only.
struct Answer {
  Verdict verdict = Verdict::unanswered;
  std::string reason{};              // why: WeChat's label, what the checker wrote, or why there is no answer
  std::vector<std::string> words{};  // of the text, that it does not like
  std::int64_t ms = 0;
};

// Something that stands in the way of a text.
struct Finding {
  std::string kind{};  // "wechat" or "webhook"
  std::string name{};  // of the checker; empty: WeChat
  Answer answer{};
  bool may_confirm = false;  // the agent may send it all the same
};

// What is set up, at the cost of a look into memory.
struct Rules {
  Action words = Action::block;  // what comes of words that the list blocks
  bool outside = false;          // somebody is asked besides
};

// Safe from any thread.
class Checker {
 public:
  virtual ~Checker() = default;
  virtual Rules rules(const AppId& appid) const = 0;
  // Asks all that are switched on side by side; nothing: all let it pass. Takes a second at most and never fails:
  // who does not answer is a finding, or nothing, as the settings say. Never inside a transaction.
  virtual Task<std::vector<Finding>> ask(Question question) = 0;
};

// Nobody is asked.
class NoChecker final : public Checker {
 public:
  Rules rules(const AppId&) const override { return {}; }
  Task<std::vector<Finding>> ask(Question) override { co_return std::vector<Finding>(); }
};

}  // namespace miniops::content_check
