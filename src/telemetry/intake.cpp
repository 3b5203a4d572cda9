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
  statuses,    // it keeps what it sent on 429 and 5xx, and drops it on 400
  sentry,      // the same, with headers of its own
  never_fails  // any answer counts as success: what is not taken is lost, unless the connection breaks
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

net::Response refused(Manner manner, const Error& error, const net::Request& request, int wait_seconds) {
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

net::Response accepted(Manner manner, const Decoded& decoded, const Settings& settings) {
  switch (manner) {
    case Manner::statuses:
      return net::Response::json(json::object{{"accepted", decoded.records.size()}, {"config", config_of(settings)}});
    case Manner::sentry: {
      json::object body;
      if (!decoded.event_id.empty()) body["id"] = decoded.event_id;
      return net::Response::json(body);
    }
    case Manner::never_fails:
      return empty_answer(200);
  }
  std::unreachable();
}

}  // namespace

void Intake::mount(net::Router& router) {
  const auto add = [&](net::Method method, std::string pattern, Door door) {
    const auto shared = std::make_shared<const Door>(std::move(door));
    net::RouteInfo info{method, std::move(pattern), "project_key", "", body_bytes_max};
    info.counted_as = "ingest";
    router.add(info, [this, shared](net::Request& request) -> Task<net::Response> {
      auto response = co_await handle(request, *shared);
      allow_origins(response);
      co_return response;
    });
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
  for (const std::string path :
       {"/ingest/v1/batch", "/api/{project}/store/", "/api/{project}/envelope/", "/sa", "/sa.gif"})
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

Task<net::Response> Intake::handle(net::Request& request, const Door& door) {
  ++requests_;
  const auto found = co_await with_.keys.find(door.key(request));
  if (!found) co_return refused(door.manner, found.error(), request, retry_after_seconds);
  const auto wrong_project = [&] {
    return door.manner == Manner::sentry && std::to_string((*found)->key.project) != request.param("project");
  };
  if (*found == nullptr || wrong_project()) {
    ++refused_;
    co_return refused(door.manner, errors::no_such_key(), request, 0);
  }
  const auto& [key, settings] = **found;
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
