// Rules, hours, words, settings.
#include "desk/route_support.hpp"
#include "desk/routes.hpp"
#include "desk/settings_service.hpp"
#include "satisfaction/answer.hpp"

namespace miniops::desk {

namespace {

using Answer = Task<Result<Response>>;

constexpr std::size_t word_list_bytes_max = 16 << 20;
constexpr std::size_t end_words_max = 20, end_word_chars_max = 20;

json::object shown(const Settings& settings) {
  return {{"reopen_minutes", settings.reopen_minutes},
          {"grace_seconds", settings.grace_seconds},
          {"load_max_default", settings.load_max_default},
          {"auto_assign", settings.auto_assign},
          {"silence_warn_minutes", settings.silence_warn_minutes},
          {"silence_close_minutes", settings.silence_close_minutes},
          {"silence_of_priority", settings.silence_of_priority},
          {"silence_warn_text", settings.silence_warn_text},
          {"silence_close_text", settings.silence_close_text},
          {"end_words", json::value_from(settings.end_words)},
          {"agent_remind_minutes", settings.agent_remind_minutes},
          {"agent_return_minutes", settings.agent_return_minutes},
          {"transfer_accept_seconds", settings.transfer_accept_seconds},
          {"seal_numbers", settings.seal_numbers},
          {"privacy_link", settings.privacy_link},
          {"privacy_version", settings.privacy_version}};
}

json::object shown(const StoredWord& word) {
  return {{"id", word.id.str()},
          {"word", word.word.text},
          {"action", to_string(word.word.action)},
          {"created_at", word.created_at}};
}

// Customers are sent it: an address of the web, without what would end it in a message.
bool is_link_or_none(const std::string& link) {
  const auto breaks = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '"' || c == '<'; };
  return link.empty() || (link.starts_with("https://") && link.size() > 8 && std::ranges::none_of(link, breaks));
}

// ---- settings and hours ----

Answer get_settings(SettingsService& service, Request&, Access access) {
  const auto settings = co_await service.settings(access);
  if (!settings) co_return std::unexpected(settings.error());
  co_return Response::json(shown(*settings));
}

Answer set_settings(SettingsService& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  auto settings = co_await service.settings(access);
  if (!settings) co_return std::unexpected(settings.error());
  JsonInput in(*body);
  settings->reopen_minutes = in.optional_integer("reopen_minutes", 0, 10080).value_or(settings->reopen_minutes);
  settings->grace_seconds = in.optional_integer("grace_seconds", 5, 3600).value_or(settings->grace_seconds);
  settings->load_max_default = in.optional_integer("load_max_default", 1, 200).value_or(settings->load_max_default);
  settings->auto_assign = in.optional_boolean("auto_assign").value_or(settings->auto_assign);
  const auto minutes = [&](std::string_view key, std::int64_t& value) {
    value = in.optional_integer(key, 0, 2880).value_or(value);
  };
  const auto text = [&](std::string_view key, std::string& value) {
    value = in.optional_text(key, {0, 600}).value_or(value);
  };
  minutes("silence_warn_minutes", settings->silence_warn_minutes);
  minutes("silence_close_minutes", settings->silence_close_minutes);
  settings->silence_of_priority = in.optional_boolean("silence_of_priority").value_or(settings->silence_of_priority);
  text("silence_warn_text", settings->silence_warn_text);
  text("silence_close_text", settings->silence_close_text);
  if (in.has("end_words")) settings->end_words = in.optional_texts("end_words", end_words_max, {1, end_word_chars_max});
  for (const std::string& word : settings->end_words)
    if (satisfaction::canonical(word).empty() || satisfaction::parse_answer(word, {}))
      in.mistake("end_words", "a blank, or an answer to another question (1 to 5)");
  minutes("agent_remind_minutes", settings->agent_remind_minutes);
  minutes("agent_return_minutes", settings->agent_return_minutes);
  settings->transfer_accept_seconds =
      in.optional_integer("transfer_accept_seconds", 0, 600).value_or(settings->transfer_accept_seconds);
  settings->seal_numbers = in.optional_boolean("seal_numbers").value_or(settings->seal_numbers);
  settings->privacy_link = in.optional_text("privacy_link", {0, 500}).value_or(settings->privacy_link);
  settings->privacy_version = in.optional_text("privacy_version", {0, 32}).value_or(settings->privacy_version);
  if (!is_link_or_none(settings->privacy_link)) in.mistake("privacy_link", "must begin with https://");
  if (settings->privacy_link.empty() != settings->privacy_version.empty())
    in.mistake("privacy_version", "a privacy notice has a link and a version");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto stored = co_await service.set_settings(access, *settings);
  if (!stored) co_return std::unexpected(stored.error());
  co_return Response::json(shown(*stored));
}

Answer get_hours(SettingsService& service, Request&, Access access) {
  const auto hours = co_await service.hours(access);
  if (!hours) co_return std::unexpected(hours.error());
  co_return Response::json(calendar::to_json(*hours));
}

Answer set_hours(SettingsService& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  auto hours = calendar::parse_calendar(*body);
  if (!hours) co_return std::unexpected(hours.error());
  const auto stored = co_await service.set_hours(access, std::move(*hours));
  if (!stored) co_return std::unexpected(stored.error());
  co_return Response::json(to_json(*stored));
}

// ---- rules ----

Answer list_rules(SettingsService& service, Request&, Access access) {
  const auto rules = co_await service.rules(access);
  if (!rules) co_return std::unexpected(rules.error());
  json::array items;
  for (const Rule& rule : *rules) items.push_back(to_json(rule));
  co_return Response::json(json::object{{"items", std::move(items)}});
}

Answer add_rule(SettingsService& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  auto rule = parse_rule(*body, nullptr);
  if (!rule) co_return std::unexpected(rule.error());
  const auto stored = co_await service.add_rule(access, std::move(*rule));
  if (!stored) co_return std::unexpected(stored.error());
  co_return Response::json(to_json(*stored), 201);
}

Answer change_rule(SettingsService& service, Request& request, Access access) {
  const auto id = id_param<RuleId>(request, "id", "rule");
  if (!id) co_return std::unexpected(id.error());
  auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  const auto stored = co_await service.change_rule(access, *id, std::move(*body));
  if (!stored) co_return std::unexpected(stored.error());
  co_return Response::json(to_json(*stored));
}

Answer remove_rule(SettingsService& service, Request& request, Access access) {
  const auto id = id_param<RuleId>(request, "id", "rule");
  if (!id) co_return std::unexpected(id.error());
  const auto removed = co_await service.remove_rule(access, *id);
  if (!removed) co_return std::unexpected(removed.error());
  co_return Response::no_content();
}

Answer try_rules(SettingsService& service, const Clock& clock, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  RuleFacts facts;
  facts.text = in.optional_text("text", {0, 2048});
  const auto at = in.optional_integer("at", 0, 253402300799999);
  facts.entered = in.optional_choice("event", {"user_enter_tempsession"}).has_value();
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  std::string language(language_of(request));
  const auto tried =
      co_await service.try_rules(access, std::move(facts), at.value_or(clock.now()), std::move(language));
  if (!tried) co_return std::unexpected(tried.error());
  co_return Response::json(*tried);
}

// ---- words ----

Result<std::optional<WordAction>> action_of(const Request& request) {
  const auto text = request.query_value("action");
  if (!text || text->empty()) return std::nullopt;
  const auto action = parse_word_action(*text);
  if (!action) return fail(invalid_query("action", "must be block, mask or flag"));
  return action;
}

Answer list_words(SettingsService& service, Request& request, Access access) {
  const auto page = list_request(request);
  if (!page) co_return std::unexpected(page.error());
  const auto action = action_of(request);
  if (!action) co_return std::unexpected(action.error());
  const WordId before(page->after ? page->after->second : 0);
  const auto contains = words_of(request, "q");
  if (!contains) co_return std::unexpected(contains.error());
  auto words = co_await service.words(access, before, *action, *contains, page->limit + 1);
  if (!words) co_return std::unexpected(words.error());
  After next;
  if (words->size() > static_cast<std::size_t>(page->limit)) {
    words->pop_back();
    next = {words->back().id.value(), words->back().id.value()};
  }
  json::array items;
  for (const StoredWord& word : *words) items.push_back(shown(word));
  co_return Response::json(list_of(std::move(items), next));
}

Answer add_word(SettingsService& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  Word word;
  word.text = in.text("word", {1, 64});
  word.action = parse_word_action(in.choice("action", {"block", "mask", "flag"})).value_or(WordAction::block);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto stored = co_await service.add_word(access, std::move(word));
  if (!stored) co_return std::unexpected(stored.error());
  co_return Response::json(shown(*stored), 201);
}

Answer remove_word(SettingsService& service, Request& request, Access access) {
  const auto id = id_param<WordId>(request, "id", "word");
  if (!id) co_return std::unexpected(id.error());
  const auto removed = co_await service.remove_word(access, *id);
  if (!removed) co_return std::unexpected(removed.error());
  co_return Response::no_content();
}

Answer remove_all_words(SettingsService& service, Request&, Access access) {
  const auto removed = co_await service.remove_all_words(access);
  if (!removed) co_return std::unexpected(removed.error());
  co_return Response::no_content();
}

Answer import_words(SettingsService& service, Request& request, Access access) {
  const auto action = action_of(request);
  if (!action) co_return std::unexpected(action.error());
  if (!request.headers.get("content-type").value_or("").starts_with("text/plain")) {
    co_return fail(ErrorKind::unsupported, "request.not_text", "the body must be sent as Content-Type: text/plain");
  }
  const auto done = co_await service.import_words(access, std::move(request.body), action->value_or(WordAction::block));
  if (!done) co_return std::unexpected(done.error());
  json::array rejected;
  for (const WordImport::Rejected& one : done->rejected) {
    rejected.push_back(json::object{{"line", one.line}, {"why", one.why}});
  }
  co_return Response::json(
      json::object{{"added", done->added}, {"duplicates", done->duplicates}, {"rejected", std::move(rejected)}});
}

}  // namespace

