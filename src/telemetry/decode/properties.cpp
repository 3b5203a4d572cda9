#include "telemetry/decode/properties.hpp"

#include <algorithm>
#include <functional>

#include "base/text.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

namespace {

constexpr int depth_max = 64;  // the decoders' own limit is far below

void escape_char(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  constexpr std::string_view plain = "\"\\\n\r\t\b\f";
  constexpr std::string_view short_forms = "\"\\nrtbf";
  if (const auto at = plain.find(c); at != std::string_view::npos) {
    out.append(1, '\\').append(1, short_forms[at]);
  } else {
    out.append("\\u00").append(1, hex[static_cast<unsigned char>(c) >> 4]).append(1, hex[c & 15]);
  }
}

}  // namespace

bool Names::insert(std::string_view name) {
  const std::size_t hash = std::hash<std::string_view>{}(name);
  if (count_ < few_.size()) {
    const auto end = few_.begin() + static_cast<std::ptrdiff_t>(count_);
    if (std::find(few_.begin(), end, hash) != end) return false;
    few_[count_++] = hash;
    return true;
  }
  if (many_.empty()) many_.insert(few_.begin(), few_.end());
  return many_.insert(hash).second;
}

bool JsonWriter::put(std::string& out, std::string_view json) const {
  if (out.size() + json.size() > bytes_max_) return false;
  out.append(json);
  return true;
}

std::size_t JsonWriter::room(const std::string& out) const { return bytes_max_ - std::min(bytes_max_, out.size()); }

bool JsonWriter::text(std::string& out, std::string_view text) const {
  if (!valid_utf8(text)) return this->text(out, valid_text(text));  // once: then it is valid
  const std::string_view kept = cut_text(text, room(out));
  out.push_back('"');
  std::size_t plain = 0;  // where the run that needs no escape begins
  for (std::size_t at = 0; at < kept.size(); ++at) {
    const char c = kept[at];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out.append(kept.substr(plain, at - plain));
    escape_char(out, c);
    plain = at + 1;
  }
  out.append(kept.substr(plain)).push_back('"');
  return kept.size() == text.size() && out.size() <= bytes_max_;
}

bool JsonWriter::number(std::string& out, double value) const { return put(out, number_text(value)); }

bool JsonWriter::is_dropped(const Element& element) const {
  std::string_view text;
  return undefined_ == Undefined::dropped && element.get(text) == simdjson::SUCCESS && text == undefined_text;
}

bool JsonWriter::value(std::string& out, const Element& element, int depth) const {
  if (depth > depth_max) return false;
  switch (element.type()) {
    case simdjson::dom::element_type::OBJECT:
      return object(out, element.get_object().value_unsafe(), depth);
    case simdjson::dom::element_type::ARRAY:
      return array(out, element.get_array().value_unsafe(), depth);
    case simdjson::dom::element_type::STRING:
      return text(out, element.get_string().value_unsafe());
    case simdjson::dom::element_type::NULL_VALUE:
      return put(out, "null");
    default:
      return put(out, text_of(element));
  }
}

bool JsonWriter::array(std::string& out, const Array& items, int depth) const {
  if (!put(out, "[")) return false;
  bool first = true;
  for (const Element item : items) {
    if (!first && !put(out, ",")) return false;
    first = false;
    if (!value(out, item, depth + 1)) return false;
  }
  return put(out, "]");
}

bool JsonWriter::object(std::string& out, const Object& members, int depth) const {
  if (!put(out, "{")) return false;
  bool first = true;
  Names names;
  for (const auto [raw, member] : members) {
    const std::string name = valid_text(raw);
    if (is_dropped(member) || !names.insert(name)) continue;
    if (!first && !put(out, ",")) return false;
    first = false;
    if (!text(out, name) || !put(out, ":") || !value(out, member, depth + 1)) return false;
  }
  return put(out, "}");
}

// One byte is kept for the brace at the end.
Properties::Properties(Undefined undefined, std::size_t bytes_max) : writer_(bytes_max - 1, undefined) {}

bool Properties::begin(std::string_view name) {
  // Full but for a thousandth: a million members more are not tried, each for the few bytes that are left.
  if (cut_ && writer_.room(out_) < out_.size() / 1024) return false;
  const std::string valid = valid_text(name);
  if (!names_.insert(valid)) return false;
  member_ = out_.size();
  if (member_ > 1) out_.push_back(',');
  const bool fits = writer_.text(out_, valid);
  out_.push_back(':');
  if (!fits) end(false);
  return fits;
}

void Properties::end(bool written) {
  if (written) return;
  out_.resize(member_);
  cut_ = true;
}

void Properties::add(std::string_view name, const Element& value) {
  if (!writer_.is_dropped(value) && begin(name)) end(writer_.value(out_, value));
}

void Properties::add(std::string_view name, const std::optional<Element>& value) {
  if (value) add(name, *value);
}

void Properties::add_text(std::string_view name, std::string_view text) {
  if (!text.empty() && begin(name)) end(writer_.text(out_, text));
}

void Properties::add_number(std::string_view name, double value) {
  if (begin(name)) end(writer_.number(out_, value));
}

void Properties::add_flag(std::string_view name, bool value) { add_json(name, value ? "true" : "false"); }

void Properties::add_json(std::string_view name, std::string_view json) {
  if (!json.empty() && json != "{}" && json != "[]" && begin(name)) end(writer_.put(out_, json));
}

void Properties::add_object(std::string_view name, Properties object) {
  cut_ = cut_ || object.cut();
  add_json(name, object.take());
}

void Properties::add_list(std::string_view name, std::vector<Properties> objects) {
  std::string list;
  for (Properties& object : objects) {
    cut_ = cut_ || object.cut();
    list.append(list.empty() ? "[" : ",").append(object.take());
  }
  if (!list.empty()) add_json(name, list + "]");
}

std::string Properties::take() {
  out_.push_back('}');
  return std::move(out_);
}

std::string head_of(const Element& value, std::size_t bytes_max) {
  std::string out;
  JsonWriter(bytes_max, Undefined::kept).value(out, value);
  return std::string(cut_text(out, bytes_max));
}

}  // namespace miniops::telemetry
