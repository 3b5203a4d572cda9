// When a source is pulled next, and what an error of WeChat's means for that. Pure.
#pragma once

#include "base/ids.hpp"
#include "official/ports.hpp"
#include "official/words.hpp"

namespace miniops::official {

inline constexpr std::int64_t calls_a_minute = 40;  // of each source; WeChat allows 50

// After a run that came to its end. Daily figures: the next morning in China, each mini program at a minute of its own.
TimeMs next_run(Source source, const AppId& appid, TimeMs now);

// After a call that failed: `failures` in a row, this one included. A quota or an outage is waited for and the run goes
// on where it is; what else WeChat says ends the run until the next one.
struct Pause {
  TimeMs until = 0;
  bool ends_run = false;
};
Pause after_failure(Source source, const AppId& appid, const Platform::Answer& answer, std::int64_t failures,
                    TimeMs now);

}  // namespace miniops::official
