// What a server process does besides serving: logs, the line that says it is ready, signals.
#pragma once

#include <string>

#include "app/config.hpp"
#include "identity/service.hpp"

namespace miniops::app {

void configure_logging(const Config& config);

// Blocks SIGINT and SIGTERM in this thread and those it starts later; to be called before any thread is started.
void block_stop_signals();
// Where the first password lies; the password itself only on a terminal.
void announce_first_administrator(const identity::FirstAdministrator& first);
// Prints `listening on <url>` on standard output.
void announce(const std::string& url);
// Returns at SIGINT or SIGTERM.
void wait_for_stop_signal();

}  // namespace miniops::app
