#include "app/demo_phones.hpp"

#include <boost/json.hpp>

#include "app/demo_visits.hpp"
#include "base/log.hpp"
#include "base/wait.hpp"
#include "net/client.hpp"

namespace miniops::app {

namespace {

constexpr TimeMs visit_ms = 60 * second_ms;  // about; a batch is sent when a visit is over

Task<bool> post(std::string url, std::string body) {
  const auto client = net::make_http_client();
  net::ClientRequest request;
  request.method = net::Method::post;
  request.url = std::move(url);
  request.headers.add("Content-Type", "application/json");
  request.body = std::move(body);
  request.fresh_connection = true;
  const auto answer = co_await client->send(std::move(request));
  co_return answer && answer->status == 200;
}

}  // namespace

DemoPhones::DemoPhones(Settings settings, const Clock& clock, Random& random)
    : settings_(std::move(settings)), clock_(clock), random_(random), thread_([this] { run(); }) {}

DemoPhones::~DemoPhones() { stop(); }

void DemoPhones::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void DemoPhones::came_from_shop(const std::string& openid) {
  const std::lock_guard lock(mutex_);
  customers_.push_back(openid);
}

void DemoPhones::report_customers() {
  std::vector<std::string> customers;
  {
    const std::lock_guard lock(mutex_);
    customers.swap(customers_);
  }
  const TimeMs now = clock_.now();
  for (std::string& openid : customers) visit(now - visit_ms, now, std::move(openid));
}

void DemoPhones::pause(TimeMs ms) {
  for (TimeMs waited = 0; waited < ms && !stopping_; waited += 50) {
    report_customers();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

bool DemoPhones::visit(TimeMs at, TimeMs now, std::string openid) {
  const auto batch = visit_batch(random_, {at, clock_.now(), std::move(openid)}, now);
  const bool taken = wait(post(settings_.batch_url, boost::json::serialize(batch)));
  if (!taken) log::warn("demo.visit_not_taken", {});
  return taken;
}

void DemoPhones::history(TimeMs now) {
  for (TimeMs hour = now - settings_.history_ms; hour < now - hour_ms && !stopping_; hour += hour_ms) {
    const auto visits = static_cast<int>(settings_.history_visits_per_hour * busy_at(hour));
    for (int i = 0; i < visits && !stopping_; ++i) {
      report_customers();
      if (!visit(hour + static_cast<TimeMs>(random_.below(static_cast<std::uint64_t>(hour_ms))), now)) return;
    }
  }
}

void DemoPhones::run() {
  const TimeMs began = clock_.now();
  history(began);
  while (!stopping_) {
    const TimeMs now = clock_.now();
    visit(now - visit_ms, now);
    const double rate = std::max(settings_.visits_per_minute * busy_at(now), 1.0);
    pause(static_cast<TimeMs>(static_cast<double>(minute_ms) / rate *
                              (0.5 + static_cast<double>(random_.below(1000)) / 1000)));
  }
}

}  // namespace miniops::app
