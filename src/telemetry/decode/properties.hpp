// The properties of a record: one JSON object of bounded size, composed of what a request left over.
#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "telemetry/decode/json.hpp"
#include "telemetry/record.hpp"

namespace miniops::telemetry {

// Names of one object, to leave a second member of the same name away: other readers refuse it. Keeps hashes only.
class Names {
 public:
  bool insert(std::string_view name);  // false: it is there

 private:
  std::array<std::size_t, 16> few_{};
  std::size_t count_ = 0;
  std::set<std::size_t> many_;  // of all, when they are no longer few. Names can be chosen to clog a hash table
};

// Writes minified JSON of valid UTF-8 to the end of a text that it does not let grow beyond a size. The writers give
// false when the size or the depth did not suffice; the text then ends somewhere in the value.
class JsonWriter {
 public:
  JsonWriter(std::size_t bytes_max, Undefined undefined) : bytes_max_(bytes_max), undefined_(undefined) {}

  bool value(std::string& out, const Element& element, int depth = 0) const;
  bool text(std::string& out, std::string_view text) const;
  bool number(std::string& out, double value) const;
  bool put(std::string& out, std::string_view json) const;  // as it is
  std::size_t room(const std::string& out) const;
  bool is_dropped(const Element& element) const;

 private:
  bool array(std::string& out, const Array& items, int depth) const;
  bool object(std::string& out, const Object& members, int depth) const;
  std::size_t bytes_max_;
  Undefined undefined_;
};

// Members are added in the order of their worth: one that does not fit is left away, and what follows may still fit.
// So is the second of the same name.
class Properties {
 public:
  explicit Properties(Undefined undefined = Undefined::kept, std::size_t bytes_max = properties_bytes_max);

  void add(std::string_view name, const Element& value);
  void add(std::string_view name, const std::optional<Element>& value);
  void add_text(std::string_view name, std::string_view text);  // left away when it is empty
  void add_number(std::string_view name, double value);
  void add_flag(std::string_view name, bool value);
  // Composed by us: JSON already. Left away when it is empty, "{}" or "[]".
  void add_json(std::string_view name, std::string_view json);
  void add_object(std::string_view name, Properties object);  // left away when it is empty
  void add_list(std::string_view name, std::vector<Properties> objects);
  // All members but those that `is_used` says of.
  template <class IsUsed>
  void add_rest(const Fields& fields, IsUsed is_used) {
    if (!fields.object()) return;
    for (const auto [name, value] : *fields.object()) {
      if (!is_used(name)) add(name, value);
    }
  }

  bool cut() const { return cut_; }
  std::string take();  // "{…}"

 private:
  bool begin(std::string_view name);
  void end(bool written);
  std::string out_ = "{";
  std::size_t member_ = 0;  // where the member that is being written begins
  JsonWriter writer_;
  Names names_;
  bool cut_ = false;
};

// The front of a value's JSON, for people to look at.
std::string head_of(const Element& value, std::size_t bytes_max = 200);

}  // namespace miniops::telemetry
