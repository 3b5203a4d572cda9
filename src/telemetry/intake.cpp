#include "telemetry/intake.hpp"

#include "base/encoding.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "telemetry/errors.hpp"

namespace miniops::telemetry {

namespace {

constexpr std::size_t body_bytes_max = 2 << 20;   // as it comes
constexpr std::size_t plain_bytes_max = 4 << 20;  // decompressed
constexpr std::size_t large_bytes = 32 << 10;     // beyond, a body is read on a worker
constexpr int retry_after_seconds = 5;
constexpr std::size_t notes_max = 1000;

using Decoder = std::function<Result<Decoded>(std::string_view body, const Arrival& arrival)>;

// What a client reads of an answer.
enum class Manner {
  statuses,  // it keeps what it sent on 429 and 5xx, and drops it on 400
  sentry,    // the same, with headers of its own
  posthog,
  otlp,
  never_fails,  // any answer counts as success: what is not taken is lost, unless the connection breaks
  aegis         // the same, and 60 broken connections switch it off for good
};

net::Response empty_answer(int status) {
  net::Response response;
  response.status = status;
  return response;
}

// Web views of a mini program are browsers; keys travel in the address, cookies never count here.
void allow_origins(net::Response& response) { response.headers.set("Access-Control-Allow-Origin", "*"); }

Task<net::Response> preflight(net::Request&) {
  net::Response response = net::Response::no_content();
  allow_origins(response);
  response.headers.set("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
  response.headers.set("Access-Control-Allow-Headers",
                       "x-sentry-auth, content-type, content-encoding, x-requested-with, authorization, baggage, "
                       "sentry-trace, traceparent");
  response.headers.set("Access-Control-Max-Age", "86400");
  co_return response;
}

// https://servicewechat.com/<appid>/<version>/page-frame.html
std::pair<std::string_view, std::string_view> parts_of_referer(const net::Request& request) {
  static constexpr std::string_view start = "https://servicewechat.com/";
  std::string_view referer = request.headers.get("referer").value_or("");
  if (!referer.starts_with(start)) return {};
  referer.remove_prefix(start.size());
  const auto slash = referer.find('/');
  if (slash == std::string_view::npos) return {};
  const auto rest = referer.substr(slash + 1);
  return {referer.substr(0, slash), rest.substr(0, rest.find('/'))};
}

Arrival arrival_of(const net::Request& request) {
  Arrival arrival;
  arrival.received_at = request.received_at;
  arrival.query = request.query;
  arrival.content_type = request.headers.get("content-type").value_or("");
  std::tie(arrival.referer_appid, arrival.referer_version) = parts_of_referer(request);
  return arrival;
}

json::object config_of(const Settings& settings) {
  json::object config = to_json(settings);
  config.erase("keep_days");
  config.erase("masking");
  return config;
}

std::string head_of_body(std::string_view body) {
  std::string head(body.substr(0, 120));
  while (!head.empty() && !valid_utf8(head)) head.pop_back();
  return head;
}

}  // namespace

struct Intake::Door {
  std::string protocol;
  Manner manner = Manner::statuses;
  std::function<std::string(const net::Request&)> key;
  Decoder decode;
  bool key_in_body = false;  // then the body is unpacked before anyone is known
};

namespace {

std::string query_key(const net::Request& request) { return request.query_value("key").value_or(""); }

std::string sensors_key(const net::Request& request) {
  if (auto token = request.query_value("token")) return *token;
  return request.query_value("project").value_or("");
}

// The key may lie in the envelope itself, which may be compressed; such a client sends it in the query, too.
std::string dsn_key(const net::Request& request) {
  const auto header = request.headers.get("x-sentry-auth").value_or(request.headers.get("authorization").value_or(""));
  return sentry_key(request.query, header, request.body).value_or("");
}

std::string aegis_key(const net::Request& request) { return request.query_value("id").value_or(""); }

// Exporters can set headers; those that cannot have an address.
std::string otlp_key(const net::Request& request) {
  static constexpr std::string_view bearer = "Bearer ";
  const std::string_view header = request.headers.get("authorization").value_or("");
  return header.starts_with(bearer) ? std::string(header.substr(bearer.size())) : query_key(request);
}

std::string posthog_body_key(const net::Request& request) {
  const std::string key = posthog_key(request.body);
  return key.empty() ? request.query_value("api_key").value_or("") : key;
}

net::Response retcode() { return net::Response::json(json::object{{"retcode", 0}}); }

net::Response refused(Manner manner, const Error& error, const net::Request& request, int wait_seconds) {
  if (manner == Manner::aegis) return retcode();
  if (manner == Manner::never_fails)
    return error.kind == ErrorKind::unavailable ? net::Response::dropped() : empty_answer(200);
  net::Response response = net::problem(error, request);
  if (manner == Manner::sentry) {
    response = net::Response::json({{"detail", error.message}}, net::status_of(error.kind));
    if (error.kind == ErrorKind::unauthenticated) response.status = 403;  // what Sentry's clients know
    if (error.kind == ErrorKind::too_many)
      response.headers.set("X-Sentry-Rate-Limits", fmt::format("{}::key", wait_seconds));
  }
  if (error.kind == ErrorKind::too_many || error.kind == ErrorKind::unavailable)
    response.headers.set("Retry-After", std::to_string(wait_seconds));
  return response;
}

json::object partial_success(const Decoded& decoded) {
  std::int64_t rejected = 0;
  for (const LossNote& loss : decoded.losses)
    if (loss.fate == Fate::refused || loss.fate == Fate::quarantined) rejected += loss.count;
  if (rejected == 0) return {};
  return {{"partialSuccess",
           {{"rejectedLogRecords", std::to_string(rejected)},
            {"errorMessage",
             fmt::format("{}: {}", to_string(decoded.losses.front().fate), decoded.losses.front().reason)}}}};
}

net::Response accepted(Manner manner, const Decoded& decoded, const Settings& settings) {
  switch (manner) {
    case Manner::statuses:
      return net::Response::json(json::object{{"accepted", decoded.records.size()}, {"config", config_of(settings)}});
    case Manner::sentry: {
      json::object body;
      if (!decoded.event_id.empty()) body["id"] = decoded.event_id;
      return net::Response::json(body);
    }
    case Manner::posthog:
      return net::Response::json(json::object{{"status", 1}});
    case Manner::otlp:
      return net::Response::json(partial_success(decoded));
    case Manner::aegis:
      return retcode();
    case Manner::never_fails:
      return empty_answer(200);
  }
  std::unreachable();
}

// What aegis asks before it sends. Its sampling is not used: it does not say what it left away.
Task<net::Response> aegis_whitelist(net::Request&) {
  co_return net::Response::json(
      json::object{{"retcode", 0}, {"result", {{"is_in_white_list", false}, {"use_gzip", 1}, {"rate", 1}}}});
}

Task<net::Response> aegis_rates(net::Request&) {
  static constexpr std::array<std::string_view, 11> kinds_of{
      "log",       "jsError", "whiteScreen", "assetsException", "speed",          "performance",
      "webvitals", "pv",      "event",       "custom",          "miniProgramData"};
  json::array configs;
  for (const std::string_view kind : kinds_of) configs.push_back({{"limit_type", kind}, {"sample_rate", 100}});
  co_return net::Response::json(json::object{{"retcode", 0}, {"configs", std::move(configs)}, {"ttl", 3600}});
}

// PostHog's clients ask for feature flags, of which there are none.
Task<net::Response> no_flags(net::Request&) {
  co_return net::Response::json(
      json::object{{"featureFlags", json::object{}}, {"flags", json::object{}}, {"errorsWhileComputingFlags", false}});
}

}  // namespace

namespace {

struct AegisDoor {
  net::Method method;
  std::string_view path;
  AegisPath what;
};
constexpr std::array<AegisDoor, 8> aegis_paths{{
    {net::Method::post, "/collect", AegisPath::logs},
    {net::Method::post, "/collect/events", AegisPath::events},
    {net::Method::get, "/collect/pv", AegisPath::page_view},
    {net::Method::post, "/speed", AegisPath::speed},
    {net::Method::post, "/speed/custom", AegisPath::custom_speed},
    {net::Method::get, "/speed/miniProgramData", AegisPath::mini_program_data},
    {net::Method::post, "/speed/miniProgramData", AegisPath::mini_program_data},
    {net::Method::get, "/speed/performance", AegisPath::page_speed},
}};

// A path that Loki's agents would try: better told than not found.
Task<net::Response> no_loki(net::Request&) {
  co_return net::Response::text("Loki's push is not taken here. Send OTLP's logs as JSON to /v1/logs.", 501);
}

}  // namespace

void Intake::mount(net::Router& router) {
  const auto add = [&](net::Method method, std::string pattern, Door door) {
    const auto shared = std::make_shared<const Door>(std::move(door));
    net::RouteInfo info{method, std::move(pattern), "project_key", "", body_bytes_max};
    info.counted_as = "ingest";
    router.add(info, [this, shared](net::Request& request) { return answer(request, shared); });
  };
  const Door own{"miniops", Manner::statuses, query_key,
                 [](std::string_view body, const Arrival& arrival) { return decode_own(body, arrival); }};
  const Door store{"sentry", Manner::sentry, dsn_key,
                   [](std::string_view body, const Arrival& arrival) { return decode_sentry_store(body, arrival); }};
  const Door envelope{"sentry", Manner::sentry, dsn_key, [](std::string_view body, const Arrival& arrival) {
                        return decode_sentry_envelope(body, arrival);
                      }};
  const Door sensors{"sensors", Manner::never_fails, sensors_key,
                     [](std::string_view body, const Arrival& arrival) { return decode_sensors(body, arrival, ""); }};
  add(net::Method::post, "/ingest/v1/batch", own);
  for (const std::string end : {"store", "store/"}) add(net::Method::post, "/api/{project}/" + end, store);
  for (const std::string end : {"envelope", "envelope/"}) add(net::Method::post, "/api/{project}/" + end, envelope);
  for (const std::string path : {"/sa", "/sa.gif"}) {
    add(net::Method::post, path, sensors);
    add(net::Method::get, path, sensors);
  }
  for (const auto& [method, path, what] : aegis_paths)
    add(method, std::string(path),
        {"aegis", Manner::aegis, aegis_key,
         [what](std::string_view body, const Arrival& arrival) { return decode_aegis(what, body, arrival); }});
  router.add({net::Method::get, "/collect/whitelist", "none", "", 0}, aegis_whitelist);
  router.add({net::Method::get, "/rateConfig", "none", "", 0}, aegis_rates);
  Door posthog{"posthog", Manner::posthog, posthog_body_key,
               [](std::string_view body, const Arrival& arrival) { return decode_posthog(body, arrival); }, true};
  for (const std::string path : {"/batch", "/capture", "/e", "/i/v0/e"}) {
    add(net::Method::post, path, posthog);
    add(net::Method::post, path + "/", posthog);
  }
  for (const std::string path : {"/flags", "/flags/", "/decide", "/decide/"})
    router.add({net::Method::post, path, "none", "", 1 << 20}, no_flags);
  add(net::Method::post, "/v1/logs",
      {"otlp", Manner::otlp, otlp_key,
       [](std::string_view body, const Arrival& arrival) { return decode_otlp_logs(body, arrival); }});
  router.add({net::Method::post, "/loki/api/v1/push", "none", "", body_bytes_max}, no_loki);
  for (const std::string path :
       {"/ingest/v1/batch", "/api/{project}/store/", "/api/{project}/envelope/", "/sa", "/sa.gif", "/batch/",
        "/capture/", "/e/", "/i/v0/e/", "/flags/", "/decide/", "/v1/logs"})
    router.add({net::Method::options, path, "none", "", 0}, preflight);
}

IntakeFigures Intake::figures() const { return {requests_.load(), records_.load(), refused_.load()}; }

Task<Result<Decoded>> Intake::read(net::Request& request, const Door& door) {
  auto work = [&request, &door]() -> Result<Decoded> {
    const auto plain = decompress(request.headers.get("content-encoding").value_or(""), request.body, plain_bytes_max);
    if (!plain) return std::unexpected(plain.error());
    return door.decode(*plain, arrival_of(request));
  };
  const auto encoding = request.headers.get("content-encoding").value_or("identity");
  if (request.body.size() <= large_bytes && (encoding == "identity" || encoding.empty())) co_return work();
  auto done = co_await with_.workers.run(work);
  if (!done) co_return std::unexpected(done.error());
  co_return std::move(*done);
}

Task<Result<void>> Intake::spool(Block block) {
  const auto stored = co_await with_.spool.append(encode(block));
  if (!stored) co_return std::unexpected(stored.error());
  co_return Result<void>{};
}

Task<Result<void>> Intake::unpack(net::Request& request) {
  auto work = [&request]() -> Result<std::string> {
    const std::string encoding = request.query_value("compression") == "gzip-js"
                                     ? "gzip"
                                     : std::string(request.headers.get("content-encoding").value_or(""));
    auto plain = decompress(encoding, request.body, plain_bytes_max);
    if (!plain) return plain;
    return posthog_body(*plain, request.query);
  };
  auto done = co_await with_.workers.run(work);
  if (!done) co_return std::unexpected(done.error());
  if (!*done) co_return std::unexpected(done->error());
  request.body = std::move(**done);
  request.headers.set("content-encoding", "identity");
  co_return Result<void>{};
}

Task<net::Response> Intake::answer(net::Request& request, std::shared_ptr<const Door> door) {
  auto response = co_await handle(request, *door);
  allow_origins(response);
  co_return response;
}

Task<net::Response> Intake::handle(net::Request& request, const Door& door) {
  ++requests_;
  if (door.key_in_body) {
    if (const auto unpacked = co_await unpack(request); !unpacked) {
      ++refused_;
      co_return refused(door.manner, unpacked.error(), request, retry_after_seconds);
    }
  }
  const auto found = co_await with_.keys.find(door.key(request));
  if (!found) co_return refused(door.manner, found.error(), request, retry_after_seconds);
  const auto wrong_project = [&] {
    return door.manner == Manner::sentry && std::to_string((*found)->key.project) != request.param("project");
  };
  if (*found == nullptr || wrong_project()) {
    ++refused_;
    co_return refused(door.manner, errors::no_such_key(), request, 0);
  }
  const auto& [key, settings, masker] = **found;
  if (!quotas_.open(key.id, key.records_per_minute, with_.clock.now())) {
    ++refused_;
    note(key.appid, door.protocol, {Fate::refused, "over_quota", "", 1, ""});
    co_return refused(door.manner, errors::over_quota(), request, quotas_.wait_seconds(key.id, key.records_per_minute));
  }
  auto decoded = co_await read(request, door);
  if (!decoded) {
    ++refused_;
    if (decoded.error().kind != ErrorKind::unavailable)
      note(key.appid, door.protocol, {Fate::quarantined, decoded.error().code, "", 1, head_of_body(request.body)});
    co_return refused(door.manner, decoded.error(), request, retry_after_seconds);
  }
  const std::string region = with_.regions.of(request.remote_address);
  for (Record& record : decoded->records) {
    record.region = region;
    masker->mask(record);
  }
  const auto count = static_cast<std::int64_t>(decoded->records.size());
  quotas_.take(key.id, std::max<std::int64_t>(count, 1));
  auto response = accepted(door.manner, *decoded, settings);
  if (!settings.enabled) {
    note(key.appid, door.protocol, {Fate::refused, "disabled", "", std::max<std::int64_t>(count, 1), ""});
    co_return response;
  }
  auto stored = co_await spool({key.appid, door.protocol, request.received_at, std::move(*decoded)});
  if (!stored) {
    ++refused_;
    co_return refused(door.manner, stored.error(), request, retry_after_seconds);
  }
  records_ += static_cast<std::uint64_t>(count);
  co_return response;
}

// ---- what is refused ----

void Intake::note(const AppId& appid, std::string_view protocol, LossNote note) {
  const std::lock_guard lock(notes_mutex_);
  auto& losses = notes_[{appid, std::string(protocol)}].losses;
  const auto same = std::ranges::find_if(losses, [&](const LossNote& known) {
    return known.fate == note.fate && known.reason == note.reason && known.category == note.category;
  });
  if (same != losses.end()) {
    same->count += note.count;
  } else if (losses.size() < notes_max) {
    losses.push_back(std::move(note));
  }
}

Task<void> Intake::write_notes() {
  std::map<std::pair<AppId, std::string>, Decoded> taken;
  {
    const std::lock_guard lock(notes_mutex_);
    taken.swap(notes_);
  }
  for (auto& [whose, notes] : taken) {
    const auto stored = co_await spool({whose.first, whose.second, with_.clock.now(), std::move(notes)});
    if (!stored) log::warn("telemetry.notes_lost", {{"code", stored.error().code}});
  }
}

}  // namespace miniops::telemetry
