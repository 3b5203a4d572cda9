// What is asked about lines.
#pragma once

#include "logs/query/query.hpp"
#include "logs/source.hpp"

namespace miniops::logs {

struct Question {
  Source source = Source::log;
  telemetry::Level level = telemetry::Level::none;  // this one and those above it
  Query query{};
  TimeMs from = 0, to = 0;
};

// Fails with logs.invalid_query.
Result<Query> read_query(std::string_view text);

}  // namespace miniops::logs