void mount_settings(identity::Guard& guard, SettingsService& settings, const Clock& clock) {
  const std::string app = "/api/v1/miniprograms/{appid}";
  using Handle = Answer (*)(SettingsService&, Request&, Access);
  auto route = [&](Method method, const std::string& path, Permission permission, Handle handle,
                   std::size_t body_bytes_max = 1 << 20) {
    guard.app_route(
        method, app + path, permission,
        [&settings, handle](Request& request, const Access& access) { return handle(settings, request, access); },
        body_bytes_max);
  };
  route(Method::get, "/desk-settings", Permission::desk_read, get_settings);
  route(Method::put, "/desk-settings", Permission::desk_configure, set_settings);
  route(Method::get, "/hours", Permission::desk_read, get_hours);
  route(Method::put, "/hours", Permission::desk_configure, set_hours);
  route(Method::get, "/rules", Permission::desk_read, list_rules);
  route(Method::post, "/rules", Permission::desk_configure, add_rule);
  route(Method::patch, "/rules/{id}", Permission::desk_configure, change_rule);
  route(Method::del, "/rules/{id}", Permission::desk_configure, remove_rule);
  guard.app_route(Method::post, app + "/rules/try", Permission::desk_read,
                  [&settings, &clock](Request& request, const Access& access) {
                    return try_rules(settings, clock, request, access);
                  });
  route(Method::get, "/words", Permission::desk_read, list_words);
  route(Method::post, "/words", Permission::desk_configure, add_word);
  route(Method::del, "/words", Permission::desk_configure, remove_all_words);
  route(Method::del, "/words/{id}", Permission::desk_configure, remove_word);
  route(Method::post, "/words/import", Permission::desk_configure, import_words, word_list_bytes_max);
}

}  // namespace miniops::desk
