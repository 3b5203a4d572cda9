#include <boost/asio/executor_work_guard.hpp>

#include "base/log.hpp"
#include "net/server.hpp"

namespace miniops::net {

struct IoThreads::Guards {
  std::vector<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work;
  std::atomic<std::uint64_t> background_failures{0};
};

namespace {

Task<void> logged(std::string name, Task<void> task, std::atomic<std::uint64_t>& failures) {
  try {
    co_await std::move(task);
  } catch (const std::exception& problem) {
    ++failures;
    log::error("background.failed", {{"name", name}, {"what", problem.what()}});
  }
}

// A handler that throws past its coroutine must not take the process down.
void run_until_stopped(boost::asio::io_context& context) {
  while (!context.stopped()) {
    try {
      context.run();
    } catch (const std::exception& problem) {
      log::error("io_thread.exception", {{"what", problem.what()}});
    }
  }
}

}  // namespace

IoThreads::IoThreads(int count) : guards_(std::make_unique<Guards>()) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t size = count > 0 ? static_cast<std::size_t>(count) : cores;
  for (std::size_t i = 0; i < size; ++i) {
    contexts_.push_back(std::make_unique<boost::asio::io_context>(1));
    guards_->work.push_back(boost::asio::make_work_guard(*contexts_.back()));
  }
}

IoThreads::~IoThreads() { stop(); }

void IoThreads::spawn(std::string name, Task<void> task, std::size_t index) {
  auto guarded = logged(std::move(name), std::move(task), guards_->background_failures);
  boost::asio::co_spawn(context(index), std::move(guarded), [](std::exception_ptr) {});
}

void IoThreads::start() {
  for (auto& context : contexts_) threads_.emplace_back([&context = *context] { run_until_stopped(context); });
}

void IoThreads::stop() {
  for (auto& context : contexts_) context->stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

std::uint64_t IoThreads::background_failures() const { return guards_->background_failures; }

}  // namespace miniops::net
