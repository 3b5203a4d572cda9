#include "app/process.hpp"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "base/log.hpp"

namespace miniops::app {

namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

// A socket for each agent and each of WeChat's connections: the soft limit of 1,024 files is too low.
void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

void configure_logging(const Config& config) {
  const std::string& level = config.text("log.level");
  log::configure(level == "debug"   ? log::Level::debug
                 : level == "warn"  ? log::Level::warn
                 : level == "error" ? log::Level::error
                                    : log::Level::info,
                 config.text("log.format") == "json");
}

void block_stop_signals() {
  const sigset_t set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  raise_file_limit();
}

void announce_first_administrator(const identity::FirstAdministrator& first) {
  std::cout << "first administrator: " << first.username << ", password in " << first.file.string() << "\n";
  if (isatty(STDOUT_FILENO) != 0) std::cout << "password: " << first.password << "\n";
}

void announce(const std::string& url) { std::cout << "listening on " << url << std::endl; }

void wait_for_stop_signal() {
  const sigset_t set = stop_signals();
  int signal = 0;
  sigwait(&set, &signal);
  log::info("process.stopping", {{"signal", signal}});
}

}  // namespace miniops::app
