#include "net/server_state.hpp"

#include <boost/asio/post.hpp>

#include "net/serialize.hpp"

namespace miniops::net {

namespace {
constexpr auto hold_max = std::chrono::milliseconds(10);
}

SteadyMs steady_now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

void Shard::for_each(const std::function<void(Watched&)>& act) {
  const std::vector<Watched*> all(watched_.begin(), watched_.end());
  for (Watched* one : all) {
    if (watched_.contains(one)) act(*one);
  }
}

std::string Shard::next_request_id() {
  static constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string id = id_prefix_;
  id.resize(15, '0');
  std::uint64_t rest = ++id_sequence_;
  for (std::size_t at = id.size(); at > id_prefix_.size() && rest > 0; rest /= digits.size()) {
    id[--at] = digits[rest % digits.size()];
  }
  return id;
}

std::string_view Shard::date(TimeMs now_ms) {
  if (date_second_ != now_ms / second_ms) {
    date_second_ = now_ms / second_ms;
    date_ = http_date(now_ms);
  }
  return date_;
}

// The end of a hold is seen when the thread gets to something else. A probe in its queue makes sure that there is
// something else; under load the other connections are, and one probe serves many requests.
void Shard::hold_begins() {
  hold_ends();
  hold_start_ = std::chrono::steady_clock::now();
  holding_ = true;
  if (probing_) return;
  probing_ = true;
  boost::asio::post(io, [self = shared_from_this()] {
    self->probing_ = false;
    self->hold_ends();
  });
}

void Shard::hold_ends() {
  if (!holding_) return;
  holding_ = false;
  if (std::chrono::steady_clock::now() - hold_start_ > hold_max) counters.slow_handlers.add();
}

void Shard::count_refused(const std::string& name) {
  if (name.empty()) return;
  const std::lock_guard lock(refused_mutex_);
  ++refused_[name];
}

void Shard::add_refused(std::map<std::string, std::uint64_t>& into) const {
  const std::lock_guard lock(refused_mutex_);
  for (const auto& [name, count] : refused_) into[name] += count;
}

void ServerState::connection_ended() {
  if (open.fetch_sub(1) != 1) return;
  const std::lock_guard lock(none_left_mutex);
  none_left.notify_all();
}

}  // namespace miniops::net
