#include "telemetry/decode/collector.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

namespace {

constexpr std::size_t notes_max = 64;
constexpr std::size_t example_bytes_max = 200;

// Whether it had to be cut. Most texts are fine as they are.
bool tidy(std::string& text, std::size_t bytes_max) {
  if (!valid_utf8(text)) text = valid_text(text);
  if (text.size() <= bytes_max) return false;
  text.resize(cut_text(text, bytes_max).size());
  return true;
}

bool tidy_texts(Record& record) {
  bool cut = tidy(record.name, name_bytes_max);
  cut |= tidy(record.text, text_bytes_max);
  Device& device = record.device;
  UserIds& user = record.user;
  for (std::string* text :
       {&record.sdk, &record.session, &record.page_view, &record.trace, &record.release, &record.page, &record.network,
        &user.login_id, &user.unionid, &user.openid, &user.device_id, &device.brand, &device.model, &device.level,
        &device.os, &device.os_version, &device.wechat, &device.base_library})
    cut |= tidy(*text, short_text_bytes_max);
  return cut;
}

// version 0 of the Referer is a develop or a trial version, which cannot be told apart.
Build build_of_referer(std::string_view version) {
  if (version == "devtools") return Build::develop;
  const bool number = !version.empty() && std::ranges::all_of(version, [](char c) { return c >= '0' && c <= '9'; });
  return number && version != "0" ? Build::release : Build::unknown;
}

}  // namespace

std::string_view to_string(Fate fate) {
  switch (fate) {
    case Fate::client_dropped:
      return "client_dropped";
    case Fate::refused:
      return "refused";
    case Fate::quarantined:
      return "quarantined";
    case Fate::undecodable:
      return "undecodable";
    case Fate::sampled:
      return "sampled";
    case Fate::deduplicated:
      return "deduplicated";
    case Fate::folded:
      return "folded";
    case Fate::adjusted:
      return "adjusted";
  }
  return "";
}

void Collector::add(Record record, Properties properties, TimeMs client_time, TimeMs sent_at) {
  const std::string_view kind = to_string(record.kind);
  if (full()) return lose(Fate::refused, "too_many_records", kind);
  if (record.build == Build::unknown) record.build = build_of_referer(arrival_.referer_version);
  if (tidy_texts(record)) lose(Fate::adjusted, "text_cut", kind);
  if (properties.cut()) lose(Fate::adjusted, "properties_cut", kind);
  record.properties = properties.take();
  if (!set_times(record, client_time, sent_at, arrival_.received_at)) lose(Fate::adjusted, "clock_off", kind);
  decoded_.records.push_back(std::move(record));
}

void Collector::lose(Fate fate, std::string_view reason, std::string_view category, std::int64_t count,
                     std::string_view example) {
  const auto same = [&](const LossNote& note) {
    return note.fate == fate && note.reason == reason && note.category == category;
  };
  auto& notes = decoded_.losses;
  auto note = std::ranges::find_if(notes, same);
  if (note == notes.end() && notes.size() >= notes_max) {
    reason = "other", category = "";
    note = std::ranges::find_if(notes, same);
  }
  if (note != notes.end()) {
    note->count += count;
    return;
  }
  const std::string valid = valid_text(cut_text(example, example_bytes_max));
  notes.push_back(
      {fate, std::string(reason), std::string(category), count, std::string(cut_text(valid, example_bytes_max))});
}

void Collector::lose(Fate fate, std::string_view reason, std::string_view category, const Element& example) {
  lose(fate, reason, category, 1, head_of(example, example_bytes_max));
}

void Collector::client_dropped(const Fields& note, std::string_view count_name, std::string_view category_name) {
  const double count = note.number(count_name).value_or(0);
  if (count < 1) return;
  const std::string category = note.text(category_name);
  lose(Fate::client_dropped, plain_word(note.text("reason")), category.empty() ? category : plain_word(category),
       static_cast<std::int64_t>(std::min(count, static_cast<double>(client_count_max))));
}

bool Collector::fits(const Element& element, std::string_view category) {
  return admit(fit_of(element, limits_.depth_max, limits_.record_bytes_max), element, category);
}

bool Collector::flat(const Element& element, std::string_view category) {
  return admit(fit_of(element, limits_.depth_max, std::string::npos), element, category);
}

bool Collector::admit(Fit fit, const Element& element, std::string_view category) {
  if (fit == Fit::too_deep) lose(Fate::quarantined, "too_deep", category, element);
  if (fit == Fit::too_large) lose(Fate::refused, "too_large", category, element);
  return fit == Fit::fits;
}

std::optional<double> valid_weight(double weight) {
  return std::isfinite(weight) && weight >= 1 && weight <= weight_max ? std::optional(weight) : std::nullopt;
}

double weight_of_rate(double rate) { return rate > 0 && rate <= 1 ? valid_weight(1 / rate).value_or(weight_max) : 1; }

}  // namespace miniops::telemetry
