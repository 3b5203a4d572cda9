#include "telemetry/person_export.hpp"

#include "net/http.hpp"

namespace miniops::telemetry {

namespace {

constexpr std::size_t rows_max = 100;
constexpr std::size_t bytes_max = 4 << 20;
constexpr char kind_end = '~';  // stands in no cursor of net's

// All rows of the person and of one kind, from a place on.
Asked all_of(std::int64_t person, Kind kind, TimeMs now) {
  Asked asked;
  asked.kind = kind;
  asked.to = now + day_ms;
  asked.filters = {{events::Field::person, {std::to_string(person)}}};
  return asked;
}

}  // namespace

std::string to_cursor(const ExportPlace& place) {
  const std::string before = place.before ? net::make_cursor(place.before->first, place.before->second) : "";
  return fmt::format("{}{}{}", to_string(place.kind), kind_end, before);
}

Result<ExportPlace> read_export_cursor(std::string_view cursor) {
  const auto end = std::min(cursor.find(kind_end), cursor.size());
  const auto kind = parse_kind(cursor.substr(0, end));
  if (!kind || end == cursor.size())
    return fail(ErrorKind::invalid, "request.invalid_cursor", "the cursor is not one that this list gave out");
  ExportPlace place{*kind};
  if (cursor.remove_prefix(end + 1); cursor.empty()) return place;
  const auto before = net::read_cursor(cursor);
  if (!before) return std::unexpected(before.error());
  place.before = *before;
  return place;
}

Task<Result<ExportPage>> export_page(Service& service, Access access, std::int64_t person, ExportPlace from,
                                     TimeMs now) {
  ExportPage page;
  std::size_t bytes = 0;
  for (;;) {
    events::RowsQuestion question;
    question.limit = static_cast<int>(rows_max - page.rows.size());
    question.before = from.before;
    auto found = co_await service.rows(access, all_of(person, from.kind, now), question);
    if (!found) co_return std::unexpected(found.error());
    for (NamedRow& named : *found) {
      from.before = {named.row.time, named.row.sequence};
      bytes += named.row.text.size() + named.row.properties.size();
      page.rows.emplace_back(from.kind, std::move(named));
      if (page.rows.size() < rows_max && bytes < bytes_max) continue;
      page.next = from;
      co_return page;
    }
    if (from.kind == kinds.back()) co_return page;
    from = {Kind{static_cast<std::uint8_t>(static_cast<int>(from.kind) + 1)}};
  }
}

}  // namespace miniops::telemetry
