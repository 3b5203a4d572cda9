// What other modules add to records as they are loaded. They implement it; `app` brings them together.
#pragma once

#include <span>

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

}  // namespace miniops::telemetry
