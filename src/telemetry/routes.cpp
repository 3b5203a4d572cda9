#include "telemetry/routes.hpp"

#include <charconv>

#include "base/mask.hpp"
#include "base/text.hpp"
#include "telemetry/errors.hpp"
#include "telemetry/record_json.hpp"

namespace miniops::telemetry {

namespace {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;
using Answer = Task<Result<Response>>;
using events::Field;

constexpr std::size_t filter_values_max = 100;
constexpr std::int64_t points_max = 5000;  // of one series, for each value of `by`

struct FieldName {
  std::string_view name;
  Field field;
};
constexpr std::array<FieldName, 16> field_names{{{"name", Field::name},
                                                 {"level", Field::level},
                                                 {"person", Field::person},
                                                 {"session", Field::session},
                                                 {"page_view", Field::page_view},
                                                 {"release", Field::release},
                                                 {"build", Field::build},
                                                 {"page", Field::page},
                                                 {"scene", Field::scene},
                                                 {"device", Field::device},
                                                 {"network", Field::network},
                                                 {"region", Field::region},
                                                 {"client", Field::client},
                                                 {"trace", Field::trace},
                                                 {"issue", Field::issue},
                                                 {"log_template", Field::log_template}}};

constexpr std::array<std::pair<std::string_view, events::Measure>, 6> measures{
    {{"count", events::Measure::count},
     {"people", events::Measure::people},
     {"sessions", events::Measure::sessions},
     {"sum", events::Measure::sum},
     {"mean", events::Measure::mean},
     {"quantiles", events::Measure::quantiles}}};

constexpr std::array<std::pair<std::string_view, TimeMs>, 6> intervals{{{"minute", minute_ms},
                                                                        {"5m", 5 * minute_ms},
                                                                        {"15m", 15 * minute_ms},
                                                                        {"hour", hour_ms},
                                                                        {"day", day_ms},
                                                                        {"week", 7 * day_ms}}};

// ---- reading a query ----

Result<std::int64_t> number_of(const Request& request, std::string_view name, std::int64_t otherwise, std::int64_t min,
                               std::int64_t max) {
  const auto text = request.query_value(name);
  if (!text) return otherwise;
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (problem != std::errc{} || end != text->data() + text->size() || number < min || number > max)
    return fail(errors::invalid_question(name, fmt::format("must be a whole number from {} to {}", min, max)));
  return number;
}

template <class Choices>
auto choice_of(const Request& request, std::string_view name, std::string_view otherwise, const Choices& choices)
    -> Result<std::remove_cvref_t<decltype(choices.front().second)>> {
  const std::string word = request.query_value(name).value_or(std::string(otherwise));
  for (const auto& [known, value] : choices)
    if (known == word) return value;
  return fail(errors::invalid_question(name, "is none of those that are there"));
}

Result<Field> field_of(std::string_view name, std::string_view parameter) {
  for (const FieldName& known : field_names)
    if (known.name == name && known.field != Field::trace && known.field != Field::session &&
        known.field != Field::page_view)
      return known.field;
  return fail(errors::invalid_question(parameter, "must be a column to group by"));
}

// "page=a,b" is either; "page=!a" is all others; a comma in a value is written %2C%2C in the address, ",," here.
Filter filter_of(Field field, std::string text) {
  Filter filter{field, {}, text.starts_with('!')};
  if (filter.negated) text.erase(0, 1);
  std::string value;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != ',') {
      value += text[at];
    } else if (at + 1 < text.size() && text[at + 1] == ',') {
      value += text[++at];
    } else {
      filter.any_of.push_back(std::exchange(value, ""));
    }
  }
  filter.any_of.push_back(std::move(value));
  return filter;
}

