// One event of an issue as people read it: the stack in its source, what led to it, what else the person met.
#pragma once

#include "issues/counter.hpp"
#include "issues/sourcemaps/shelf.hpp"
#include "net/workers.hpp"

namespace miniops::issues {

struct ReadFrame {
  Frame frame;                              // as the phone said it; the function by its name in the source
  std::optional<SourcePosition> source{};   // as far as the maps lead
  std::optional<SourcePosition> between{};  // of two layers
  SourceLines context{};
};
struct ReadException {
  std::string type, message;
  std::vector<ReadFrame> frames{};  // the newest call first
};
// How far a stack was read in the source.
enum class Mapping { mapped, partly, no_maps, no_stack, nothing_fits };
std::string_view to_string(Mapping mapping);
struct ReadStack {
  std::vector<ReadException> exceptions{};
  Mapping mapping = Mapping::no_stack;
};

struct EventPage {
  std::vector<telemetry::NamedRow> items{};
  std::optional<std::string> next{};
};
struct EventDetail {
  telemetry::NamedRow row;
  ReadStack stack{};
  std::vector<telemetry::NamedRow> path{};  // the pages before, the oldest first
  std::vector<std::pair<telemetry::Kind, telemetry::NamedRow>> signals{};
  std::optional<std::string> older{}, newer{};
};

struct EventsQuestion {
  Span span{};
  bool oldest_first = false;
  std::optional<std::string> release{};
  std::optional<std::string> after{};
  int limit = 50;
};

// How an event is named outside: a place among the rows.
std::string event_name(const telemetry::NamedRow& row);

// Rows are masked for whoever sees no personal data.
class EventPages {
 public:
  struct Collaborators {
    sql::Database& database;
    const Clock& clock;
    telemetry::Service& telemetry;
    net::Workers& workers;  // that may block
    Shelf& shelf;
  };
  explicit EventPages(const Collaborators& with) : with_(with) {}

  Task<Result<EventPage>> list(Access access, std::int64_t issue, EventsQuestion question);
  // `event`: a name, "newest" or "oldest". issues.event_not_found.
  Task<Result<EventDetail>> get(Access access, std::int64_t issue, std::string event);

 private:
  using Rows = std::vector<telemetry::NamedRow>;
  Task<Result<Rows>> rows(Access access, telemetry::Asked asked, events::RowsQuestion question);
  Task<Result<Rows>> find(Access access, telemetry::Asked asked, std::string event);
  Task<Result<ReadStack>> read_stack(AppId appid, const telemetry::NamedRow& row);
  Task<Result<void>> add_path(Access access, EventDetail& detail);
  Task<Result<void>> add_signals(Access access, EventDetail& detail);
  Task<Result<void>> add_neighbours(Access access, telemetry::Asked asked, EventDetail& detail);
  Task<Result<telemetry::Asked>> events_of(AppId appid, std::int64_t issue);

  const Collaborators with_;
};

// Of a record that came back from the event store.
telemetry::Record record_of(const telemetry::NamedRow& row);
ReadStack read_stack(const Failure& failure, const MapSet* maps, const OpenMap& open);

}  // namespace miniops::issues
