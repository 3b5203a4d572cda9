// Questions: words become numbers, the event store is asked on a worker, numbers become words again.
#include "telemetry/errors.hpp"
#include "telemetry/numbers.hpp"
#include "telemetry/predicate_words.hpp"
#include "telemetry/service.hpp"
#include "telemetry/store.hpp"

namespace miniops::telemetry {

namespace {

using events::Field;
using store::Dictionary;

constexpr int questions_at_once = 8;  // of one mini program
constexpr std::string_view others = "(其他)";

// What stands for a value in the event store; nullopt: no row can have it.
std::optional<std::variant<std::int64_t, std::string>> stored_value(sql::Transaction& tx, const AppId& appid, Kind kind,
                                                                    Field field, const std::string& word) {
  if (const auto dictionary = dictionary_of(field, kind)) {
    if (word.empty()) return std::int64_t{store::no_word};
    const auto number = store::find_word(tx, appid, *dictionary, word);
    return number ? std::optional<std::variant<std::int64_t, std::string>>(*number) : std::nullopt;
  }
  if (field == Field::trace || field == Field::session || field == Field::page_view) return word;
  if (field == Field::level) {
    const auto level = parse_level(word);
    return level ? std::optional<std::variant<std::int64_t, std::string>>(static_cast<std::int64_t>(*level))
                 : std::nullopt;
  }
  if (field == Field::build) {
    const auto build = parse_build(word);
    return build ? std::optional<std::variant<std::int64_t, std::string>>(static_cast<std::int64_t>(*build))
                 : std::nullopt;
  }
  const auto number = parse_id(word);
  return number ? std::optional<std::variant<std::int64_t, std::string>>(*number) : std::nullopt;
}

// There may be many devices: the fewer are named, those for which it holds or the others.
events::Condition devices_that(sql::Transaction& tx, const AppId& appid,
                               const std::function<bool(const Device&)>& holds) {
  events::Condition these{Field::device};
  events::Condition not_those{Field::device, {}, true};
  const auto add = [&](std::int64_t number, const Device& device) {
    (holds(device) ? these : not_those).any_of.emplace_back(number);
  };
  add(store::no_word, Device{});
  for (const auto& [number, word] : store::all_words(tx, appid, Dictionary::device)) add(number, device_of_word(word));
  return these.any_of.size() <= not_those.any_of.size() ? these : not_those;
}

std::string plain_name(Field field, std::int64_t key) {
  if (key == -1) return std::string(others);
  if (field == Field::level) return std::string(to_string(Level{static_cast<std::uint8_t>(key)}));
  if (field == Field::build) return std::string(to_string(Build{static_cast<std::uint8_t>(key)}));
  return std::to_string(key);
}

std::string word_or_other(const std::map<std::int64_t, std::string>& words, std::int64_t number) {
  if (number == store::other_words || number == -1) return std::string(others);
  const auto found = words.find(number);
  return found == words.end() ? "" : found->second;
}

}  // namespace

template <class F>
auto Service::ask(AppId appid, F question) -> Task<std::invoke_result_t<F&, events::EventStore&>> {
  {
    const std::lock_guard lock(asking_mutex_);
    if (asking_[appid] >= questions_at_once) co_return fail(errors::too_many_questions());
    ++asking_[appid];
  }
  auto done = co_await with_.workers.run([&]() -> std::invoke_result_t<F&, events::EventStore&> {
    const auto events = with_.events.get();
    if (!events) return std::unexpected(events.error());
    return question(**events);
  });
  {
    const std::lock_guard lock(asking_mutex_);
    if (--asking_[appid] == 0) asking_.erase(appid);
  }
  if (!done) co_return std::unexpected(done.error());
  co_return std::move(*done);
}

Task<Result<std::optional<events::Scope>>> Service::scope_of(AppId appid, Asked asked) {
  auto read = [=](sql::Transaction& tx) -> Result<std::optional<events::Scope>> {
    const auto apps = store::apps(tx);
    const auto app = apps.find(appid);
    if (app == apps.end()) return std::nullopt;
    events::Scope scope{app->second, static_cast<std::int32_t>(asked.kind), asked.from, asked.to, {}, asked.text};
    scope.by_receipt = asked.by_receipt;
    scope.without_late = asked.without_late;
    if (asked.matching) scope.matching = in_numbers(tx, appid, asked.kind, *asked.matching);
    if (asked.devices) scope.where.push_back(devices_that(tx, appid, asked.devices));
    for (const Filter& filter : asked.filters) {
      events::Condition condition{filter.field, {}, filter.negated};
      for (const std::string& word : filter.any_of)
        if (auto value = stored_value(tx, appid, asked.kind, filter.field, word))
          condition.any_of.push_back(std::move(*value));
      scope.where.push_back(std::move(condition));
    }
    return scope;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<std::vector<std::string>>> Service::names_of(AppId appid, Kind kind, std::optional<Field> by,
                                                         std::vector<std::int64_t> keys) {
  std::vector<std::string> names(keys.size());
  if (!by) co_return names;
  const auto dictionary = dictionary_of(*by, kind);
  std::map<std::int64_t, std::string> words;
  if (dictionary) {
    std::vector<std::int64_t> numbers = keys;
    std::ranges::sort(numbers);
    numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
    auto read = [=](sql::Transaction& tx) -> Result<std::map<std::int64_t, std::string>> {
      return store::words(tx, appid, *dictionary, numbers);
    };
    auto found = co_await with_.database.read(std::move(read));
    if (!found) co_return std::unexpected(found.error());
    words = std::move(*found);
  }
  for (std::size_t i = 0; i < keys.size(); ++i)
    names[i] = dictionary ? word_or_other(words, keys[i]) : plain_name(*by, keys[i]);
  co_return names;
}

template <class Question>
Task<Result<std::vector<NamedPoint>>> Service::points(AppId appid, Asked asked, Question question,
                                                      std::optional<Field> by, PointsOf<Question> points_of) {
  const Kind kind = asked.kind;
  auto scope = co_await scope_of(appid, std::move(asked));
  if (!scope) co_return std::unexpected(scope.error());
  if (!*scope) co_return std::vector<NamedPoint>{};
  question.scope = std::move(**scope);
  auto points = co_await ask(appid, [&](events::EventStore& events) { return (events.*points_of)(question); });
  if (!points) co_return std::unexpected(points.error());
  std::vector<std::int64_t> keys;
  for (const events::Point& point : *points) keys.push_back(point.key);
  auto names = co_await names_of(appid, kind, by, std::move(keys));
  if (!names) co_return std::unexpected(names.error());
  std::vector<NamedPoint> out;
  for (std::size_t i = 0; i < points->size(); ++i) out.push_back({std::move((*points)[i]), std::move((*names)[i])});
  co_return out;
}

Task<Result<std::vector<NamedPoint>>> Service::series(Access access, Asked asked, events::SeriesQuestion question) {
  const auto by = question.by;
  return points(access.appid(), std::move(asked), std::move(question), by, &events::EventStore::series);
}

Task<Result<std::vector<NamedPoint>>> Service::breakdown(Access access, Asked asked,
                                                         events::BreakdownQuestion question) {
  const auto by = question.by;
  return points(access.appid(), std::move(asked), std::move(question), std::optional(by),
                &events::EventStore::breakdown);
}

Task<Result<std::vector<NamedBucket>>> Service::buckets(Access access, Asked asked, events::BucketsQuestion question) {
  const AppId& appid = access.appid();
  const Kind kind = asked.kind;
  auto scope = co_await scope_of(appid, std::move(asked));
  if (!scope) co_return std::unexpected(scope.error());
  if (!*scope) co_return std::vector<NamedBucket>{};
  question.scope = std::move(**scope);
  auto found = co_await ask(appid, [&](events::EventStore& events) { return events.buckets(question); });
  if (!found) co_return std::unexpected(found.error());
  std::vector<std::int64_t> keys;
  for (const events::BucketCount& one : *found) keys.push_back(one.key);
  auto names = co_await names_of(appid, kind, question.by, std::move(keys));
  if (!names) co_return std::unexpected(names.error());
  std::vector<NamedBucket> out;
  for (std::size_t i = 0; i < found->size(); ++i) {
    events::BucketCount& one = (*found)[i];
    std::string name = question.by_properties.empty() ? std::move((*names)[i])
                       : one.key == -1                ? std::string(others)
                                                      : one.text_key;
    out.push_back({std::move(one), std::move(name)});
  }
  co_return out;
}

Task<Result<std::vector<NamedRow>>> Service::rows(Access access, Asked asked, events::RowsQuestion question) {
  const AppId& appid = access.appid();
  const Kind kind = asked.kind;
  auto scope = co_await scope_of(appid, std::move(asked));
  if (!scope) co_return std::unexpected(scope.error());
  if (!*scope) co_return std::vector<NamedRow>{};
  question.scope = std::move(**scope);
  auto found = co_await ask(appid, [&](events::EventStore& events) { return events.rows(question); });
  if (!found) co_return std::unexpected(found.error());
  auto name = [&, kind](sql::Transaction& tx) -> Result<std::vector<NamedRow>> {
    const auto words = [&](Dictionary dictionary, std::int64_t events::FoundRow::* member) {
      std::vector<std::int64_t> numbers;
      for (const events::FoundRow& row : *found) numbers.push_back(row.*member);
      return store::words(tx, appid, dictionary, numbers);
    };
    using Row = events::FoundRow;
    const auto names = words(store::names_of(kind), &Row::name);
    const auto pages = words(Dictionary::page, &Row::page);
    const auto releases = words(Dictionary::release, &Row::release);
    const auto networks = words(Dictionary::network, &Row::network);
    const auto regions = words(Dictionary::region, &Row::region);
    const auto clients = words(Dictionary::client, &Row::client);
    const auto devices = words(Dictionary::device, &Row::device);
    std::vector<NamedRow> rows;
    for (const Row& row : *found)
      rows.push_back({row, word_or_other(names, row.name), word_or_other(pages, row.page),
                      word_or_other(releases, row.release), word_or_other(networks, row.network),
                      word_or_other(regions, row.region), word_or_other(clients, row.client),
                      device_of_word(word_or_other(devices, row.device))});
    return rows;
  };
  co_return co_await with_.database.read(name);
}

Task<Result<IntakeReport>> Service::intake(Access access, TimeMs from, TimeMs to) {
  const AppId& appid = access.appid();
  IntakeReport report;
  const LoaderFigures loader = with_.loader.figures();
  if (const auto last = loader.last_received.find(appid); last != loader.last_received.end())
    report.last_received_at = last->second;
  report.waiting_bytes = loader.waiting_bytes;
  report.problem = loader.problem;
  auto apps = co_await with_.database.read(
      [](sql::Transaction& tx) -> Result<std::map<AppId, std::int32_t>> { return store::apps(tx); });
  if (!apps) co_return std::unexpected(apps.error());
  const auto app = apps->find(appid);
  // Without a key nothing can have come, and the store stays closed.
  if (app == apps->end()) co_return report;
  auto done = co_await ask(appid, [&](events::EventStore& events) -> Result<void> {
    auto ledger = events.ledger(app->second, from, to);
    if (!ledger) return std::unexpected(ledger.error());
    auto sizes = events.sizes();
    if (!sizes) return std::unexpected(sizes.error());
    report.ledger = std::move(*ledger);
    report.store_bytes = sizes->bytes;
    for (const events::KindSize& size : sizes->kinds)
      if (size.app == app->second) report.kinds.push_back(size);
    return {};
  });
  if (!done) co_return std::unexpected(done.error());
  co_return report;
}

}  // namespace miniops::telemetry
