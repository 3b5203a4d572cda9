#include "performance/evidence.hpp"

#include <algorithm>
#include <cmath>

#include "performance/properties.hpp"

namespace miniops::performance {

namespace {

constexpr double weight_max = 10'000;
constexpr double release_records_min = 100;

double ms_in(const json::object& object, std::string_view name) {
  return std::min(number_in(object, name).value_or(0), value_ms_max);
}

double weight_of(const telemetry::NamedRow& row) {
  return row.row.weight > 0 ? std::min(row.row.weight, weight_max) : 1;
}

std::string first_text(const json::object& object, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (std::string text = text_in(object, name); !text.empty()) return text;
  return "";
}

std::string url_of(const json::object& properties) {
  const std::string method = text_in(properties, "method", 10);
  return (method.empty() ? "" : method + " ") + text_in(properties, "url");
}

void read_request(const json::object& properties, Sample& sample) {
  sample.label = url_of(properties);
  const json::object* phases = object_in(properties, "phases");
  if (phases == nullptr || phases->empty()) return;
  sample.has_phases = true;
  // WeChat's connection ends when TLS is there, so that the one contains the other.
  sample.setup_ms = ms_in(*phases, "dns") + std::max(ms_in(*phases, "connect"), ms_in(*phases, "ssl"));
}

}  // namespace

Sample sample_of(Metric metric, const telemetry::NamedRow& row) {
  const json::object properties = properties_of(row.row.properties);
  Sample sample;
  sample.at = row.row.time;
  const double value = row.row.value.value_or(0);
  sample.ms = std::isfinite(value) ? std::clamp(value, 0.0, value_ms_max) : 0;
  sample.weight = weight_of(row);
  sample.page = row.page;
  sample.page_view = row.row.page_view;
  sample.session = row.row.session;
  if (metric == Metric::request) read_request(properties, sample);
  // aegis has its own words for a package.
  if (metric == Metric::package) sample.label = first_text(properties, {"package", "packageName"});
  if (metric == Metric::package)
    sample.bytes = number_in(properties, "bytes").value_or(number_in(properties, "size").value_or(0));
  if (metric == Metric::script) sample.label = text_in(properties, "module");
  sample.updates = std::min(number_in(properties, "count").value_or(0), 1e6);
  sample.updates_ms = ms_in(properties, "total_ms");
  return sample;
}

std::map<std::string, RequestPhases> phases_by_url(const std::vector<telemetry::NamedRow>& rows) {
  std::map<std::string, RequestPhases> sums;
  std::map<std::string, std::array<double, phase_names.size()>> weights;
  for (const telemetry::NamedRow& row : rows) {
    const json::object properties = properties_of(row.row.properties);
    const json::object* phases = object_in(properties, "phases");
    if (phases == nullptr) continue;
    const std::string url = url_of(properties);
    const double weight = weight_of(row);
    for (std::size_t i = 0; i < phase_names.size(); ++i) {
      if (!number_in(*phases, phase_names.at(i))) continue;
      std::optional<double>& sum = sums[url].at(i);
      sum = sum.value_or(0) + ms_in(*phases, phase_names.at(i)) * weight;
      weights[url].at(i) += weight;
    }
  }
  for (auto& [url, sum] : sums)
    for (std::size_t i = 0; i < phase_names.size(); ++i)
      if (sum.at(i)) *sum.at(i) /= weights[url].at(i);
  return sums;
}

std::optional<std::pair<SeenRelease, SeenRelease>> last_two(std::vector<SeenRelease> releases) {
  std::erase_if(releases, [](const SeenRelease& one) { return one.name.empty() || one.count < release_records_min; });
  std::ranges::sort(releases, {},
                    [](const SeenRelease& one) { return std::tuple(-one.first_at, -one.count, one.name); });
  // Of two that came in the same hour nobody knows which is newer.
  if (releases.size() < 2 || releases[0].first_at == releases[1].first_at) return std::nullopt;
  return std::pair(releases[0], releases[1]);
}

}  // namespace miniops::performance