Result<Asked> asked_of(const Request& request, TimeMs now) {
  Asked asked;
  const auto kind = parse_kind(request.query_value("kind").value_or("event"));
  if (!kind) return fail(errors::invalid_question("kind", "is no kind of record"));
  asked.kind = *kind;
  const auto to = number_of(request, "to", now + minute_ms, 0, now + 366 * day_ms);
  if (!to) return std::unexpected(to.error());
  const auto from = number_of(request, "from", *to - day_ms, 0, *to);
  if (!from) return std::unexpected(from.error());
  asked.from = *from;
  asked.to = *to;
  for (const FieldName& known : field_names) {
    const auto text = request.query_value(known.name);
    if (!text) continue;
    if (!valid_utf8(*text)) return fail(errors::invalid_question(known.name, "must be UTF-8"));
    asked.filters.push_back(filter_of(known.field, *text));
    if (asked.filters.back().any_of.size() > filter_values_max)
      return fail(errors::invalid_question(known.name, "has too many values"));
  }
  asked.text = request.query_value("text").value_or("");
  if (asked.text.size() > 500 || !valid_utf8(asked.text))
    return fail(errors::invalid_question("text", "must be UTF-8 of at most 500 bytes"));
  return asked;
}

// ---- showing ----

json::object shown(const ProjectKey& key, const std::string& base) {
  const auto split = base.find("://");
  const std::string dsn = split == std::string::npos ? ""
                                                     : fmt::format("{}://{}@{}/{}", base.substr(0, split), key.key,
                                                                   base.substr(split + 3), key.project);
  return {{"id", std::to_string(key.id)},
          {"name", key.name},
          {"key", key.key},
          {"project", key.project},
          {"records_per_minute", key.records_per_minute},
          {"created_at", key.created_at},
          {"revoked_at", key.revoked_at == 0 ? json::value(nullptr) : json::value(key.revoked_at)},
          {"batch_url", fmt::format("{}/ingest/v1/batch?key={}", base, key.key)},
          {"sentry_dsn", dsn},
          {"sensors_url", fmt::format("{}/sa?project={}", base, key.key)}};
}

json::object shown(const NamedPoint& named, bool with_name) {
  const events::Point& point = named.point;
  json::object out{{"at", point.at}, {"value", point.value}, {"count", point.count}};
  if (with_name) {
    out["key"] = std::to_string(point.key);
    out["name"] = named.name;
  }
  if (const auto& q = point.quantiles)
    out["quantiles"] = {{"p50", q->p50}, {"p75", q->p75}, {"p90", q->p90}, {"p95", q->p95}, {"p99", q->p99}};
  return out;
}

json::object shown(const events::LedgerSum& sum, bool personal) {
  return {{"fate", sum.fate},         {"reason", sum.reason},
          {"category", sum.category}, {"client", sum.client},
          {"count", sum.count},       {"example", personal ? sum.example : mask_personal_data(sum.example)}};
}

json::object shown(const events::KindSize& size) {
  return {{"kind", to_string(Kind{static_cast<std::uint8_t>(size.kind)})},
          {"rows", size.rows},
          {"oldest_at", size.oldest},
          {"newest_at", size.newest}};
}

template <class Items, class Show>
Response list(const Items& items, Show show) {
  json::array out;
  for (const auto& item : items) out.push_back(show(item));
  return Response::json(json::object{{"items", std::move(out)}, {"next_cursor", nullptr}});
}

std::string base_of(const Request& request, const std::string& public_url) {
  if (!public_url.empty()) return public_url.ends_with('/') ? public_url.substr(0, public_url.size() - 1) : public_url;
  return fmt::format("{}://{}", request.secure ? "https" : "http", request.headers.get("host").value_or("localhost"));
}

// ---- keys and settings ----

Answer list_keys(Service& service, Request& request, Access access, std::string public_url) {
  const auto keys = co_await service.keys(access);
  if (!keys) co_return std::unexpected(keys.error());
  const std::string base = base_of(request, public_url);
  co_return list(*keys, [&](const ProjectKey& key) { return shown(key, base); });
}

Answer add_key(Service& service, Request& request, Access access, std::string public_url) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const std::string name = in.text("name", {1, 64});
  const auto quota = in.optional_integer("records_per_minute", 1, 10'000'000).value_or(60'000);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto key = co_await service.add_key(access, name, quota);
  if (!key) co_return std::unexpected(key.error());
  co_return Response::json(shown(*key, base_of(request, public_url)), 201);
}

