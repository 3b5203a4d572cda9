// Use cases of people: lines, their context and statistics, templates, saved queries.
#pragma once

#include "identity/access.hpp"
#include "logs/field_counts.hpp"
#include "logs/line.hpp"
#include "logs/query/completion.hpp"
#include "logs/question.hpp"
#include "logs/saved.hpp"
#include "logs/templates.hpp"

namespace miniops::logs {

using identity::Access;

struct Lines {
  std::vector<Line> items{};               // the newest first
  std::optional<events::RowPlace> next{};  // older ones lie behind it
  std::optional<events::RowPlace> tail{};  // receipt and number: what comes later lies behind it
  bool skipped = false;                    // of the tail: more came than fits
};

struct Bar {
  TimeMs at = 0;
  std::map<std::string, double> levels{};
};
struct Histogram {
  TimeMs interval_ms = 0;
  std::vector<Bar> bars{};  // those with lines, in order
};
inline constexpr std::array<TimeMs, 9> histogram_intervals{
    second_ms, 5 * second_ms, 15 * second_ms, minute_ms, 5 * minute_ms, 15 * minute_ms, hour_ms, 3 * hour_ms, day_ms};

struct Context {
  std::vector<Line> before{}, after{};  // in the order of time
  Line line{};
  bool within_session = false;
};

// How many records of each kind have the same trace or session.
struct RelatedIn {
  std::string id;
  std::map<telemetry::Kind, double> counts{};
};
struct Related {
  TimeMs from = 0, to = 0;
  std::optional<RelatedIn> trace{}, session{};
};

struct TemplateCount {
  Template known;
  double count = 0;
  std::vector<double> trend{};
};
struct TemplateCounts {
  double total = 0;  // of all lines that match
  TimeMs trend_interval_ms = 0;
  std::vector<TemplateCount> items{};  // the commonest first
};

struct Completions {
  Place place{};
  std::vector<Completion> items{};
};

// A saved query as people write it.
struct QueryDraft {
  std::string name, query;
  Source source = Source::log;
  telemetry::Level level = telemetry::Level::none;
  std::vector<std::string> columns{};
};

// Safe from any thread. Every call may fail with what telemetry::Service's questions fail with.
class Service {
 public:
  struct Collaborators {
    sql::Database& database;
    telemetry::Service& records;
    const Clock& clock;
    IdSource& ids;
  };
  explicit Service(const Collaborators& with);

  Task<Result<Lines>> lines(Access access, Question question, int limit, std::optional<events::RowPlace> before);
  // What was loaded since `after`, the newest first; the range of the question is not read.
  Task<Result<Lines>> tail(Access access, Question question, int limit, events::RowPlace after);
  Task<Result<Histogram>> histogram(Access access, Question question, std::optional<TimeMs> interval_ms,
                                    TimeMs offset_ms);
  Task<Result<Context>> context(Access access, LineId id, int lines, bool within_session);
  Task<Result<Related>> related(Access access, LineId id);

  Task<Result<FieldCounts>> fields(Access access, Question question);
  Task<Result<FieldCount>> field(Access access, Question question, std::string name, int top);
  Task<Result<Completions>> complete(Access access, Source source, std::string text, std::size_t cursor);

  // `since_release`: only those that are new since then; "": all.
  Task<Result<TemplateCounts>> templates(Access access, Question question, std::string since_release, int limit);
  Task<Result<std::vector<Release>>> releases(Access access);

  Task<Result<std::vector<SavedQuery>>> queries(Access access);
  Task<Result<SavedQuery>> add_query(Access access, QueryDraft draft);
  Task<Result<SavedQuery>> change_query(Access access, std::int64_t id, QueryDraft draft);
  Task<Result<void>> delete_query(Access access, std::int64_t id);

  // What telemetry is asked for a question: for exports, too.
  Task<Result<telemetry::Asked>> asked(AppId appid, Question question);
  Line line(const Access& access, telemetry::Kind kind, telemetry::NamedRow found) const;

 private:
  using Rows = std::vector<telemetry::NamedRow>;
  Task<Result<Line>> find(Access access, LineId id);
  // Lines before or after a place, with the same session if one is given.
  Task<Result<std::vector<Line>>> beside(Access access, LineId id, std::string session, int lines, bool after);
  Task<Result<RelatedIn>> related_in(Access access, events::Field field, std::string id, TimeMs from, TimeMs to);
  // The newest, for statistics: at most so many, and less when they are large.
  Task<Result<std::vector<Line>>> sample(Access access, Question question, std::size_t lines_max);
  Task<Result<double>> count(Access access, telemetry::Asked asked);
  // `info` nullptr: of a property.
  Task<Result<FieldCount>> exact_field(Access access, Question question, const FieldInfo* info, std::string property,
                                       int top);
  Task<Result<std::vector<std::string>>> values(Access access, Source source, const Place& place);
  Task<Result<void>> add_trends(Access access, telemetry::Asked asked, const Aliases& aliases, TemplateCounts& counts);

  const Collaborators with_;
  const telemetry::Masker personal_;

  // What was offered for completion a moment ago.
  struct Offered {
    TimeMs at = 0;
    std::vector<std::string> values{};
  };
  std::mutex offered_mutex_;
  std::map<std::string, Offered> offered_;
};

// Whether somebody may change what another one made.
bool may_change(const Access& access, identity::AccountId author);

}  // namespace miniops::logs
