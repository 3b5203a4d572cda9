// The tables that the desk's code works on, for load generators that run it without the rest of the program.
#pragma once

#include <cstdio>
#include <cstdlib>

#include "desk/desk.hpp"
#include "live/live.hpp"

namespace miniops::gateway {
std::span<const sql::Migration> migrations();
}
namespace miniops::people {
std::span<const sql::Migration> migrations();
}
namespace miniops::teams {
std::span<const sql::Migration> migrations();
}
namespace miniops::service_levels {
std::span<const sql::Migration> migrations();
}
namespace miniops::quick_replies {
std::span<const sql::Migration> migrations();
}
namespace miniops::automation {
std::span<const sql::Migration> migrations();
}
namespace miniops::reports {
std::span<const sql::Migration> migrations();
}
namespace miniops::satisfaction {
std::span<const sql::Migration> migrations();
}
namespace miniops::wrapup {
std::span<const sql::Migration> migrations();
}
namespace miniops::webhooks {
std::span<const sql::Migration> migrations();
}

namespace miniops::bench {

// A load generator that fails says why and ends.
template <class T>
T must(Result<T> result) {
  if (!result) {
    fmt::print(stderr, "{}: {}\n", result.error().code, result.error().message);
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

inline void make_tables(sql::Database& database) {
  must(sql::migrate(
      database,
      {identity::migrations(), live::migrations(), webhooks::migrations(), gateway::migrations(), people::migrations(),
       teams::migrations(), service_levels::migrations(), quick_replies::migrations(), automation::migrations(),
       reports::migrations(), satisfaction::migrations(), wrapup::migrations(), desk::migrations()}));
}

}  // namespace miniops::bench
