// Decoding one object field by field.
#include <algorithm>
#include <utility>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace miniops {

namespace {

std::string pointer_to(const std::string& base, std::string_view key) {
  if (key.empty()) return base;
  std::string out = base + '/';
  for (char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

// What the readers of one body have in common.
struct JsonInput::Shared {
  struct Reader {
    const json::object* object;
    std::string pointer;
    std::shared_ptr<std::vector<std::string>> read;
  };
  std::vector<Reader> readers;
  std::vector<FieldError> mistakes;
};

JsonInput::JsonInput(const json::value& body) : JsonInput(body.if_object(), std::string(), std::make_shared<Shared>()) {
  if (object_ == nullptr) mistake("", "A JSON object is expected.");
}

JsonInput::JsonInput(const json::object* object, std::string pointer, std::shared_ptr<Shared> shared)
    : object_(object),
      pointer_(std::move(pointer)),
      shared_(std::move(shared)),
      read_(std::make_shared<std::vector<std::string>>()) {
  if (object_ != nullptr) shared_->readers.push_back({object_, pointer_, read_});
}

JsonInput::~JsonInput() = default;
JsonInput::JsonInput(JsonInput&&) noexcept = default;

bool JsonInput::has(std::string_view key) const {
  const json::value* value = object_ == nullptr ? nullptr : object_->if_contains(key);
  return value != nullptr && !value->is_null();
}

const json::value* JsonInput::optional_value(std::string_view key) {
  read_->emplace_back(key);
  return has(key) ? object_->if_contains(key) : nullptr;
}

std::optional<std::string> JsonInput::optional_text(std::string_view key, TextRule rule) {
  const json::value* value = optional_value(key);
  if (value == nullptr) return std::nullopt;
  const json::string* text = value->if_string();
  if (text == nullptr) {
    mistake(key, "A text is expected.");
    return std::nullopt;
  }
  const std::size_t chars = count_chars({text->data(), text->size()});
  if (chars < rule.chars_min || chars > rule.chars_max) {
    mistake(key, "Must have " + std::to_string(rule.chars_min) + " to " + std::to_string(rule.chars_max) +
                     " characters, has " + std::to_string(chars) + ".");
    return std::nullopt;
  }
  return std::string(text->data(), text->size());
}

std::string JsonInput::text(std::string_view key, TextRule rule) {
  if (object_ != nullptr && !has(key)) mistake(key, "Is required.");
  return optional_text(key, rule).value_or(std::string());
}

std::optional<std::int64_t> JsonInput::optional_integer(std::string_view key, std::int64_t min, std::int64_t max) {
  const json::value* value = optional_value(key);
  if (value == nullptr) return std::nullopt;
  const std::int64_t* number = value->if_int64();
  if (number == nullptr || *number < min || *number > max) {
    mistake(key, "A whole number from " + std::to_string(min) + " to " + std::to_string(max) + " is expected.");
    return std::nullopt;
  }
  return *number;
}

std::int64_t JsonInput::integer(std::string_view key, std::int64_t min, std::int64_t max) {
  if (object_ != nullptr && !has(key)) mistake(key, "Is required.");
  return optional_integer(key, min, max).value_or(0);
}

std::optional<bool> JsonInput::optional_boolean(std::string_view key) {
  const json::value* value = optional_value(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_bool()) {
    mistake(key, "true or false is expected.");
    return std::nullopt;
  }
  return value->get_bool();
}

bool JsonInput::boolean(std::string_view key) {
  if (object_ != nullptr && !has(key)) mistake(key, "Is required.");
  return optional_boolean(key).value_or(false);
}

std::optional<std::string> JsonInput::optional_choice(std::string_view key,
                                                      std::initializer_list<std::string_view> allowed) {
  const json::value* value = optional_value(key);
  if (value == nullptr) return std::nullopt;
  const json::string* text = value->if_string();
  if (text != nullptr && std::ranges::find(allowed, std::string_view(text->data(), text->size())) != allowed.end())
    return std::string(text->data(), text->size());
  std::string message = "One of these is expected:";
  for (std::string_view word : allowed) message.append(word == *allowed.begin() ? " " : ", ").append(word);
  mistake(key, message + ".");
  return std::nullopt;
}

std::string JsonInput::choice(std::string_view key, std::initializer_list<std::string_view> allowed) {
  if (object_ != nullptr && !has(key)) mistake(key, "Is required.");
  return optional_choice(key, allowed).value_or(std::string());
}

std::optional<std::int64_t> JsonInput::optional_id(std::string_view key) {
  const json::value* value = optional_value(key);
  if (value == nullptr) return std::nullopt;
  const json::string* text = value->if_string();
  const auto id = text == nullptr ? std::nullopt : parse_id({text->data(), text->size()});
  if (!id) mistake(key, "An id is expected: a decimal number as a text.");
  return id;
}

std::vector<std::string> JsonInput::optional_texts(std::string_view key, std::size_t count_max, TextRule rule) {
  std::vector<std::string> out;
  const json::value* value = optional_value(key);
  if (value == nullptr) return out;
  const json::array* array = value->if_array();
  if (array == nullptr || array->size() > count_max) {
    mistake(key, "A list of at most " + std::to_string(count_max) + " texts is expected.");
    return out;
  }
  for (std::size_t i = 0; i < array->size(); ++i) {
    const json::string* text = (*array)[i].if_string();
    const std::size_t chars = text == nullptr ? 0 : count_chars({text->data(), text->size()});
    if (text == nullptr || chars < rule.chars_min || chars > rule.chars_max) {
      shared_->mistakes.push_back({pointer_to(pointer_, key) + '/' + std::to_string(i),
                                   "A text of " + std::to_string(rule.chars_min) + " to " +
                                       std::to_string(rule.chars_max) + " characters is expected."});
    } else {
      out.emplace_back(text->data(), text->size());
    }
  }
  return out;
}

JsonInput JsonInput::object(std::string_view key, bool required) {
  const json::value* value = optional_value(key);
  const json::object* object = value == nullptr ? nullptr : value->if_object();
  if (value != nullptr && object == nullptr) mistake(key, "An object is expected.");
  if (value == nullptr && required && object_ != nullptr) mistake(key, "Is required.");
  return JsonInput(object, pointer_to(pointer_, key), shared_);
}

std::vector<JsonInput> JsonInput::optional_objects(std::string_view key, std::size_t count_max) {
  std::vector<JsonInput> out;
  const json::value* value = optional_value(key);
  if (value == nullptr) return out;
  const json::array* array = value->if_array();
  if (array == nullptr || array->size() > count_max) {
    mistake(key, "A list of at most " + std::to_string(count_max) + " objects is expected.");
    return out;
  }
  for (std::size_t i = 0; i < array->size(); ++i) {
    std::string pointer = pointer_to(pointer_, key) + '/' + std::to_string(i);
    const json::object* object = (*array)[i].if_object();
    if (object == nullptr) shared_->mistakes.push_back({pointer, "An object is expected."});
    out.push_back(JsonInput(object, std::move(pointer), shared_));
  }
  return out;
}

void JsonInput::mistake(std::string_view key, std::string message) {
  shared_->mistakes.push_back({pointer_to(pointer_, key), std::move(message)});
}

Result<void> JsonInput::finish() {
  for (const Shared::Reader& reader : shared_->readers) {
    for (const auto& member : *reader.object) {
      if (std::ranges::find(*reader.read, std::string_view(member.key())) == reader.read->end())
        shared_->mistakes.push_back({pointer_to(reader.pointer, member.key()), "This field is not known."});
    }
  }
  shared_->readers.clear();
  if (shared_->mistakes.empty()) return {};
  Error error{"request.invalid", "Some fields are missing or wrong.", ErrorKind::invalid};
  error.fields = shared_->mistakes;
  return fail(std::move(error));
}

}  // namespace miniops
