// Gathers the records and losses of one request, within its limits. Everything that a decoder hands out passes here,
// so that what record.hpp promises of texts and times is kept in one place.
#pragma once

#include <string>
#include <string_view>

#include "telemetry/decode/decode.hpp"
#include "telemetry/decode/json.hpp"
#include "telemetry/decode/properties.hpp"

namespace miniops::telemetry {

// A client may count at most so many losses at once: its word is no reason to believe in billions.
inline constexpr std::int64_t client_count_max = 1'000'000;
inline constexpr double weight_max = 100'000;

class Collector {
 public:
  // Both must outlive it.
  Collector(const Arrival& arrival, const DecodeLimits& limits) : arrival_(arrival), limits_(limits) {}

  const Arrival& arrival() const { return arrival_; }
  const DecodeLimits& limits() const { return limits_; }
  bool full() const { return decoded_.records.size() >= limits_.records_max; }

  // Cleans the texts, sets the times, fills in what the Referer tells. When it is full: `refused`, too_many_records.
  void add(Record record, Properties properties, TimeMs client_time, TimeMs sent_at);

  // Notes of the same fate, reason and category become one; there are at most 64, the rest are "other".
  void lose(Fate fate, std::string_view reason, std::string_view category = {}, std::int64_t count = 1,
            std::string_view example = {});
  void lose(Fate fate, std::string_view reason, std::string_view category, const Element& example);
  // What the client says that it dropped itself; its words are made plain.
  void client_dropped(const Fields& note, std::string_view count_name, std::string_view category_name);

  // Whether an element is small and flat enough to become a record; tells the loss when not.
  bool fits(const Element& element, std::string_view category);
  bool flat(const Element& element, std::string_view category);  // of any size

  Decoded take() { return std::move(decoded_); }

 private:
  bool admit(Fit fit, const Element& element, std::string_view category);
  const Arrival& arrival_;
  const DecodeLimits& limits_;
  Decoded decoded_;
};

// 1 / rate, for a sampling rate from 0 to 1; 1 for what is none.
double weight_of_rate(double rate);
// Within 1 … weight_max; nullopt for anything else.
std::optional<double> valid_weight(double weight);

}  // namespace miniops::telemetry
