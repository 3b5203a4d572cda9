#include "live/ring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/mask.hpp"

namespace miniops::live {

namespace json = boost::json;

namespace {

// Where people's own words stand in the objects of the API, at any depth.
constexpr std::array<std::string_view, 15> text_keys{
    "content", "title",        "description", "summary", "note",     "nickname",      "label", "source",
    "sources", "session_from", "raw",         "url",     "pagepath", "flagged_words", "fields"};

void mask(json::value& value, bool free_text) {
  if (value.is_string()) {
    if (free_text) value = mask_personal_data(value.get_string());
  } else if (value.is_array()) {
    for (auto& item : value.get_array()) mask(item, free_text);
  } else if (value.is_object()) {
    for (auto& [key, member] : value.get_object()) {
      mask(member, free_text || std::ranges::find(text_keys, std::string_view(key)) != text_keys.end());
    }
  }
}

// The data is put in as it is: parsing it to serialise it again would cost more than all else here.
std::shared_ptr<const std::string> message_of(const AppId& appid, std::int64_t seq, std::string_view topic,
                                              std::string_view data) {
  return std::make_shared<const std::string>(
      fmt::format(R"({{"type":"change","appid":{},"seq":{},"topic":{},"data":{}}})",
                  json::serialize(json::string(appid.str())), seq, json::serialize(json::string(topic)), data));
}

}  // namespace

std::shared_ptr<const std::string> text_of(const json::object& message) {
  return std::make_shared<const std::string>(json::serialize(message));
}

std::string mask_message(std::string_view json_text) {
  json::value message = json::parse(json_text);
  mask(message, false);
  return json::serialize(message);
}

NumberedChange::NumberedChange(const AppId& appid, std::int64_t seq, std::string_view topic,
                               std::optional<identity::Permission> permission, Audience audience, std::string_view data)
    : seq_(seq), permission_(permission), audience_(std::move(audience)), clear_(message_of(appid, seq, topic, data)) {}

std::shared_ptr<const std::string> NumberedChange::masked() const {
  std::call_once(once_, [this] {
    auto masked = mask_message(*clear_);
    // Mostly there is nothing to mask: then one string serves all.
    masked_ = masked == *clear_ ? clear_ : std::make_shared<const std::string>(std::move(masked));
  });
  return masked_;
}

void Ring::push(ChangePtr change) {
  last_ = change->seq();
  bytes_ += change->bytes();
  changes_.push_back(std::move(change));
  while (changes_.size() > changes_max_ || (bytes_ > bytes_max_ && changes_.size() > 1)) {
    bytes_ -= changes_.front()->bytes();
    changes_.pop_front();
  }
}

void Ring::reset(std::int64_t last) {
  changes_.clear();
  bytes_ = 0;
  last_ = last;
}

bool Ring::may_tell_of(std::int64_t about, std::int64_t seq) const {
  if (seq < reaches_back_to()) return true;
  if (seq >= last_) return false;
  return std::any_of(changes_.begin() + (seq - reaches_back_to()), changes_.end(),
                     [&](const ChangePtr& change) { return change->audience().about == about; });
}

std::vector<ChangePtr> Ring::after(std::int64_t seq) const {
  const auto skipped = seq - reaches_back_to();
  return {changes_.begin() + skipped, changes_.end()};
}

}  // namespace miniops::live
