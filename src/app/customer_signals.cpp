#include "app/customer_signals.hpp"

#include "base/json.hpp"
#include "telemetry/service.hpp"

namespace miniops::app {

namespace {

using telemetry::Kind;

constexpr double slow_ms = 1000;

struct Look {
  desk::Signal::Kind shown{};
  Kind kind{};
  std::string_view name;  // of the records; "": all of the kind
};
constexpr std::array<Look, 4> looks{{{desk::Signal::Kind::page, Kind::event, "page_view"},
                                     {desk::Signal::Kind::error, Kind::error, ""},
                                     {desk::Signal::Kind::slow_request, Kind::performance, "request"},
                                     {desk::Signal::Kind::event, Kind::event, ""}}};
// What the SDK reports by itself: all other events are the authors'.
constexpr std::array<const char*, 6> own_events{"launch", "show", "route", "page_view", "page_leave", "api_cancelled"};

telemetry::Asked asked_of(const Look& look, std::int64_t person, const desk::SignalsAsked& times) {
  telemetry::Asked asked;
  asked.kind = look.kind;
  asked.from = times.since;
  asked.to = times.before;
  asked.filters.push_back({events::Field::person, {std::to_string(person)}});
  if (!look.name.empty()) asked.filters.push_back({events::Field::name, {std::string(look.name)}});
  if (look.shown == desk::Signal::Kind::event)
    asked.filters.push_back({events::Field::name, {own_events.begin(), own_events.end()}, true});
  if (look.shown == desk::Signal::Kind::slow_request) {
    events::Predicate slow{events::Predicate::Op::compare};
    slow.on = events::Predicate::On::value;
    slow.relation = events::Predicate::Relation::at_least;
    slow.number = slow_ms;
    asked.matching = std::make_shared<const events::Predicate>(std::move(slow));
  }
  return asked;
}

std::string property(const std::string& properties, std::string_view name) {
  boost::system::error_code problem;
  const json::value object = json::parse(properties, problem);
  const json::value* found = object.is_object() ? object.as_object().if_contains(name) : nullptr;
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : "";
}

desk::Signal signal_of(const Look& look, const telemetry::NamedRow& row) {
  desk::Signal signal{look.shown, row.row.time, row.page, row.row.text, 0, row.row.issue};
  if (look.shown == desk::Signal::Kind::slow_request) {
    signal.ms = row.row.value.value_or(0);
    signal.text = fmt::format("{} {}", property(row.row.properties, "method"), property(row.row.properties, "url"));
  }
  if (look.shown == desk::Signal::Kind::event) signal.text = row.name;
  return signal;
}

}  // namespace

Task<Result<std::vector<desk::Signal>>> CustomerTelemetry::of(identity::Access access, OpenId openid,
                                                              desk::SignalsAsked asked, int limit) {
  std::vector<desk::Signal> signals;
  // Who has sent nothing needs no event store to be opened.
  const auto people = co_await telemetry_.service().people_with(access, openid.str());
  if (!people) co_return std::unexpected(people.error());
  for (const auto& person : *people) {
    for (const Look& look : looks) {
      if (look.shown == desk::Signal::Kind::event && !asked.events) continue;
      events::RowsQuestion question;
      question.limit = limit;
      const auto found =
          co_await telemetry_.service().rows(access, asked_of(look, person.person, asked), std::move(question));
      if (!found) co_return std::unexpected(found.error());
      for (const auto& row : *found) signals.push_back(signal_of(look, row));
    }
  }
  std::ranges::sort(signals, std::ranges::greater{}, &desk::Signal::at);
  if (signals.size() > static_cast<std::size_t>(limit)) signals.resize(static_cast<std::size_t>(limit));
  co_return signals;
}

}  // namespace miniops::app
