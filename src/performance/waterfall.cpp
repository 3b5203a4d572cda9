#include "performance/waterfall.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "performance/properties.hpp"

namespace miniops::performance {

namespace {

using telemetry::NamedRow;

constexpr double axis_ms_max = 10.0 * minute_ms;  // before and behind the navigation
constexpr double epoch_ms_max = 1e14;
// A record of a page load is made when it has settled, 5 seconds after it began or when it is left.
constexpr double settle_ms = 5000;
constexpr double clock_ms_max = 2.0 * minute_ms;  // further off, a clock is wrong

// An entry on the phone's clock.
struct Entry {
  json::object read;
  double begin = 0, start = 0, duration = 0;  // begin: of its navigation, else its own start
  bool navigation = false;
};

std::optional<Entry> entry_of(const json::value& given) {
  if (!given.is_object()) return std::nullopt;
  Entry entry{given.get_object()};
  const auto start = number_in(entry.read, "startTime");
  if (!start || *start <= 0 || *start > epoch_ms_max) return std::nullopt;
  const double navigation = number_in(entry.read, "navigationStart").value_or(0);
  entry.start = *start;
  entry.begin = navigation > 0 && navigation <= epoch_ms_max ? navigation : *start;
  entry.duration = number_in(entry.read, "duration").value_or(0);
  entry.navigation = text_in(entry.read, "entryType") == "navigation";
  return entry;
}

const json::array* entries_in(const json::object& properties) {
  const json::value* found = properties.if_contains("entries");
  return found == nullptr ? nullptr : found->if_array();
}

// Where the navigation began; without one, where the first entry did.
double origin_of(const std::vector<Entry>& entries) {
  const Entry* first = nullptr;
  const auto rank = [](const Entry& entry) { return std::pair(!entry.navigation, entry.begin); };
  for (const Entry& entry : entries)
    if (first == nullptr || rank(entry) < rank(*first)) first = &entry;
  return first == nullptr ? 0 : first->begin;
}

std::string label_of(const json::object& entry) {
  for (const char* name : {"uri", "packageName", "moduleName", "path"})
    if (std::string text = text_in(entry, name); !text.empty()) return text;
  return "";
}

LoadBar bar_of(const Entry& entry, double origin) {
  LoadBar bar{LoadBar::Source::entry,
              text_in(entry.read, "name", 60),
              text_in(entry.read, "entryType", 60),
              label_of(entry.read),
              entry.start - origin,
              entry.duration};
  bar.bytes = number_in(entry.read, "packageSize");
  if (!bar.bytes) bar.bytes = number_in(entry.read, "transferSize");
  return bar;
}

// A request is recorded when it is over.
LoadBar bar_of_request(const NamedRow& request, double origin) {
  const json::object properties = properties_of(request.row.properties);
  const double ms = request.row.value.value_or(0);
  LoadBar bar{LoadBar::Source::request, "request", "request"};
  const std::string method = text_in(properties, "method", 10);
  bar.label = (method.empty() ? "" : method + " ") + text_in(properties, "url");
  bar.duration_ms = std::isfinite(ms) && ms > 0 ? ms : 0;
  bar.start_ms = static_cast<double>(request.row.time) - bar.duration_ms - origin;
  bar.bytes = number_in(properties, "bytes_received");
  bar.failed = flag_in(properties, "failed") || number_in(properties, "status").value_or(0) >= 400;
  return bar;
}

LoadBar bar_of_error(const NamedRow& error, double origin) {
  LoadBar bar{LoadBar::Source::error, error.name, "error", truncate_chars(error.row.text, 200)};
  bar.start_ms = static_cast<double>(error.row.time) - origin;
  bar.failed = true;
  return bar;
}

class Drawing {
 public:
  void add(LoadBar bar) {
    if (std::abs(bar.start_ms) <= axis_ms_max && bar.duration_ms <= axis_ms_max)
      out_.bars.push_back(std::move(bar));
    else
      leave_out();
  }
  void leave_out() { ++out_.left_out; }
  Waterfall take() {
    std::ranges::sort(out_.bars, {}, [](const LoadBar& bar) {
      return std::tuple(bar.start_ms, -bar.duration_ms, bar.name, bar.label);
    });
    if (out_.bars.size() > bars_max) {
      out_.left_out += static_cast<int>(out_.bars.size() - bars_max);
      out_.bars.resize(bars_max);
    }
    return std::move(out_);
  }

 private:
  Waterfall out_;
};

}  // namespace

std::string_view to_string(LoadBar::Source source) {
  constexpr std::array<std::string_view, 3> names{"entry", "request", "error"};
  return names.at(static_cast<std::size_t>(source));
}

LoadProperties load_properties(const std::string& text) {
  const json::object properties = properties_of(text);
  LoadProperties out;
  if (const std::string reason = text_in(properties, "reason"); reason == "sample" || reason == "slowest")
    out.reason = reason;
  if (const json::array* entries = entries_in(properties)) out.entries = static_cast<std::int64_t>(entries->size());
  return out;
}

Waterfall waterfall_of(const NamedRow& load, const std::vector<NamedRow>& requests,
                       const std::vector<NamedRow>& errors) {
  const json::object properties = properties_of(load.row.properties);
  Drawing drawing;
  std::vector<Entry> entries;
  if (const json::array* given = entries_in(properties))
    for (const json::value& one : *given) {
      if (auto entry = entry_of(one))
        entries.push_back(std::move(*entry));
      else
        drawing.leave_out();
    }
  double origin = origin_of(entries);
  for (const Entry& entry : entries) drawing.add(bar_of(entry, origin));
  // Rows stand on the corrected clock, entries on the phone's.
  const double settled = static_cast<double>(load.row.time);
  const bool about = entries.empty() || std::abs(settled - origin) > axis_ms_max + clock_ms_max ||
                     std::abs(settled - origin - load.row.value.value_or(0)) > clock_ms_max;
  if (about) origin = settled - settle_ms;
  for (const NamedRow& request : requests) drawing.add(bar_of_request(request, origin));
  for (const NamedRow& error : errors) drawing.add(bar_of_error(error, origin));
  Waterfall out = drawing.take();
  out.about = about;
  return out;
}

}  // namespace miniops::performance