Answer revoke_key(Service& service, Request& request, Access access) {
  const auto id = parse_id(request.param("id"));
  if (!id) co_return fail(errors::not_found());
  if (auto done = co_await service.revoke_key(access, *id); !done) co_return std::unexpected(done.error());
  co_return Response::no_content();
}

Answer get_settings(Service& service, Request&, Access access) {
  const auto settings = co_await service.settings(access);
  if (!settings) co_return std::unexpected(settings.error());
  co_return Response::json(to_json(*settings));
}

void read_rates(JsonInput& in, Settings& settings) {
  if (!in.has("sample")) return;
  const json::value* rates = in.optional_value("sample");
  if (!rates->is_object()) return in.mistake("sample", "must be an object");
  for (const auto& [name, value] : rates->as_object()) {
    const auto kind = parse_kind(name);
    if (!kind || !settings.sample.contains(*kind)) return in.mistake("sample", "names a kind that is not sampled");
    boost::system::error_code problem;
    const double rate = value.to_number<double>(problem);
    if (problem || !(rate >= 0 && rate <= 1)) return in.mistake("sample", "must hold rates from 0 to 1");
    settings.sample[*kind] = rate;
  }
}

void read_days(JsonInput& in, Settings& settings) {
  if (!in.has("keep_days")) return;
  JsonInput days = in.object("keep_days");
  for (auto& [kind, kept] : settings.keep_days) kept = days.optional_integer(to_string(kind), 1, 3650).value_or(kept);
}

Answer set_settings(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  auto settings = co_await service.settings(access);
  if (!settings) co_return std::unexpected(settings.error());
  JsonInput in(*body);
  settings->enabled = in.optional_boolean("enabled").value_or(settings->enabled);
  settings->flush_ms = in.optional_integer("flush_ms", 1000, 60'000).value_or(settings->flush_ms);
  if (const auto level = in.optional_choice("level", {"debug", "info", "warn", "error"}))
    settings->level = *parse_level(*level);
  read_rates(in, *settings);
  read_days(in, *settings);
  if (in.has("masking")) {
    JsonInput masking = in.object("masking");
    read_masking(masking, settings->masking);
  }
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto stored = co_await service.set_settings(access, *settings);
  if (!stored) co_return std::unexpected(stored.error());
  co_return Response::json(to_json(*stored));
}

// ---- questions ----

Answer intake(Service& service, Request& request, Access access, TimeMs now) {
  const auto asked = asked_of(request, now);
  if (!asked) co_return std::unexpected(asked.error());
  const auto report = co_await service.intake(access, asked->from, asked->to);
  if (!report) co_return std::unexpected(report.error());
  json::array ledger;
  for (const auto& sum : report->ledger) ledger.push_back(shown(sum, access.sees_personal_data()));
  json::array sizes;
  for (const auto& size : report->kinds) sizes.push_back(shown(size));
  co_return Response::json(
      json::object{{"last_received_at",
                    report->last_received_at == 0 ? json::value(nullptr) : json::value(report->last_received_at)},
                   {"waiting_bytes", report->waiting_bytes},
                   {"problem", report->problem.empty() ? json::value(nullptr) : json::value(report->problem)},
                   {"ledger", std::move(ledger)},
                   {"kinds", std::move(sizes)},
                   {"store_bytes", report->store_bytes}});
}

Answer series(Service& service, Request& request, Access access, TimeMs now) {
  auto asked = asked_of(request, now);
  if (!asked) co_return std::unexpected(asked.error());
  events::SeriesQuestion question;
  const auto measure = choice_of(request, "measure", "count", measures);
  const auto interval = choice_of(request, "interval", "hour", intervals);
  const auto offset = number_of(request, "offset_minutes", 480, -840, 840);
  const auto top = number_of(request, "top", 7, 1, 20);
  if (!measure) co_return std::unexpected(measure.error());
  if (!interval) co_return std::unexpected(interval.error());
  if (!offset) co_return std::unexpected(offset.error());
  if (!top) co_return std::unexpected(top.error());
  if ((asked->to - asked->from) / *interval > points_max)
    co_return fail(errors::invalid_question("interval", "is too short for this time range"));
  if (const auto by = request.query_value("by")) {
    const auto field = field_of(*by, "by");
    if (!field) co_return std::unexpected(field.error());
    question.by = *field;
  }
  question.measure = *measure;
  question.interval_ms = *interval;
  question.offset_ms = *offset * minute_ms;
  question.top = static_cast<int>(*top);
  const bool named = question.by.has_value();
  const auto points = co_await service.series(access, std::move(*asked), std::move(question));
  if (!points) co_return std::unexpected(points.error());
  co_return list(*points, [&](const NamedPoint& point) { return shown(point, named); });
}

Answer breakdown(Service& service, Request& request, Access access, TimeMs now) {
  auto asked = asked_of(request, now);
  if (!asked) co_return std::unexpected(asked.error());
  const auto measure = choice_of(request, "measure", "count", measures);
  const auto by = field_of(request.query_value("by").value_or("name"), "by");
  const auto top = number_of(request, "top", 50, 1, 200);
  if (!measure) co_return std::unexpected(measure.error());
  if (!by) co_return std::unexpected(by.error());
  if (!top) co_return std::unexpected(top.error());
  const auto points =
      co_await service.breakdown(access, std::move(*asked), {{}, *measure, *by, static_cast<int>(*top)});
  if (!points) co_return std::unexpected(points.error());
  co_return list(*points, [](const NamedPoint& point) { return shown(point, true); });
}

Answer records(Service& service, Request& request, Access access, TimeMs now) {
  auto asked = asked_of(request, now);
  if (!asked) co_return std::unexpected(asked.error());
  const auto page = net::page_of(request);
  if (!page) co_return std::unexpected(page.error());
  events::RowsQuestion question;
  question.limit = page->limit + 1;
  if (page->cursor) {
    const auto before = net::read_cursor(*page->cursor);
    if (!before) co_return std::unexpected(before.error());
    question.before = *before;
  }
  auto rows = co_await service.rows(access, std::move(*asked), std::move(question));
  if (!rows) co_return std::unexpected(rows.error());
  json::value next(nullptr);
  if (rows->size() > static_cast<std::size_t>(page->limit)) {
    rows->pop_back();
    next = net::make_cursor(rows->back().row.time, rows->back().row.sequence);
  }
  json::array items;
  for (const NamedRow& row : *rows) items.push_back(shown(row, access.sees_personal_data()));
  co_return Response::json(json::object{{"items", std::move(items)}, {"next_cursor", std::move(next)}});
}

}  // namespace

