// Search and reading; retention and holds.
#include "records/routes.hpp"

#include <charconv>

#include "base/text.hpp"
#include "records/errors.hpp"
#include "records/views.hpp"

namespace miniops::records {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

constexpr std::size_t words_bytes_max = 500;
constexpr std::size_t tag_bytes_max = 128;

Error invalid_query(std::string_view name, std::string_view why) {
  return {"request.invalid", fmt::format("the query is wrong: {} {}", name, why), ErrorKind::invalid};
}

// Reads a query's values and remembers the first mistake.
class QueryInput {
 public:
  explicit QueryInput(const Request& request) : request_(request) {}

  std::string text(std::string_view name, std::size_t bytes_max) {
    std::string value = request_.query_value(name).value_or("");
    if (value.size() > bytes_max) mistake(name, "is too long");
    if (!valid_utf8(value)) mistake(name, "must be UTF-8");
    return value;
  }
  std::int64_t number(std::string_view name, std::int64_t min, std::int64_t max) {
    const auto value = request_.query_value(name);
    if (!value) return 0;
    std::int64_t out = 0;
    const auto [end, problem] = std::from_chars(value->data(), value->data() + value->size(), out);
    const bool whole = problem == std::errc() && end == value->data() + value->size();
    if (!whole || out < min || out > max) mistake(name, fmt::format("must be a number from {} to {}", min, max));
    return out;
  }
  template <class Id>
  Id id(std::string_view name) {
    const auto value = request_.query_value(name);
    const auto out = value ? parse_as<Id>(*value) : std::optional(Id());
    if (!out) mistake(name, "must be an id");
    return out.value_or(Id());
  }
  Result<void> finish() const { return mistake_ ? fail(*mistake_) : Result<void>{}; }
  void mistake(std::string_view name, std::string_view why) {
    if (!mistake_) mistake_ = invalid_query(name, why);
  }

 private:
  const Request& request_;
  std::optional<Error> mistake_;
};

Result<Question> question_of(const Request& request) {
  QueryInput in(request);
  Question question;
  question.text = in.text("text", words_bytes_max);
  question.from = in.number("from", 0, time_max);
  question.to = in.number("to", 0, time_max);
  question.agent = in.id<AccountId>("agent");
  question.group = in.id<GroupId>("group");
  question.customer = in.text("customer", words_bytes_max);
  question.reason = in.id<ReasonId>("reason_id");
  question.tag = in.text("tag", tag_bytes_max);
  question.customer_tag = in.text("customer_tag", tag_bytes_max);
  question.source = in.text("source", words_bytes_max);
  question.score = static_cast<int>(in.number("score", 1, 5));
  if (question.to != 0 && question.to < question.from) in.mistake("to", "must not lie before `from`");
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  return question;
}

Answer search(Service& service, Request& request, Access access) {
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  auto question = question_of(request);
  if (!question) co_return std::unexpected(question.error());
  const auto found = co_await service.search(access, std::move(*question), page->before, page->limit);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const Hit& hit : found->items) items.push_back(to_json(hit));
  json::value next(nullptr);
  if (found->next) next = net::make_cursor(found->next->first, found->next->second);
  co_return Response::json(
      json::object{{"items", std::move(items)}, {"next_cursor", std::move(next)}, {"not_indexed", found->not_indexed}});
}

Answer read(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "id", "conversation");
  if (!id) co_return std::unexpected(id.error());
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  const auto found = co_await service.read(access, ConversationId(*id), page->before_id(), page->limit);
  if (!found) co_return std::unexpected(found.error());
  json::array messages;
  for (const MessageRecord& message : found->messages) messages.push_back(to_json(message));
  json::value next(nullptr);
  if (found->next_seq != 0) next = net::make_cursor(0, found->next_seq);
  co_return Response::json(json::object{{"conversation", to_json(found->conversation)},
                                        {"items", std::move(messages)},
                                        {"next_cursor", std::move(next)}});
}

// ---- retention ----

Answer retention(Service& service, Request&, Access access) {
  const auto found = co_await service.retention(access);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(to_json(*found));
}

Answer change_retention(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  RetentionPatch patch;
  patch.version = in.integer("version", 0, std::numeric_limits<std::int64_t>::max());
  patch.messages_days = in.optional_integer("messages_days", 0, retention_days_max);
  patch.media_days = in.optional_integer("media_days", 0, retention_days_max);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto changed = co_await service.change_retention(access, patch);
  if (!changed) co_return std::unexpected(changed.error());
  co_return Response::json(to_json(*changed));
}

// ---- holds ----

Answer holds(Service& service, Request& request, Access access) {
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  const std::string state = request.query_value("state").value_or("open");
  if (state != "open" && state != "all") co_return fail(invalid_query("state", "must be open or all"));
  const auto found = co_await service.holds(access, state == "all", HoldId(page->before_id()), page->limit);
  if (!found) co_return std::unexpected(found.error());
  co_return list_answer(*found);
}

Answer place_hold(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  HoldWish wish;
  wish.kind = parse_word<HoldKind>(in.choice("kind", {"mini_program", "person", "conversation"}))
                  .value_or(HoldKind::mini_program);
  if (wish.kind == HoldKind::person) wish.openid = in.text("openid", {1, 128});
  if (wish.kind == HoldKind::conversation) {
    const auto id = in.optional_id("conversation_id");
    if (!id) in.mistake("conversation_id", "must be an id");
    wish.conversation = ConversationId(id.value_or(0));
  }
  wish.reason = in.text("reason", {1, 500});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto placed = co_await service.place_hold(access, std::move(wish));
  if (!placed) co_return std::unexpected(placed.error());
  co_return Response::json(to_json(*placed), 201);
}

Answer release_hold(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "id", "hold");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  std::string reason = in.text("reason", {1, 500});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto released = co_await service.release_hold(access, HoldId(*id), std::move(reason));
  if (!released) co_return std::unexpected(released.error());
  co_return Response::json(to_json(*released));
}

}  // namespace

// ---- what requests have in common ----

Result<std::int64_t> id_in(const Request& request, std::string_view name, std::string_view what) {
  const auto id = parse_id(request.param(name));
  return id ? Result<std::int64_t>(*id) : fail(errors::not_found(what));
}

Result<PageAsked> page_in(const Request& request) {
  const auto page = net::page_of(request);
  if (!page) return std::unexpected(page.error());
  PageAsked asked{page->limit};
  if (!page->cursor) return asked;
  const auto before = net::read_cursor(*page->cursor);
  if (!before) return std::unexpected(before.error());
  asked.before = *before;
  return asked;
}

Response list_answer(json::array items, const Before& next) {
  json::value cursor(nullptr);
  if (next) cursor = net::make_cursor(next->first, next->second);
  return Response::json(json::object{{"items", std::move(items)}, {"next_cursor", std::move(cursor)}});
}

void mount(identity::Guard& guard, Service& service) {
  using enum Permission;
  route(guard, service, Method::get, "", desk_read, search);
  route(guard, service, Method::get, "/conversations/{id}", desk_read, read);
  route(guard, service, Method::get, "/retention", desk_configure, retention);
  route(guard, service, Method::patch, "/retention", desk_configure, change_retention);
  route(guard, service, Method::get, "/holds", desk_configure, holds);
  route(guard, service, Method::post, "/holds", desk_configure, place_hold);
  route(guard, service, Method::post, "/holds/{id}/release", desk_configure, release_hold);
  mount_exports(guard, service);
  mount_erasures(guard, service);
}

}  // namespace miniops::records
