#include "issues/grouping.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "issues/message.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::issues {

namespace {

constexpr std::size_t key_frames_max = 8;
constexpr std::size_t title_bytes_max = 300;
constexpr int bundled_column = 500;  // nobody writes such lines: the file is one of a bundler
constexpr std::string_view default_words = "{{ default }}";

// A call in words that stay the same from build to build. `named`: it says more than the file.
struct PlainFrame {
  std::string text;
  bool named = false;
};

PlainFrame plain_frame(const Frame& frame) {
  const std::string file = without_hash(frame.file);
  const std::string function = plain_function(frame.function);
  if (!function.empty()) return {fmt::format("{} in {}", function, file), true};
  if (!frame.code.empty()) return {fmt::format("{} in {}", frame.code, file), true};
  if (frame.column > bundled_column || frame.line == 0) return {file, false};
  return {fmt::format("{}:{}", file, frame.line), true};
}

// The newest frames of the app; recursion is one frame.
std::vector<PlainFrame> plain_frames(const std::vector<Frame>& frames) {
  std::vector<PlainFrame> out;
  for (const Frame& frame : frames) {
    if (!frame.in_app) continue;
    PlainFrame plain = plain_frame(frame);
    if (!out.empty() && out.back().text == plain.text) continue;
    out.push_back(std::move(plain));
    if (out.size() == key_frames_max) break;
  }
  return out;
}

Key message_key(const Exception& exception) {
  return {1, "message", {{"type", exception.type}, {"message", parameterised(exception.message)}}};
}

Key stack_key(const Failure& failure) {
  const Exception& thrown = failure.thrown();
  const auto frames = plain_frames(thrown.frames);
  if (frames.empty()) return message_key(thrown);
  Key key{1, "stack", {{"type", thrown.type}}};
  // A stack that names nothing, as a minified bundle's, is completed by the message.
  if (std::ranges::none_of(frames, &PlainFrame::named)) key.parts.push_back({"message", parameterised(thrown.message)});
  for (const PlainFrame& frame : frames) key.parts.push_back({"frame", frame.text});
  return key;
}

// "5xx", "timeout", "domain": what a request came to.
std::string outcome_of(const Failure& failure) {
  if (failure.status >= 100) return fmt::format("{}xx", failure.status / 100);
  const std::string message = telemetry::lower_text(failure.thrown().message);
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> words{{{"timeout", "timeout"},
                                                                                {"time out", "timeout"},
                                                                                {"domain list", "domain"},
                                                                                {"ssl", "tls"},
                                                                                {"certificate", "tls"},
                                                                                {"interrupted", "interrupted"}}};
  for (const auto& [word, outcome] : words)
    if (message.find(word) != std::string::npos) return std::string(outcome);
  return "failed";
}

Key network_key(const Failure& failure) {
  if (failure.url.empty()) return message_key(failure.thrown());
  return {1, "network", {{"method", failure.method}, {"url", failure.url}, {"outcome", outcome_of(failure)}}};
}

Key api_key(const Failure& failure) {
  Key key{1, "api", {{"api", failure.api}}};
  if (!failure.errno_text.empty()) {
    key.parts.push_back({"errno", failure.errno_text});
  } else {
    key.parts.push_back({"message", parameterised(failure.thrown().message)});
  }
  return key;
}

Key resource_key(const Failure& failure) {
  const Exception& thrown = failure.thrown();
  if (!failure.url.empty()) return {1, "resource", {{"resource", thrown.type}, {"url", failure.url}}};
  return {1, "resource", {{"resource", thrown.type}, {"message", parameterised(thrown.message)}}};
}

Key page_key(const Failure& failure, const std::string& page) {
  Key key{1, "page", {{"type", failure.thrown().type}, {"page", page}}};
  if (failure.memory) key.parts.push_back({"memory", "low"});
  return key;
}

Key computed_key(const Failure& failure, const std::string& page) {
  switch (failure.kind) {
    case Kind::js:
      return stack_key(failure);
    case Kind::api:
      return api_key(failure);
    case Kind::network:
      return network_key(failure);
    case Kind::resource:
      return resource_key(failure);
    case Kind::blank_screen:
    case Kind::crash:
      return page_key(failure, page);
  }
  std::unreachable();
}

// The newest frame of the app with a name, else the newest one of it.
const Frame* culprit_frame(const std::vector<Frame>& frames) {
  const auto named = std::ranges::find_if(
      frames, [](const Frame& frame) { return frame.in_app && !plain_function(frame.function).empty(); });
  if (named != frames.end()) return &*named;
  const auto own = std::ranges::find(frames, true, &Frame::in_app);
  return own == frames.end() ? nullptr : &*own;
}

std::string culprit_of(const Failure& failure, const std::string& page) {
  if (!failure.url.empty()) return failure.url;
  const Frame* frame = culprit_frame(failure.thrown().frames);
  if (frame == nullptr) return page;
  const std::string function = plain_function(frame->function);
  return function.empty() ? frame->file : fmt::format("{} ({})", function, frame->file);
}

}  // namespace

