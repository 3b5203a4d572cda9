// Rules about what every launch waits for: the main package, and the scripts that run before the first page.
#include <algorithm>
#include <set>

#include "performance/samples.hpp"

namespace miniops::performance {

namespace {

constexpr std::size_t launches_min = 30;
constexpr double of_startup_min = 0.1;  // what is less of a startup is no matter

constexpr double package_bytes_found = 1.2e6;
constexpr double package_bytes_wanted = 800 * 1024.0;  // a main package with its tab pages; WeChat refuses above 2 MB
// How much of a download's time grows with its bytes; the rest is the way to the server.
constexpr std::array<double, 3> of_bytes{0.5, 0.8, 1.0};

constexpr double script_ms_found = 300;  // p75
// How much of the code belongs to one page or another. What all need runs at startup, whatever is injected lazily.
constexpr std::array<double, 3> own_code{0.4, 0.6, 0.8};

TimeMs oldest_of(const std::vector<Sample>& samples) { return std::ranges::min(samples, {}, &Sample::at).at; }

// Each list has the newest of its metric, so the rarer one reaches back further: both count since the later beginning.
double share_of(const std::vector<Sample>& some, const std::vector<Sample>& all) {
  const TimeMs since = std::max(oldest_of(some), oldest_of(all));
  const auto recent = [&](const Sample& one) { return one.at >= since; };
  const double weight = weight_of(only(all, recent));
  return weight > 0 ? std::min(1.0, weight_of(only(some, recent)) / weight) : 0;
}

}  // namespace

// gain = mean download · (1 − wanted bytes / bytes) · of_bytes.
Advice large_package(const Evidence& evidence) {
  Advice advice{"large_package"};
  const auto main = only(evidence.packages, [](const Sample& one) { return is_main(one) && one.bytes > 0; });
  if (main.size() < launches_min || evidence.startups.size() < launches_min) return advice;
  const double bytes = quantile_of(main, 0.5, [](const Sample& one) { return one.bytes; });
  const double ms = mean_of(main);
  const double startup = mean_of(evidence.startups);
  const double of_startup = startup > 0 ? ms / startup : 0;
  advice.evidence = {{"package_bytes", bytes, Unit::bytes},
                     {"package_mean", ms, Unit::ms},
                     {"package_p75", quantile_of(main, 0.75), Unit::ms},
                     {"startup_mean", startup, Unit::ms},
                     {"of_startup", of_startup, Unit::share}};
  advice.status = Advice::Status::ok;
  if (bytes < package_bytes_found || of_startup < of_startup_min) return advice;
  advice.status = Advice::Status::found;
  const std::string name = main.front().label.empty() ? "__APP__" : main.front().label;
  advice.where = {{"package", name}};
  const double excess = bytes - package_bytes_wanted;
  advice.changes = {{"split_main_package", {{"package", name}, {"bytes", excess}}}, {"move_assets_to_cdn", {}}};
  advice.gain = gain_of(main, of_bytes, [&](const Sample& one) { return one.ms * excess / bytes; });
  advice.gain->metric = "startup";
  advice.gain->share_of_users = share_of(main, evidence.startups);
  return advice;
}

// gain = mean evaluation · own_code · (1 − 1 / pages): with lazy injection only the code of the page that is
// opened runs, and pages are taken as equally large.
Advice long_script(const Evidence& evidence) {
  Advice advice{"long_script"};
  const auto main = only(evidence.scripts, is_main);
  std::set<std::string> pages;
  for (const Sample& render : evidence.renders) pages.insert(render.page);
  pages.erase("");
  if (main.size() < launches_min || evidence.startups.size() < launches_min || pages.empty()) return advice;
  const double ms = mean_of(main);
  const double p75 = quantile_of(main, 0.75);
  const double startup = mean_of(evidence.startups);
  const double of_startup = startup > 0 ? ms / startup : 0;
  const auto count = static_cast<double>(pages.size());
  advice.evidence = {{"script_mean", ms, Unit::ms},
                     {"script_p75", p75, Unit::ms},
                     {"startup_mean", startup, Unit::ms},
                     {"of_startup", of_startup, Unit::share},
                     {"pages", count, Unit::count}};
  advice.status = Advice::Status::ok;
  if (p75 <= script_ms_found || of_startup < of_startup_min || pages.size() < 2) return advice;
  advice.status = Advice::Status::found;
  const std::string name = main.front().label.empty() ? "__APP__" : main.front().label;
  advice.where = {{"module", name}};
  advice.changes = {{"lazy_code_loading", {{"count", count}}}, {"subpackage_async", {}}};
  advice.gain = gain_of(main, own_code, [&](const Sample& one) { return one.ms * (1 - 1 / count); });
  advice.gain->metric = "startup";
  advice.gain->share_of_users = share_of(main, evidence.startups);
  return advice;
}

}  // namespace miniops::performance