void mount(identity::Guard& guard, Service& service, const Clock& clock, std::string public_url) {
  const std::string base = "/api/v1/miniprograms/{appid}/telemetry/";
  const auto route = [&](Method method, const std::string& path, Permission permission, auto handler) {
    guard.app_route(method, base + path, permission,
                    [handler](Request& request, const Access& access) -> Answer { return handler(request, access); });
  };
  Service* to = &service;
  const Clock* time = &clock;
  using enum Permission;
  route(Method::get, "keys", telemetry_read,
        [=](Request& request, const Access& access) { return list_keys(*to, request, access, public_url); });
  route(Method::post, "keys", telemetry_manage,
        [=](Request& request, const Access& access) { return add_key(*to, request, access, public_url); });
  route(Method::del, "keys/{id}", telemetry_manage,
        [=](Request& request, const Access& access) { return revoke_key(*to, request, access); });
  route(Method::get, "settings", telemetry_read,
        [=](Request& request, const Access& access) { return get_settings(*to, request, access); });
  route(Method::put, "settings", telemetry_manage,
        [=](Request& request, const Access& access) { return set_settings(*to, request, access); });
  route(Method::get, "intake", telemetry_read,
        [=](Request& request, const Access& access) { return intake(*to, request, access, time->now()); });
  route(Method::get, "series", telemetry_read,
        [=](Request& request, const Access& access) { return series(*to, request, access, time->now()); });
  route(Method::get, "breakdown", telemetry_read,
        [=](Request& request, const Access& access) { return breakdown(*to, request, access, time->now()); });
  route(Method::get, "records", telemetry_read,
        [=](Request& request, const Access& access) { return records(*to, request, access, time->now()); });
  mount_people(guard, service, clock);
}

}  // namespace miniops::telemetry
