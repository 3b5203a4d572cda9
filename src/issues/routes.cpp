#include "issues/routes.hpp"

#include <charconv>

#include "issues/errors.hpp"

namespace miniops::issues {

using net::Request;
using net::Response;

namespace {

Result<std::int64_t> number_in(const Request& request, std::string_view name, std::int64_t otherwise,
                               std::int64_t max) {
  const auto text = request.query_value(name);
  if (!text) return otherwise;
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (problem != std::errc{} || end != text->data() + text->size() || number < 0 || number > max)
    return fail(errors::invalid_question(name, fmt::format("must be a whole number from 0 to {}", max)));
  return number;
}

}  // namespace

Result<std::int64_t> id_in(const Request& request) {
  const auto id = parse_id(request.param("id"));
  return id ? Result<std::int64_t>(*id) : fail(errors::not_found());
}

Result<Span> span_in(const Request& request, TimeMs now, TimeMs usual_ms) {
  const auto to = number_in(request, "to", now + minute_ms, now + 366 * day_ms);
  if (!to) return std::unexpected(to.error());
  const auto from = number_in(request, "from", std::max<TimeMs>(*to - usual_ms, 0), *to);
  if (!from) return std::unexpected(from.error());
  if (*to - *from > 400 * day_ms) return fail(errors::invalid_question("from", "must lie within 400 days before to"));
  return Span{*from, std::max(*to, *from + 1)};
}

Result<PageAsked> page_in(const Request& request) {
  const auto page = net::page_of(request);
  if (!page) return std::unexpected(page.error());
  PageAsked asked{page->limit};
  if (!page->cursor) return asked;
  const auto after = net::read_cursor(*page->cursor);
  if (!after) return std::unexpected(after.error());
  asked.after = *after;
  return asked;
}

Response list_answer(json::array items, const std::optional<std::pair<std::int64_t, std::int64_t>>& next) {
  return Response::json(json::object{
      {"items", std::move(items)},
      {"next_cursor", next ? json::value(net::make_cursor(next->first, next->second)) : json::value(nullptr)}});
}

void mount(identity::Guard& guard, RouteTargets to) {
  mount_reports(guard, to);
  mount_actions(guard, to);
  mount_maps(guard, to);
}

}  // namespace miniops::issues
