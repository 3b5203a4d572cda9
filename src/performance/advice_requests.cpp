// Rules about requests: those that wait for each other though they need not, and those that connect anew each time.
#include <algorithm>
#include <set>

#include "performance/samples.hpp"

namespace miniops::performance {

namespace {

// ---- one after the other ----

constexpr std::size_t request_views_min = 20;
constexpr double of_views_min = 0.3;  // of a page's views that must show it
constexpr double excess_ms_min = 200;
constexpr std::size_t chain_min = 3;  // one may need what another answered; three rarely
constexpr double chain_within_ms = 8000;
constexpr double overlap_ms = 20, pause_ms = 150;  // the next begins when this one ends, give or take
constexpr std::size_t urls_shown = 3;
// How much of what could go at once really can, and that requests that share a line are slower.
constexpr std::array<double, 3> can_be_parallel{0.5, 0.8, 1.0};

double start_of(const Sample& request) { return static_cast<double>(request.at) - request.ms; }

struct Chain {
  std::vector<const Sample*> requests{};
  double longest = 0;
  double end() const { return static_cast<double>(requests.back()->at); }
  // What it takes more than all at once would.
  double excess() const { return requests.size() < chain_min ? 0 : end() - start_of(*requests.front()) - longest; }
  void add(const Sample& request) {
    requests.push_back(&request);
    longest = std::max(longest, request.ms);
  }
};

// The costliest chain of a view; others run beside it.
Chain chain_of(std::vector<const Sample*> requests) {
  std::ranges::sort(requests, {}, [](const Sample* one) { return start_of(*one); });
  Chain best;
  Chain now;
  for (const Sample* request : requests) {
    const double start = start_of(*request);
    if (start > start_of(*requests.front()) + chain_within_ms) break;
    if (!now.requests.empty() && start < now.end() - overlap_ms) continue;
    if (!now.requests.empty() && start > now.end() + pause_ms) now = {};
    now.add(*request);
    if (now.excess() > best.excess()) best = now;
  }
  return best;
}

struct PageChains {
  std::size_t views = 0;
  std::vector<Sample> excesses{};        // of the views that have a chain; `ms` is the excess
  std::map<std::string, double> urls{};  // how often each is part of one
  std::size_t most = 0;
  double total() const { return weight_of(excesses) * mean_of(excesses); }
};

std::map<std::string, PageChains> chains_by_page(const std::vector<Sample>& requests) {
  std::map<std::string, std::vector<const Sample*>> views;
  for (const Sample& request : requests)
    if (!request.page_view.empty()) views[request.page_view].push_back(&request);
  std::map<std::string, PageChains> pages;
  for (const auto& [id, of_view] : views) {
    PageChains& page = pages[of_view.front()->page];
    ++page.views;
    const Chain chain = chain_of(of_view);
    if (chain.excess() <= 0) continue;
    Sample excess;
    excess.ms = chain.excess();
    page.excesses.push_back(excess);
    page.most = std::max(page.most, chain.requests.size());
    for (const Sample* one : chain.requests) ++page.urls[one->label];
  }
  return pages;
}

std::vector<std::string> most_frequent(const std::map<std::string, double>& counts, std::size_t max) {
  std::vector<std::pair<double, std::string>> ranked;
  for (const auto& [name, count] : counts) ranked.emplace_back(-count, name);
  std::ranges::sort(ranked);
  std::vector<std::string> names;
  for (const auto& [count, name] : ranked)
    if (names.size() < max && !name.empty()) names.push_back(name);
  return names;
}

// ---- connecting anew ----

constexpr std::size_t requests_min = 50;
constexpr double setup_ms_min = 100;
constexpr double of_request_min = 0.25;
constexpr double reusable_ms_min = 50;
// How many connections are still there when they are needed again.
constexpr std::array<double, 3> still_there{0.7, 0.9, 1.0};
constexpr double hosts_many = 3;

std::string host_of(const std::string& label) {
  const std::size_t scheme = label.find("://");
  if (scheme == std::string::npos) return "";
  return label.substr(scheme + 3, label.find('/', scheme + 3) - scheme - 3);
}

// The requests that came later than another one of their session to the same host; `ms` is what connecting took, of
// the others 0: that could not be spared.
std::vector<Sample> reusable(std::vector<Sample> requests) {
  std::ranges::sort(requests, {}, [](const Sample& one) { return start_of(one); });
  std::set<std::pair<std::string, std::string>> known;
  for (Sample& request : requests) {
    const bool first = known.emplace(request.session, host_of(request.label)).second;
    request.ms = first ? 0 : request.setup_ms;
  }
  return requests;
}

}  // namespace

// gain = mean over the views with a chain of (the chain − its longest request) · can_be_parallel.
Advice serial_requests(const Evidence& evidence) {
  Advice advice{"serial_requests"};
  const auto pages = chains_by_page(evidence.requests);
  std::size_t views = 0;
  const std::pair<const std::string, PageChains>* worst = nullptr;
  for (const auto& page : pages) {
    views += page.second.views;
    if (worst == nullptr || page.second.total() > worst->second.total()) worst = &page;
  }
  if (views < request_views_min) return advice;
  const auto& [name, page] = *worst;
  const double affected = static_cast<double>(page.excesses.size());
  const double of_views = affected / static_cast<double>(page.views);
  const double excess = mean_of(page.excesses);
  advice.evidence = {{"views", static_cast<double>(page.views), Unit::count},
                     {"of_views", of_views, Unit::share},
                     {"excess_mean", excess, Unit::ms},
                     {"chain_longest", static_cast<double>(page.most), Unit::count}};
  advice.status = Advice::Status::ok;
  if (page.excesses.size() < request_views_min || of_views < of_views_min || excess < excess_ms_min) return advice;
  advice.status = Advice::Status::found;
  advice.where = {{"page", name}};
  for (const std::string& url : most_frequent(page.urls, urls_shown)) advice.where.push_back({"url", url});
  advice.changes = {{"parallel_requests", {{"page", name}, {"count", static_cast<double>(page.most)}}},
                    {"prefetch_data", {{"page", name}}}};
  advice.gain = gain_of(page.excesses, can_be_parallel);
  advice.gain->metric = "lcp";
  advice.gain->share_of_users = affected / static_cast<double>(views);
  return advice;
}

// gain = mean over all requests of what connecting took where a connection had been there · still_there.
Advice slow_connections(const Evidence& evidence) {
  Advice advice{"slow_connections"};
  const auto known = only(evidence.requests, [](const Sample& one) { return one.has_phases; });
  if (known.size() < requests_min) return advice;
  const double ms = mean_of(known);
  const double setup = mean_of(known, [](const Sample& one) { return one.setup_ms; });
  const auto again = reusable(known);
  const double spared = mean_of(again);
  const double of_request = ms > 0 ? setup / ms : 0;
  std::map<std::string, double> urls;
  std::set<std::string> hosts;
  for (const Sample& one : known) {
    urls[one.label] += one.setup_ms * one.weight;
    hosts.insert(host_of(one.label));
  }
  advice.evidence = {{"setup_mean", setup, Unit::ms},
                     {"request_mean", ms, Unit::ms},
                     {"of_request", of_request, Unit::share},
                     {"reusable_mean", spared, Unit::ms},
                     {"hosts", static_cast<double>(hosts.size()), Unit::count}};
  advice.status = Advice::Status::ok;
  if (setup < setup_ms_min || of_request < of_request_min || spared < reusable_ms_min) return advice;
  advice.status = Advice::Status::found;
  for (const std::string& url : most_frequent(urls, urls_shown)) advice.where.push_back({"url", url});
  advice.changes = {{"reuse_connections", {{"ms", setup}}}};
  if (static_cast<double>(hosts.size()) >= hosts_many)
    advice.changes.push_back({"same_host", {{"count", static_cast<double>(hosts.size())}}});
  advice.gain = gain_of(again, still_there);
  advice.gain->metric = "request";
  advice.gain->share_of_users = weight_of(known) / weight_of(evidence.requests);
  return advice;
}

}  // namespace miniops::performance
