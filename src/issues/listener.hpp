// Whom issues are told to. Alerts implement it; `app` plugs them together.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "issues/words.hpp"
#include "storage/sql/database.hpp"
#include "telemetry/record.hpp"

namespace miniops::issues {

struct IssueEvent {
  enum class What {
    created,    // it was never seen before
    regressed,  // it was fixed, and is back in a newer release
  };
  What what{};
  AppId appid;
  std::int64_t issue = 0;
  std::int64_t number = 0;  // for people to say
  Kind kind{};
  Severity severity{};
  telemetry::Level level{};
  std::string title, culprit;  // may hold personal data: of the error's message
  std::string page, release;   // of the record that shows it
  TimeMs at = 0;               // its receipt
};

class Listener {
 public:
  virtual ~Listener() = default;
  // Inside the transaction that decides it, by the loader's thread. The transaction may be run again, and so may this.
  virtual void on_issue(sql::Transaction& tx, const IssueEvent& event) = 0;
};

}  // namespace miniops::issues
