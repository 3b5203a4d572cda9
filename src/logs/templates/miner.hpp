// Templates of log messages, mined one line at a time: lines that one statement of a program wrote get one id. Pure
// computation, for one thread at a time.
//
// A template's text is the message with parameters where it varies, as `订单 <*> 支付失败`. `<*>` stands for a value
// that is known by its form (number, id, address, path, quoted text, value of a key …); `<word>` for a place where so
// many different words were seen that it takes any. Ids begin at 1 and keep their meaning: a template that turns out to
// be more general keeps its id, and when several turn out to be one, the oldest lives on and the others become its
// aliases. Id 0 is the catch-all, for lines beyond the limit of templates.
//
// Ids and texts are the whole state: a miner to which they were given back by `restore` goes on as the one that made
// them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace miniops::logs {

struct MinerOptions {
  std::size_t templates_max = 5000;
  std::size_t bytes_max = 2048;  // of a line; what is behind is not looked at
};

struct Mined {
  std::int32_t id = 0;
  bool created = false;  // the id is new
  bool changed = false;  // the text of this id became more general
  bool operator==(const Mined&) const = default;
};

// Lines of `from` belong to `to`, which is older and lives.
struct TemplateAlias {
  std::int32_t from = 0;
  std::int32_t to = 0;
  bool operator==(const TemplateAlias&) const = default;
};

class Miner {
 public:
  explicit Miner(MinerOptions options = {});
  Miner(Miner&&) noexcept;
  Miner& operator=(Miner&&) noexcept;
  ~Miner();

  // Any bytes are welcome; the time for a line is bounded. What `add` merges is in `take_aliases` afterwards.
  Mined add(std::string_view line);

  // Of a living template; "<*>" for every other id. Valid until the next call of `add` or `restore`.
  const std::string& text_of(std::int32_t id) const;
  // How many templates live.
  std::size_t size() const;

  // The aliases since the last call, in the order in which they came to be. Those of an id that became an alias itself
  // are not told again: 7→3 and then 3→1 means 7→1.
  std::vector<TemplateAlias> take_aliases();

  // Gives back a living template. In any order, before the first `add`. With an empty text the id is only marked as
  // taken: so are the ids of aliases given back, because new ids are above all that were given back. What cannot be a
  // template (an id below 1, a text or an id that is there already, more words than any message has) is ignored.
  void restore(std::int32_t id, std::string_view template_text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace miniops::logs
