// Rules with everything worked out that does not depend on the conversation. Of the module's own.
#pragma once

#include <atomic>
#include <deque>

#include "routing/decide.hpp"
#include "routing/keywords.hpp"

namespace miniops::routing {

// A calendar that remembers its last answer: it changes by the minute at most, and asking it costs more than all other
// comparisons together. Any thread: whoever finds another minute there asks the calendar.
class Hours {
 public:
  explicit Hours(const calendar::Calendar& calendar) : calendar_(calendar) {}
  bool open(TimeMs now) const;

 private:
  const calendar::Calendar& calendar_;
  mutable std::atomic<std::int64_t> last_{INT64_MIN};  // the minute, and whether it is open as the lowest bit
};

// A condition of a rule.
struct Node {
  const Condition* condition = nullptr;
  std::vector<Node> parts{};
  std::vector<std::string> texts{};       // as they are compared: pages without '/', whole messages folded
  std::vector<std::uint32_t> keywords{};  // the numbers of text's keywords
  const Hours* hours = nullptr;
};

struct RuleSet::Compiled {
  std::vector<Rule> rules{};
  std::vector<Node> conditions{};  // of each rule
  std::vector<Target> targets{};   // of each rule, with the groups that there are
  std::vector<bool> has_group{};   // of each rule
  Target fallback{};
  Keywords keywords{};
  std::deque<Hours> hours{};
  std::vector<TimeMs> waits{};
};

// As pages are compared: without the '/' that people write before them.
std::string_view plain_page(std::string_view page);
// As messages are compared.
std::string plain_text(std::string_view text);

}  // namespace miniops::routing
