// Which errors are one issue, and why. Pure.
//
// Rules have versions: a key says under which it was made, and what was made under an older one still leads to its
// issue. A change of a rule is a new version, never an edit.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "issues/failure.hpp"

namespace miniops::issues {

struct KeyPart {
  std::string name;  // "type", "frame", "message", "url" …
  std::string value;
  bool operator==(const KeyPart&) const = default;
};

// What an issue is recognised by: all that was looked at, in words.
struct Key {
  int version = 1;
  std::string rule;  // "fingerprint", "stack", "message", "api", "network", "resource", "page", "overflow"
  std::vector<KeyPart> parts{};
  bool operator==(const Key&) const = default;
};
json::array to_json(const std::vector<KeyPart>& parts);
std::vector<KeyPart> key_parts_of(const json::value& stored);

// The first 63 bits of a hash: the same in all times and places, so that making an issue twice is harmless.
std::int64_t id_of(const AppId& appid, const Key& key);

using Rule = Key (*)(const Failure&, const std::string& page);
// Version 1. The client's fingerprint goes before all. Then, by kind:
//   js            the newest frames of the app with the type; without such frames the parameterised message
//   api           the call's name with its errno, else with the parameterised message
//   network       method, address pattern and class of the outcome
//   resource      type and address pattern
//   blank_screen, crash  the page
Key key_v1(const Failure& failure, const std::string& page);
// All rules whose keys may lead to issues; the last is the one that makes new ones.
std::vector<Rule> rules();

// What people see of an issue before they open it.
struct Headline {
  std::string title;    // "TypeError: x is not defined"
  std::string culprit;  // "buy (pages/index/index.js)", a page, an address
};
Headline headline_of(const Failure& failure, const std::string& page);
Headline headline_of(const Key& key);  // when nothing but the key is left of it

// The key of what has no place any more: a mini program with too many issues.
Key overflow_key(Kind kind);

// What a change of the rule would do to these failures: the groups of both, each with the groups of the other that its
// members are in. Only groups that change are listed.
struct Regrouped {
  Key before, after;
  std::int64_t count = 0;
};
std::vector<Regrouped> preview(std::span<const std::pair<Failure, std::string>> failures, Rule before, Rule after);

}  // namespace miniops::issues
