// What our own store knows, asked as WeChat's operation centre is asked.
#pragma once

#include "official/words.hpp"
#include "telemetry/service.hpp"

namespace miniops::official {

using identity::Access;

struct PerformanceAsked {
  Metric metric = Metric::launch;
  std::string device = "all", network = "all";
  std::optional<std::int64_t> scene{};
};
struct OwnPoint {
  std::int64_t day = 0;
  double mean = 0, p50 = 0, count = 0;
};

// Days of China; both belong to it.
struct OwnDays {
  std::int64_t from = 0, to = 0;
};

struct OwnError {
  std::int64_t issue = 0;
  std::string message{}, stack{};
  double events = 0, users = 0;
};
struct ErrorsAsked {
  OwnDays days{};
  std::string release{}, openid{}, keyword{};  // empty: all
  bool by_users = false, ascending = false;
  int offset = 0, limit = 30;
};
struct OwnErrors {
  std::vector<OwnError> items{};
  std::int64_t total = 0;
  double events = 0, users = 0;  // of all of them
};

struct EventsAsked {
  OwnDays days{};
  std::int64_t issue = 0;
  std::string release{}, os{}, base_library{}, wechat{}, openid{};  // empty: all; os: "android" "ios" "other"
  bool ascending = false;
  int offset = 0, limit = 30;
};

struct LogsAsked {
  TimeMs from = 0, to = 0;
  int level = 2;  // 2 info, 4 warn, 8 error
  std::string page{}, trace{}, openid{}, text{};
  int start = 0, limit = 20;
};

// A row with the openid of its person: empty for callers who may not see it.
struct OwnRow {
  telemetry::NamedRow row;
  std::string openid{};
};
// What the client says; "" for none.
std::string stack_of(const telemetry::NamedRow& row);
struct OwnRows {
  std::vector<OwnRow> items{};
  std::int64_t total = 0;
};

class OwnRecords {
 public:
  OwnRecords(telemetry::Service& records, const Clock& clock) : records_(records), clock_(clock) {}

  Task<Result<std::vector<OwnPoint>>> performance(Access access, PerformanceAsked asked, OwnDays days);
  Task<Result<OwnErrors>> errors(Access access, ErrorsAsked asked);
  // Among the newest `events_max` of the issue.
  Task<Result<OwnRows>> events(Access access, EventsAsked asked);
  Task<Result<OwnRows>> logs(Access access, LogsAsked asked);  // the newest first
  // Of the last 30 days, the most frequent first.
  Task<Result<std::vector<std::int64_t>>> scenes(Access access);
  Task<Result<std::vector<std::string>>> wechat_versions(Access access);

  static constexpr int events_max = 5000;

 private:
  using Filters = std::vector<telemetry::Filter>;
  // Adds a filter on the person of an openid; false: nobody has it.
  Task<Result<bool>> add_person(Access access, std::string openid, Filters& filters);
  Task<Result<std::int64_t>> count_of(Access access, telemetry::Asked asked);
  Task<Result<std::vector<OwnRow>>> with_openids(Access access, std::vector<telemetry::NamedRow> rows);
  Task<Result<std::vector<telemetry::NamedPoint>>> words_of(Access access, events::Field field);

  telemetry::Service& records_;
  const Clock& clock_;
};

}  // namespace miniops::official
