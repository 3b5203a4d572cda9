#include "gateway/loops.hpp"

#include "base/log.hpp"

namespace miniops::gateway {

namespace {

constexpr TimeMs pause_after_error_ms = 200;

}  // namespace

std::shared_ptr<Wakeup> Loops::add(std::string name, TimeMs every_ms, Step step, std::size_t index) {
  auto wakeup = std::make_shared<Wakeup>(io_.context(index).get_executor());
  auto loop = std::make_shared<Loop>(Loop{std::move(name), every_ms, std::move(step), index, wakeup});
  loops_.push_back(std::move(loop));
  return wakeup;
}

void Loops::go() {
  {
    const std::scoped_lock lock(mutex_);
    running_ = static_cast<int>(loops_.size());
  }
  for (const auto& loop : loops_) io_.spawn("gateway." + loop->name, run(loop), loop->index);
}

Task<void> Loops::run(std::shared_ptr<Loop> loop) {
  while (!stopping_) {
    TimeMs pause = loop->every_ms;
    try {
      auto done = co_await loop->step();
      if (!done) {
        log::warn("gateway.step_failed", {{"loop", loop->name}, {"code", done.error().code}});
        pause = pause_after_error_ms;
      } else if (*done) {
        continue;
      }
    } catch (const std::exception& problem) {
      log::error("gateway.step_threw", {{"loop", loop->name}, {"problem", problem.what()}});
      pause = pause_after_error_ms;
    }
    if (!stopping_) co_await loop->wakeup->wait(pause);
  }
  const std::scoped_lock lock(mutex_);
  --running_;
  ended_.notify_all();
}

void Loops::stop() {
  stopping_ = true;
  std::unique_lock lock(mutex_);
  for (const auto& loop : loops_) loop->wakeup->wake();
  ended_.wait_for(lock, std::chrono::seconds(5), [this] { return running_ == 0; });
}

}  // namespace miniops::gateway
