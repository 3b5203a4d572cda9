#include "gateway/push.hpp"

#include "base/encoding.hpp"
#include "gateway/sources.hpp"
#include "wechat/message.hpp"

namespace miniops::gateway {

namespace {

constexpr std::size_t body_bytes_max = 1 << 20;
constexpr std::size_t openid_bytes_max = 128;  // of an openid: it is part of keys

net::Response bare(int status) {
  net::Response response;
  response.status = status;
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  return response;
}

// JSON by hand: this runs for each push, and the relay reads it back. Header values are bytes, not UTF-8: each byte is
// written as the character of its number.
void append_json_string(std::string& out, std::string_view text) {
  static constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte >= 0x7f) {
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string headers_json(const net::Headers& headers) {
  std::string out;
  out.reserve(512);
  out += '[';
  for (const auto& [name, value] : headers) {
    if (out.size() > 1) out += ',';
    out += '[';
    append_json_string(out, name);
    out += ',';
    append_json_string(out, value);
    out += ']';
  }
  out += ']';
  return out;
}

// A key that does not fit an index is stored by its hash.
std::string bounded_key(std::string key) {
  return key.size() <= openid_bytes_max ? std::move(key) : "h:" + hex(sha256(key));
}

struct Refusal {
  PushOutcome outcome = PushOutcome::malformed;
  int status = 400;
  std::string_view cause{};
};

// Why a push was refused, as far as it can be told. For the console, never for the sender.
Refusal refusal_of(const Error& error, const wechat::PushQuery& query, const wechat::PushKeys& keys) {
  if (error.code == "wechat.bad_signature") {
    if (query.signature.empty() && query.msg_signature.empty()) return {PushOutcome::bad_signature, 403, "unsigned"};
    const bool plain_matches = std::any_of(keys.tokens.begin(), keys.tokens.end(), [&](const std::string& token) {
      return equal_constant_time(wechat::signature(token, query.timestamp, query.nonce), query.signature);
    });
    return {PushOutcome::bad_signature, 403, plain_matches ? "body_altered" : "token_differs"};
  }
  if (error.code == "wechat.weaker_than_configured") {
    return {PushOutcome::weaker_than_configured, 403, "mode_differs"};
  }
  if (error.code == "wechat.bad_ciphertext") return {PushOutcome::bad_ciphertext, 403, "aes_key_differs"};
  if (error.code == "wechat.wrong_appid") return {PushOutcome::wrong_appid, 403, "appid_differs"};
  return {PushOutcome::malformed, 400, "malformed"};
}

JournalEntry entry_of(net::Request& request, const AppId& appid, wechat::OpenedPush& opened,
                      const wechat::Message& message) {
  JournalEntry entry;
  entry.appid = appid;
  entry.openid = message.from_user_name;
  entry.dedup_key = bounded_key(wechat::dedup_key(message, opened.message));
  entry.received_at = request.received_at;
  entry.raw_query = request.query;
  entry.raw_headers = headers_json(request.headers);
  entry.format = opened.format;
  if (opened.encrypted) entry.message = opened.message;
  entry.raw_body = std::move(request.body);
  return entry;
}

}  // namespace

PushEndpoint::PushEndpoint(MiniPrograms& programs, Journal& journal, PushStats& stats, const Clock& clock,
                           Random& random, TimeMs store_deadline_ms, int refuse_with_status)
    : programs_(programs),
      journal_(journal),
      stats_(stats),
      clock_(clock),
      random_(random),
      store_deadline_ms_(store_deadline_ms),
      refuse_with_status_(refuse_with_status) {}

void PushEndpoint::mount(net::Router& router) {
  net::RouteInfo info;
  info.pattern = "/wechat/push/{appid}";
  info.auth = "wechat_signature";
  info.body_bytes_max = body_bytes_max;
  info.counted_as = "push";
  info.method = net::Method::get;
  router.add(info, [this](net::Request& request) { return verify(request); });
  info.method = net::Method::post;
  router.add(info, [this](net::Request& request) { return receive(request); });
}

Task<net::Response> PushEndpoint::verify(net::Request& request) {
  const AppId appid(request.param("appid"));
  const auto program = co_await programs_.find(appid);
  if (!program || !program->enabled) {
    stats_.count_unknown_appid();
    co_return bare(404);
  }
  const wechat::PushQuery query = wechat::parse_push_query(request.query);
  auto echo = wechat::verify_url(query, program->push_keys.tokens);
  if (!echo) {
    const Refusal refusal = refusal_of(echo.error(), query, program->push_keys);
    stats_.count_failure(appid, refusal.outcome, refusal.cause, request.remote_address);
    co_return bare(refusal.status);
  }
  auto response = bare(200);
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.body = std::move(*echo);
  co_return response;
}

Task<net::Response> PushEndpoint::receive(net::Request& request) {
  const AppId appid(request.param("appid"));
  const auto program = co_await programs_.find(appid);
  // Before the mini programs could be read once nobody knows whose push this is: WeChat shall come again.
  if (!program && !programs_.known()) co_return net::Response::dropped();
  if (!program || !program->enabled) {
    stats_.count_unknown_appid();
    co_return bare(404);
  }
  const auto refuse = [&](const Refusal& refusal) {
    stats_.count_failure(appid, refusal.outcome, refusal.cause, request.remote_address);
    return bare(refusal.status);
  };
  if (request.body.size() > body_bytes_max) co_return refuse({PushOutcome::too_large, 413, "too_large"});
  if (program->restrict_push_sources && program->push_sources &&
      !address_in(request.remote_address, *program->push_sources)) {
    co_return refuse({PushOutcome::source_not_allowed, 403, "not_wechats_address"});
  }
  const wechat::PushQuery query = wechat::parse_push_query(request.query);
  auto opened = wechat::open_push(query, request.body, program->push_keys);
  if (!opened) co_return refuse(refusal_of(opened.error(), query, program->push_keys));
  const auto message = wechat::parse_message(opened->format, opened->message);
  if (!message || message->from_user_name.str().size() > openid_bytes_max) {
    co_return refuse({PushOutcome::malformed, 400, "malformed"});
  }

  auto stored =
      co_await journal_.append(entry_of(request, appid, *opened, *message), request.received_at + store_deadline_ms_);
  const TimeMs now = clock_.now();
  const auto ack_ms = static_cast<double>(now - request.received_at);
  if (!stored) {
    stats_.count(appid, PushOutcome::dropped, ack_ms);
    co_return refuse_with_status_ == 0 ? net::Response::dropped() : bare(refuse_with_status_);
  }
  const bool is_new = *stored == AppendOutcome::stored;
  stats_.count(appid, is_new ? PushOutcome::accepted : PushOutcome::duplicate, ack_ms);
  if (program->original_id.empty()) stats_.learn_original_id(appid, message->to_user_name);

  auto response = bare(200);
  if (!transfers(*program, *message, now)) {
    response.body = "success";
    co_return response;
  }
  response.body = wechat::transfer_customer_service(opened->format, *message, now / second_ms);
  if (opened->encrypted) {
    const wechat::PushKeys& keys = program->push_keys;
    response.body = wechat::seal_reply(opened->format, response.body, keys.tokens.at(opened->token_used),
                                       keys.aes_keys.at(opened->aes_key_used), keys.appid,
                                       std::to_string(now / second_ms), query.nonce, random_.bytes(16));
  }
  response.headers.set("Content-Type", opened->format == wechat::Format::xml ? "text/xml; charset=utf-8"
                                                                             : "application/json; charset=utf-8");
  co_return response;
}

bool PushEndpoint::transfers(const MiniProgram& program, const wechat::Message& message, TimeMs now) const {
  if (program.transfer == TransferMode::off || !wechat::is_customer_message(message)) return false;
  if (program.transfer == TransferMode::always) return true;
  WorkingHours* hours = hours_.load();
  return hours != nullptr && !hours->open_at(program.appid, now);
}

}  // namespace miniops::gateway
