#include "performance/tests/simulation.hpp"

#include <cmath>

namespace miniops::performance {

namespace {

constexpr TimeMs midday = 1795237200000;
constexpr int visits = 2500;

double uniform(Random& random, double from = 0, double to = 1) {
  return from + (to - from) * (static_cast<double>(random.below(1'000'000)) + 0.5) / 1e6;
}
double lognormal(Random& random, double median, double sigma = 0.35) {
  const double normal = std::sqrt(-2 * std::log(uniform(random))) * std::cos(6.283185307179586 * uniform(random));
  return median * std::exp(sigma * normal);
}

struct Mean {
  double sum = 0, count = 0;
  void add(double value) {
    sum += value;
    ++count;
  }
  double get() const { return count > 0 ? sum / count : 0; }
};

}  // namespace

Simulation::Simulation(std::uint64_t seed, Cause cause) : seed_(seed), cause_(cause) {
  SeededRandom random(seed);
  const auto has = [&](Cause one) { return cause == one; };
  made_.pages = 6 + static_cast<int>(random.below(10));
  made_.package_bytes = has(Cause::large_package) ? uniform(random, 1.5e6, 2.0e6) : 600e3;
  made_.latency_ms = uniform(random, 60, 140);
  made_.bytes_per_ms = uniform(random, 2500, 5000);  // 20 to 40 Mbit/s
  made_.script_ms = has(Cause::long_script) ? uniform(random, 500, 1100) : 110;
  made_.shared_code = uniform(random, 0.25, 0.55);
  made_.chain = has(Cause::serial_requests) ? 4 + static_cast<int>(random.below(3)) : 0;
  made_.contention = uniform(random, 1.05, 1.3);
  made_.connect_ms = has(Cause::slow_connections) ? uniform(random, 150, 260) : 120;
  made_.expired = uniform(random, 0.05, 0.2);
  made_.updates = has(Cause::frequent_set_data) ? uniform(random, 40, 120) : 4;
  made_.call_ms = uniform(random, 6, 10);
  const double of_the_call = uniform(random, 0.4, 0.9);
  made_.data_ms = made_.updates * made_.call_ms * (1 - of_the_call) / of_the_call;
  made_.regression = has(Cause::release_regression) ? uniform(random, 1.25, 1.6) : 1;
}

// One person's visit: a launch and some page views.
class Simulation::Visit {
 public:
  Visit(const Simulation& of, bool removed, int number, Traffic& traffic)
      : made_(of.made_),
        removed_(removed),
        keeps_alive_(of.cause_ != Cause::slow_connections || removed),
        random_(of.seed_ * 100'003 + static_cast<std::uint64_t>(number)),
        out_(traffic.evidence) {
    device_ = lognormal(random_, 1, 0.3);
    network_ = lognormal(random_, 1, 0.3);
    newest_ = number % 2 == 0;
    session_ = fmt::format("s{}", number);
    clock_ = midday + number * 20 * second_ms;
  }

  void launch(Mean& startup, Mean& startup_of_downloads) {
    Sample sample = now();
    double ms = lognormal(random_, 350 * device_);
    const bool downloads = random_.below(10) < 6;
    const double bytes = removed_ && made_.package_bytes > 1e6 ? 800 * 1024.0 : made_.package_bytes;
    const double package = made_.latency_ms * network_ + bytes / made_.bytes_per_ms * lognormal(random_, network_, 0.2);
    if (downloads) {
      sample.label = "__APP__";
      sample.bytes = bytes;
      sample.ms = package;
      out_.packages.push_back(sample);
      ms += package;
    }
    const bool lazy = removed_ && made_.script_ms > 300;
    const double code = lazy ? made_.shared_code + (1 - made_.shared_code) / made_.pages : 1;
    sample = now();
    sample.label = "APP";
    sample.ms = made_.script_ms * code * lognormal(random_, device_, 0.15);
    out_.scripts.push_back(sample);
    ms += sample.ms;
    sample = now();
    sample.ms = ms;
    out_.startups.push_back(sample);
    startup.add(ms);
    if (downloads) startup_of_downloads.add(ms);
    clock_ += static_cast<TimeMs>(ms);
  }

  void open(int page, Traffic& traffic, Mean& lcp_of_home, Mean& request_ms, Mean& updates, Mean& render_of_newest) {
    page_ = fmt::format("pages/p{}/index", page);
    view_ = fmt::format("{}.{}", session_, ++views_);
    const double slower = newest_ && !removed_ ? made_.regression : 1;
    Sample render = now();
    render.ms = lognormal(random_, 160 * device_) * slower;
    out_.renders.push_back(render);
    if (newest_) render_of_newest.add(render.ms);
    (newest_ ? traffic.evidence.releases.front().of_newest : traffic.evidence.releases.front().of_before)
        .add(events::bucket_of(render.ms), 1);
    const TimeMs began = clock_;
    fetch(page, request_ms);
    const double data = static_cast<double>(clock_ - began);
    if (page == 0) lcp_of_home.add(data + render.ms + lognormal(random_, 60 * device_));
    update(page, updates);
    clock_ += 3000 + static_cast<TimeMs>(random_.below(20'000));
  }

 private:
  Sample now() const {
    Sample sample;
    sample.at = clock_;
    sample.session = session_;
    sample.page = page_;
    sample.page_view = view_;
    return sample;
  }
  double ask(const std::string& path, double slower, Mean& request_ms, TimeMs start) {
    const bool reused = keeps_alive_ && connected_ && uniform(random_) > made_.expired;
    connected_ = true;
    Sample request = now();
    request.label = "GET https://api.shop.example/" + path;
    request.has_phases = true;
    const double setup = lognormal(random_, made_.connect_ms * network_, 0.2);
    request.setup_ms = reused ? 0 : setup;
    request.ms = request.setup_ms + lognormal(random_, 110 * network_) * slower;
    request.at = start + static_cast<TimeMs>(request.ms);
    out_.requests.push_back(request);
    request_ms.add(request.ms);
    return request.ms;
  }
  // Home asks for several things, in a chain where that is the cause; other pages for one, and with it another.
  void fetch(int page, Mean& request_ms) {
    const bool many = page == 0 && made_.chain > 0;
    const bool at_once = removed_ || !many;
    const int count = many ? made_.chain : 2;
    double longest = 0;
    const TimeMs began = clock_;
    for (int i = 0; i < count; ++i) {
      const double ms = ask(fmt::format("part{}", i), many && at_once ? made_.contention : 1, request_ms, clock_);
      longest = std::max(longest, ms);
      const TimeMs pause = 5 + static_cast<TimeMs>(random_.below(20));
      if (!at_once) clock_ += static_cast<TimeMs>(ms) + (i + 1 < count ? pause : 0);
    }
    if (at_once) clock_ = began + static_cast<TimeMs>(longest);
  }
  void update(int page, Mean& updates) {
    const bool list = page == 1;
    const bool merged = removed_ && made_.updates > 20;
    const double count = list ? std::round(merged ? 5 : made_.updates * uniform(random_, 0.8, 1.2)) : 3;
    Sample sample = now();
    sample.updates = count;
    const double ms = list ? count * made_.call_ms + made_.data_ms : 30;
    sample.updates_ms = ms * lognormal(random_, device_, 0.2);
    sample.ms = sample.updates_ms / count * 1.8;
    out_.updates.push_back(sample);
    if (list) updates.add(sample.updates_ms);
  }

  const Made& made_;
  const bool removed_, keeps_alive_;
  SeededRandom random_;
  Evidence& out_;
  double device_ = 1, network_ = 1;
  bool newest_ = false, connected_ = false;
  std::string session_, page_, view_;
  int views_ = 0;
  TimeMs clock_ = 0;
};

Traffic Simulation::run(bool removed) const {
  Traffic traffic;
  traffic.evidence.releases.push_back({Metric::render, "1.0", "1.1"});
  Mean startup, startup_of_downloads, lcp_of_home, request, updates, render_of_newest;
  SeededRandom pages(seed_ + 1);
  for (int i = 0; i < visits; ++i) {
    Visit visit(*this, removed, i, traffic);
    visit.launch(startup, startup_of_downloads);
    for (const int page : {0, 1, 2 + static_cast<int>(pages.below(static_cast<std::uint64_t>(made_.pages - 2)))})
      visit.open(page, traffic, lcp_of_home, request, updates, render_of_newest);
  }
  traffic.startup = startup.get();
  traffic.startup_of_downloads = startup_of_downloads.get();
  traffic.lcp_of_home = lcp_of_home.get();
  traffic.request = request.get();
  traffic.updates_of_list = updates.get();
  traffic.render_of_newest = render_of_newest.get();
  Evidence& all = traffic.evidence;
  for (std::vector<Sample>* samples :
       {&all.startups, &all.packages, &all.scripts, &all.renders, &all.requests, &all.updates})
    if (samples->size() > samples_max) samples->erase(samples->begin(), samples->end() - samples_max);
  return traffic;
}

}  // namespace miniops::performance
