// The public pages: GET looks, POST uses the link. A link checker that follows every address it sees uses up nothing.
#include "base/text.hpp"
#include "satisfaction/errors.hpp"
#include "satisfaction/page.hpp"
#include "satisfaction/routes.hpp"

namespace miniops::satisfaction {

using net::Method;
using net::Request;
using net::Response;

namespace {

constexpr std::size_t body_bytes_max = 16 << 10;

struct Rating {
  int score = 0;
  std::string comment{};
};

// ---- what both forms do ----

Task<Result<void>> look(const RatingPage& page, const Request& request) {
  const TimeMs now = page.clock.now();
  if (!page.visitors.admit(request.remote_address, now)) co_return fail(errors::too_many_requests());
  auto read = [&page, token = request.param("token"), now](sql::Transaction& tx) -> Result<void> {
    return page.surveys.check(tx, token, now);
  };
  co_return co_await page.database.read(std::move(read));
}

Task<Result<void>> rate(const RatingPage& page, const Request& request, const Rating& rating) {
  const TimeMs now = page.clock.now();
  if (!page.visitors.admit(request.remote_address, now)) co_return fail(errors::too_many_requests());
  auto write = [&page, token = request.param("token"), rating, now](sql::Transaction& tx) -> Result<void> {
    return page.surveys.rate(tx, token, rating.score, rating.comment, now);
  };
  co_return co_await page.database.write(std::move(write));
}

// ---- HTML ----

Response html(const Request& request, Shown shown, int status) {
  const Language language = language_of(request.headers.get("accept-language").value_or(""));
  Response response = Response::bytes(rating_html(language, shown), "text/html; charset=utf-8", status);
  response.headers.set("Content-Security-Policy", rating_policy());
  response.headers.set("Referrer-Policy", "no-referrer");  // the address is the secret
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Vary", "Accept-Language");
  return response;
}

Response html_problem(const Request& request, const Error& error) {
  Shown shown = Shown::busy;
  if (error.code == errors::link_unknown().code) shown = Shown::unknown;
  if (error.code == errors::link_used().code) shown = Shown::used;
  if (error.code == errors::link_expired().code) shown = Shown::expired;
  return html(request, shown, net::status_of(error.kind));
}

// nullopt: no score, or a comment that is none.
std::optional<Rating> rating_in(const Request& request) {
  Rating rating;
  for (auto& [name, value] : net::parse_query(request.body)) {
    if (name == "score" && value.size() == 1 && value[0] >= '1' && value[0] <= '5') rating.score = value[0] - '0';
    if (name == "comment") rating.comment = std::move(value);
  }
  // Browsers send line ends as two characters.
  std::erase(rating.comment, '\r');
  if (rating.score == 0 || !valid_utf8(rating.comment) || count_chars(rating.comment) > comment_chars_max)
    return std::nullopt;
  return rating;
}

Task<Response> show_page(const RatingPage& page, const Request& request) {
  const auto open = co_await look(page, request);
  if (!open) co_return html_problem(request, open.error());
  co_return html(request, Shown::form, 200);
}

Task<Response> send_page(const RatingPage& page, const Request& request) {
  const auto rating = rating_in(request);
  if (!rating) {
    const auto open = co_await look(page, request);
    co_return open ? html(request, Shown::incomplete, 400) : html_problem(request, open.error());
  }
  const auto done = co_await rate(page, request, *rating);
  if (!done) co_return html_problem(request, done.error());
  co_return html(request, Shown::thanks, 200);
}

// ---- JSON, for a page of the mini program ----

Task<Response> show_json(const RatingPage& page, const Request& request) {
  const auto open = co_await look(page, request);
  if (!open) co_return net::problem(open.error(), request);
  Response response = Response::json(json::object{{"state", "open"}});
  response.headers.set("Cache-Control", "no-store");
  co_return response;
}

Task<Response> send_json(const RatingPage& page, const Request& request) {
  const auto body = net::json_body(request);
  if (!body) co_return net::problem(body.error(), request);
  JsonInput in(*body);
  Rating rating;
  rating.score = static_cast<int>(in.integer("score", 1, score_max));
  rating.comment = in.optional_text("comment", {0, comment_chars_max}).value_or("");
  if (auto ok = in.finish(); !ok) co_return net::problem(ok.error(), request);
  const auto done = co_await rate(page, request, rating);
  if (!done) co_return net::problem(done.error(), request);
  co_return Response::no_content();
}

}  // namespace

void mount_rating(net::Router& router, const RatingPage& page) {
  const auto add = [&](Method method, std::string pattern, std::size_t bytes_max, auto handler) {
    router.add({method, std::move(pattern), "none", "", bytes_max},
               [&page, handler](Request& request) { return handler(page, request); });
  };
  add(Method::get, "/rate/{token}", 0, show_page);
  add(Method::post, "/rate/{token}", body_bytes_max, send_page);
  add(Method::get, "/api/v1/satisfaction/{token}", 0, show_json);
  add(Method::post, "/api/v1/satisfaction/{token}", body_bytes_max, send_json);
}

}  // namespace miniops::satisfaction