json::array to_json(const std::vector<KeyPart>& parts) {
  json::array out;
  for (const KeyPart& part : parts) out.push_back(json::object{{"name", part.name}, {"value", part.value}});
  return out;
}

std::vector<KeyPart> key_parts_of(const json::value& stored) {
  std::vector<KeyPart> parts;
  if (!stored.is_array()) return parts;
  for (const json::value& one : stored.as_array())
    parts.push_back({std::string(one.at("name").as_string()), std::string(one.at("value").as_string())});
  return parts;
}

std::int64_t id_of(const AppId& appid, const Key& key) {
  std::string text = fmt::format("{}\n{}\n{}", appid.str(), key.version, key.rule);
  for (const KeyPart& part : key.parts) text += fmt::format("\n{}:{}:{}", part.name, part.value.size(), part.value);
  const std::string hash = sha256(text);
  std::uint64_t id = 0;
  for (const char c : std::string_view(hash).substr(0, 8)) id = id << 8 | static_cast<unsigned char>(c);
  return std::max<std::int64_t>(static_cast<std::int64_t>(id >> 1), 1);  // 0 is no issue
}

Key key_v1(const Failure& failure, const std::string& page) {
  const bool own =
      std::ranges::any_of(failure.fingerprint, [](const std::string& part) { return part != default_words; });
  if (!own) return computed_key(failure, page);
  Key key{1, "fingerprint"};
  for (const std::string& part : failure.fingerprint) {
    if (part != default_words) {
      key.parts.push_back({"fingerprint", part});
      continue;
    }
    for (KeyPart& computed : computed_key(failure, page).parts) key.parts.push_back(std::move(computed));
  }
  return key;
}

std::vector<Rule> rules() { return {&key_v1}; }

Key overflow_key(Kind kind) { return {1, "overflow", {{"others", std::string(to_string(kind))}}}; }

Headline headline_of(const Failure& failure, const std::string& page) {
  const Exception& thrown = failure.thrown();
  const std::string message(telemetry::trim(std::string_view(thrown.message).substr(0, thrown.message.find('\n'))));
  Headline headline;
  headline.culprit = telemetry::cut_text(culprit_of(failure, page), title_bytes_max);
  if (failure.kind == Kind::api) {
    headline.title = fmt::format("wx.{}: {}", failure.api, message);
  } else if (failure.kind == Kind::network && !failure.url.empty()) {
    headline.title = fmt::format("{} {}: {}", failure.method, failure.url,
                                 failure.status >= 100 ? std::to_string(failure.status) : message);
  } else {
    headline.title = message.empty() ? thrown.type : fmt::format("{}: {}", thrown.type, message);
  }
  headline.title = telemetry::cut_text(headline.title, title_bytes_max);
  return headline;
}

Headline headline_of(const Key& key) {
  Headline headline;
  for (const KeyPart& part : key.parts) {
    const bool place = part.name == "frame" || part.name == "page" || part.name == "url";
    if (place && headline.culprit.empty()) headline.culprit = telemetry::cut_text(part.value, title_bytes_max);
    if (part.name == "frame") continue;
    headline.title += (headline.title.empty() ? "" : ": ") + part.value;
  }
  headline.title = telemetry::cut_text(headline.title, title_bytes_max);
  return headline;
}

std::vector<Regrouped> preview(std::span<const std::pair<Failure, std::string>> failures, Rule before, Rule after) {
  const AppId nobody;
  std::map<std::pair<std::int64_t, std::int64_t>, Regrouped> pairs;
  std::map<std::int64_t, int> partners_before, partners_after;
  for (const auto& [failure, page] : failures) {
    Regrouped both{before(failure, page), after(failure, page)};
    const std::pair ids{id_of(nobody, both.before), id_of(nobody, both.after)};
    const auto [found, fresh] = pairs.try_emplace(ids, std::move(both));
    ++found->second.count;
    if (!fresh) continue;
    ++partners_before[ids.first];
    ++partners_after[ids.second];
  }
  // One to one is the same group, whatever its key is called.
  std::vector<Regrouped> changed;
  for (auto& [ids, both] : pairs)
    if (partners_before[ids.first] > 1 || partners_after[ids.second] > 1) changed.push_back(std::move(both));
  std::ranges::sort(changed, std::ranges::greater{}, &Regrouped::count);
  return changed;
}

}  // namespace miniops::issues
