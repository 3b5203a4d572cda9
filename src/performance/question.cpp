#include "performance/question.hpp"

#include <algorithm>

#include "telemetry/numbers.hpp"

namespace miniops::performance {

namespace {

constexpr int devices_max = 3000;  // rows of the dictionary: a model with its versions

using Predicate = events::Predicate;

Predicate property_is(std::string name, std::string_view text) {
  Predicate leaf{Predicate::Op::equals};
  leaf.on = Predicate::On::property;
  leaf.property = std::move(name);
  leaf.text = text;
  return leaf;
}

// "GET https://a/b", or an address alone.
Predicate is_url(const std::string& name) {
  const std::size_t blank = name.find(' ');
  if (blank == std::string::npos) return property_is("url", name);
  const std::string_view text = name;
  return {Predicate::Op::all,
          {property_is("method", text.substr(0, blank)), property_is("url", text.substr(blank + 1))}};
}

events::Matching of_urls(const Question& question) {
  if (question.urls.empty()) return nullptr;
  Predicate any{question.other_urls ? Predicate::Op::none : Predicate::Op::any};
  for (const std::string& url : question.urls) any.of.push_back(is_url(url));
  return std::make_shared<const Predicate>(std::move(any));
}

}  // namespace

bool DeviceFilter::holds(const telemetry::Device& device) const {
  return (std::ranges::find(any_of, side_of(side, device)) != any_of.end()) != negated;
}

Question Question::before() const {
  Question out = *this;
  out.to = from;
  out.from = from - span();
  return out;
}

events::Matching both(events::Matching one, events::Matching other) {
  if (!one || !other) return one ? one : other;
  return std::make_shared<const Predicate>(Predicate{Predicate::Op::all, {*one, *other}});
}

telemetry::Asked asked_of(const Question& question, std::span<const Metric> of) {
  telemetry::Asked asked{telemetry::Kind::performance, question.from, question.to, question.filters};
  telemetry::Filter names{events::Field::name};
  for (const Metric metric : of) names.any_of.emplace_back(info_of(metric).record_name);
  asked.filters.push_back(std::move(names));
  asked.matching = of_urls(question);
  if (!question.devices.empty())
    asked.devices = [filters = question.devices](const telemetry::Device& device) {
      return std::ranges::all_of(filters, [&](const DeviceFilter& one) { return one.holds(device); });
    };
  return asked;
}

telemetry::Asked asked_of(const Question& question, Metric metric) {
  const std::array<Metric, 1> only{metric};
  return asked_of(question, only);
}

events::BucketsQuestion buckets_by(Dimension by, int top) {
  events::BucketsQuestion question;
  question.by = is_of_device(by) ? std::optional(events::Field::device) : column_of(by);
  question.by_properties = properties_of(by);
  question.top = is_of_device(by) ? devices_max : top;
  return question;
}

std::string name_along(Dimension by, const telemetry::NamedBucket& one) {
  if (one.bucket.key == -1) return std::string(other_name);
  return is_of_device(by) ? side_of(by, telemetry::device_of_word(one.name)) : one.name;
}

}  // namespace miniops::performance
