// What is hidden in logs and errors before they are stored (入库脱敏): by rules that a mini program's people set, for
// good. Pure. (What readers without the permission do not see is hidden when it is shown: base/mask.hpp.)
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "telemetry/record.hpp"

namespace miniops::telemetry {

struct MaskingRule {
  std::string name;
  std::string pattern;      // RE2; matches never nothing
  std::string replacement;  // \1 … \9 are groups
  bool operator==(const MaskingRule&) const = default;
};

struct MaskingSettings {
  bool phones = false, id_cards = false, bank_cards = false, emails = false;
  bool tokens = true;  // access_token=…, session_key, Authorization: Bearer …, password=…
  std::vector<MaskingRule> rules{};
  bool operator==(const MaskingSettings&) const = default;
};

json::object to_json(const MaskingSettings& settings);
// What it holds over the defaults; what cannot be read is the default, a rule that cannot be used is left out.
MaskingSettings masking_of(const json::value& stored);
// The same from a person: only what is given changes; mistakes are told by `in`.
void read_masking(JsonInput& in, MaskingSettings& settings);

// The settings made ready: once for each change of them, then for every record. Safe from any thread.
class Masker {
 public:
  explicit Masker(const MaskingSettings& settings);
  ~Masker();

  std::string masked(std::string_view text) const;  // valid UTF-8 gives valid UTF-8
  void mask(json::value& value) const;              // all texts and numbers in it; names stay
  // The text and the properties of a log or an error; other kinds stay as they are.
  void mask(Record& record) const;

 private:
  struct Rules;
  std::unique_ptr<const Rules> rules_;
};

}  // namespace miniops::telemetry
