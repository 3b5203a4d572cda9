// What other modules add to records as they are loaded. They implement it; `app` brings them together.
#pragma once

#include <span>
#include <string>

#include "base/ids.hpp"
#include "telemetry/record.hpp"

namespace miniops::telemetry {

// What a module found out about a record.
struct Additions {
  std::int64_t issue = 0;         // of an error
  std::int32_t log_template = 0;  // of a log line
};

// Called by the loader's thread, in the order of the spool, before the rows are stored: what it writes to SQL is
// committed before the rows that refer to it. Each record is shown at least once: again when the load fails and is
// repeated, and when a client sent it twice. An error stops the loader until it goes away (it tries again every
// second).
class LoadObserver {
 public:
  virtual ~LoadObserver() = default;
  // `out[i]` belongs to `records[i]`; only fields of this observer's are set.
  virtual Result<void> look(const AppId& appid, std::span<const Record* const> records, std::span<Additions> out) = 0;
};

// A module that keeps data of people too: told when one is deleted, before the records go.
class PersonKeeper {
 public:
  virtual ~PersonKeeper() = default;
  virtual std::string_view name() const = 0;  // in the report
  // Whether a legal hold keeps the person: their deletion waits until it is released. Raise the configuration's version
  // then.
  virtual Result<bool> held(const AppId& /*appid*/, std::string_view /*id_kind*/, const std::string& /*id*/) {
    return false;
  }
  // Deletes what it has of one of a person's ids ("openid", "unionid" …); how many rows. May be called again for the
  // same. By the loader's thread, which may block. An error delays the deletion: it is tried again.
  virtual Result<std::int64_t> forget(const AppId& appid, std::string_view id_kind, const std::string& id) = 0;
};

}  // namespace miniops::telemetry
