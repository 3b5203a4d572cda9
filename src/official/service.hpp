// What people look at and switch.
#pragma once

#include "identity/access.hpp"
#include "official/own_records.hpp"
#include "official/store.hpp"

namespace miniops::official {

struct Status {
  bool enabled = true;  // of the installation
  Keep keep{};
  std::vector<SourceState> sources{};
};

// One day as one side measured it.
struct SidePoint {
  std::int64_t day = 0;
  bool ours = false;
  double mean = 0;
  std::optional<double> p50{}, count{};  // ours alone
};

template <class T>
struct Page {
  std::vector<T> items{};
  store::Place next{};
};

class Service {
 public:
  struct Collaborators {
    sql::Database& database;
    const Clock& clock;
    IdSource& ids;
    OwnRecords& own;
    bool enabled = true;
    Keep keep{};
  };
  explicit Service(Collaborators with) : with_(with) {}

  Task<Result<Status>> status(Access access);
  Task<Result<Status>> set(Access access, std::map<Source, bool> enabled);
  // Of one source, or all that are switched on. official.switched_off, official.source_off.
  Task<Result<Status>> run(Access access, std::optional<Source> source);

  Task<Result<std::vector<SidePoint>>> performance(Access access, PerformanceAsked asked, store::Days days);
  Task<Result<Page<store::ErrorRow>>> js_errors(Access access, store::Days days, store::Place after, int limit);
  // official.not_found
  Task<Result<Page<store::EventRow>>> js_error_events(Access access, std::int64_t error, store::Place before,
                                                      int limit);
  Task<Result<Page<store::LogRow>>> logs(Access access, store::LogFilter filter, store::Place before, int limit);
  Task<Result<Page<Feedback>>> feedback(Access access, TimeMs from, TimeMs to, int type, store::Place before,
                                        int limit);
  Task<Result<std::vector<Word>>> words(Access access, Source source);
  // Deletes all of a person, piece by piece; gives how many rows there were.
  Task<Result<std::int64_t>> forget(AppId appid, std::string openid);

 private:
  Status status_of(sql::Transaction& tx, const AppId& appid, TimeMs now) const;

  const Collaborators with_;
};

}  // namespace miniops::official
