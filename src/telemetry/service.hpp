// Use cases of people: project keys, settings, and the questions that pages ask.
#pragma once

#include <functional>

#include "base/random.hpp"
#include "identity/access.hpp"
#include "identity/reading_log.hpp"
#include "net/workers.hpp"
#include "storage/events/predicate.hpp"
#include "telemetry/intake.hpp"
#include "telemetry/loader.hpp"

namespace miniops::telemetry {

using identity::Access;

// What a question says in words; the service finds the numbers.
struct Filter {
  events::Field field{};
  std::vector<std::string> any_of{};
  bool negated = false;
};
struct Asked {
  Kind kind = Kind::event;
  TimeMs from = 0, to = 0;
  std::vector<Filter> filters{};
  std::string text{};  // that the row's text contains
  // Conditions on dictionary fields (page, release, name, network, region, client) hold words here, as On::field with
  // contains, regex or equals; a device is matched by "brand model" in lower case.
  events::Matching matching{};
  // Of all devices of the mini program those that it holds for; empty: all. Called on a worker of the database.
  std::function<bool(const Device&)> devices{};
  bool by_receipt = false;  // from, to and series are of the time of receipt
  bool without_late = false;
};

// A point with its key in words.
struct NamedPoint {
  events::Point point;
  std::string name{};  // of `by`; "" for no word
};
struct NamedBucket {
  events::BucketCount bucket;
  std::string name{};  // of `by`, or the properties; "" for no word
};
struct NamedRow {
  events::FoundRow row;
  std::string name, page, release, network, region, client;
  Device device{};
};

// What is known of a mini program's intake.
struct IntakeReport {
  TimeMs last_received_at = 0;     // 0: nothing since the start of this server
  std::int64_t waiting_bytes = 0;  // in the spool, of all mini programs
  std::string problem{};
  std::vector<events::LedgerSum> ledger{};
  std::vector<events::KindSize> kinds{};
  std::int64_t store_bytes = 0;  // of all mini programs
};

class Service {
 public:
  struct Collaborators {
    sql::Database& database;
    sql::ConfigVersion& version;
    const Clock& clock;
    Random& random;
    IdSource& ids;
    net::Workers& workers;
    LazyEvents& events;
    Loader& loader;
  };
  explicit Service(const Collaborators& with) : with_(with), audited_(with.database, with.ids) {}

  Task<Result<std::vector<ProjectKey>>> keys(Access access);
  Task<Result<ProjectKey>> add_key(Access access, std::string name, std::int64_t records_per_minute);
  Task<Result<void>> revoke_key(Access access, std::int64_t id);
  Task<Result<Settings>> settings(Access access);
  Task<Result<Settings>> set_settings(Access access, Settings settings);

  // Whoever has this id, whatever its kind, or this number.
  Task<Result<std::vector<store::KnownPerson>>> people_with(Access access, std::string id);
  // All that `person` is known by. Asked before each page of their records: who reads them is audited (ReadingLog).
  // Fails with telemetry.no_such_person.
  Task<Result<store::KnownPerson>> person_to_export(Access access, std::int64_t person);
  // Asked for here, done by the loader (erasure.hpp).
  Task<Result<Erasure>> erase_person(Access access, store::PersonId named);
  Task<Result<std::vector<Erasure>>> erasures(Access access, std::int64_t before, int limit);
  Task<Result<Erasure>> erasure(Access access, std::int64_t id);

  Task<Result<IntakeReport>> intake(Access access, TimeMs from, TimeMs to);
  Task<Result<std::vector<NamedPoint>>> series(Access access, Asked asked, events::SeriesQuestion question);
  Task<Result<std::vector<NamedPoint>>> breakdown(Access access, Asked asked, events::BreakdownQuestion question);
  // By Field::device, the name of a bucket is a word of the dictionary, for device_of_word() (numbers.hpp).
  Task<Result<std::vector<NamedBucket>>> buckets(Access access, Asked asked, events::BucketsQuestion question);
  Task<Result<std::vector<NamedRow>>> rows(Access access, Asked asked, events::RowsQuestion question);

 private:
  // The scope in numbers; nullopt: nothing can match.
  Task<Result<std::optional<events::Scope>>> scope_of(AppId appid, Asked asked);
  // What the keys are called.
  Task<Result<std::vector<std::string>>> names_of(AppId appid, Kind kind, std::optional<events::Field> by,
                                                  std::vector<std::int64_t> keys);
  template <class Question>
  using PointsOf = Result<std::vector<events::Point>> (events::EventStore::*)(const Question&);
  template <class Question>
  Task<Result<std::vector<NamedPoint>>> points(AppId appid, Asked asked, Question question,
                                               std::optional<events::Field> by, PointsOf<Question> points_of);
  template <class F>
  auto ask(AppId appid, F question) -> Task<std::invoke_result_t<F&, events::EventStore&>>;

  const Collaborators with_;
  identity::ReadingLog audited_;
  std::mutex asking_mutex_;
  std::map<AppId, int> asking_;
};

}  // namespace miniops::telemetry
