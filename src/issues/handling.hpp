// What people decided about an issue, and when the program takes a decision back. Pure.
#pragma once

#include <map>
#include <string>

#include "base/json.hpp"
#include "identity/access.hpp"
#include "issues/words.hpp"

namespace miniops::issues {

// The order in which a mini program's releases came, the newest last: by when each was first seen, or as people have
// set it. Names are never compared.
class ReleaseOrder {
 public:
  // `place`: greater is newer.
  void put(const std::string& release, std::int64_t place) { places_[release] = place; }
  bool knows(const std::string& release) const { return places_.contains(release); }
  // False when either is unknown: a release that was not seen yet is in the future.
  bool is_newer(const std::string& release, const std::string& than) const;
  std::string newest() const;                            // "" when none is known
  std::int64_t place(const std::string& release) const;  // 0: unknown
  std::int64_t last_place() const;
  std::size_t size() const { return places_.size(); }

 private:
  std::map<std::string, std::int64_t> places_;
};

// An issue that is ignored is silent until the first of these comes true.
struct Ignoring {
  TimeMs until_at = 0;           // 0: no time
  std::int64_t until_count = 0;  // so many more events; 0: no count
  double seen = 0;               // of them, brought up to date once a minute
  bool until_release = false;    // until it is seen in a release that is newer than
  std::string after_release{};   // this one; "": than none
  bool operator==(const Ignoring&) const = default;
};

struct Assignee {
  identity::AccountId id;
  std::string name;  // as it was called then
  bool operator==(const Assignee&) const = default;
};

// Everything about an issue that people set, and that a step of its history takes from one value to another.
struct Handling {
  Workflow state = Workflow::found;
  std::string fixed_in{};   // of a resolved one; "": no release is known
  TimeMs resolved_at = 0;   // 0: it is not
  TimeMs regressed_at = 0;  // 0: it did not come back since it was resolved last
  std::optional<Assignee> assignee{};
  std::optional<Severity> severity{};  // what people say goes before what is computed
  std::optional<Ignoring> ignored{};
  std::string tracker_url{};
  bool operator==(const Handling&) const = default;
};

// The members in which the first differs from the second, with the values of the first.
json::object difference(const Handling& of, const Handling& from);
// The second with the members of a difference put into it.
Handling with(const json::object& difference, Handling handling);

// Marks it as resolved: `released` when the release with the fix was seen already, else `fixed`.
void resolve(Handling& handling, Workflow state, std::string fixed_in, TimeMs now);

// An event of an issue, as far as decisions depend on it.
struct Sighting {
  std::string release;
  TimeMs time = 0;
  TimeMs received_at = 0;
};
// What a sighting does to a decision. What was received before a decision was made never undoes it.
enum class Verdict {
  nothing,
  wake,     // it was ignored until now
  regress,  // it was fixed, and is back in a newer release
};
Verdict judge(const Handling& handling, const Sighting& sighting, const ReleaseOrder& releases);
// Ignored still, as far as time and count go.
bool is_silent(const Handling& handling, TimeMs now);
void regress(Handling& handling, TimeMs at);

}  // namespace miniops::issues
