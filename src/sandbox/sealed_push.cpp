#include "sandbox/sealed_push.hpp"

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "wechat/message.hpp"

namespace miniops::sandbox {

namespace {

constexpr TimeMs reorder_hold_ms_max = 300;

// Compatible mode: the message in clear with Encrypt as one field more.
std::string with_encrypt(wechat::Format format, std::string_view message, std::string_view encrypted) {
  if (format == wechat::Format::xml) {
    const auto end = message.rfind("</xml>");
    if (end == std::string_view::npos) return std::string(message);
    return fmt::format("{}<Encrypt><![CDATA[{}]]></Encrypt>{}", message.substr(0, end), encrypted, message.substr(end));
  }
  const auto end = message.rfind('}');
  if (end == std::string_view::npos) return std::string(message);
  return fmt::format("{},\"Encrypt\":\"{}\"{}", message.substr(0, end), encrypted, message.substr(end));
}

std::string spoiled(std::string signature) {
  signature.back() = signature.back() == '0' ? '1' : '0';
  return signature;
}

std::string aes_key_of(const App& app, bool old_key) {
  if (!old_key) return wechat::decode_aes_key(app.config.encoding_aes_key).value_or(std::string(32, '\0'));
  // Without an earlier one: a key that was never right.
  return wechat::decode_aes_key(app.previous_aes_key).value_or(std::string(32, '\x5a'));
}

// One field of an encrypted reply; it is flat, and no value holds markup or escapes.
std::string_view reply_field(wechat::Format format, std::string_view body, std::string_view name) {
  const std::string open = format == wechat::Format::xml ? fmt::format("<{}>", name) : fmt::format("\"{}\"", name);
  const auto at = body.find(open);
  if (at == std::string_view::npos) return {};
  std::string_view rest = body.substr(at + open.size());
  constexpr std::string_view cdata = "<![CDATA[";
  const auto begin = rest.find_first_not_of(" :\"\t\r\n");
  if (begin == std::string_view::npos) return {};
  rest.remove_prefix(begin);
  if (rest.starts_with(cdata)) rest.remove_prefix(cdata.size());
  return rest.substr(0, rest.find_first_of(format == wechat::Format::xml ? "]<" : "\",}"));
}

}  // namespace

PushSwitches with_rates(PushSwitches switches, const PushFaults& rates, Random& random) {
  if (chance(rates.duplicate_rate, random)) switches.duplicate = std::max(switches.duplicate, 1);
  if (chance(rates.reorder_rate, random)) switches.reorder = true;
  if (chance(rates.bad_signature_rate, random)) switches.bad_signature = true;
  if (chance(rates.old_key_rate, random)) switches.old_key = true;
  if (switches.reorder && switches.delay_ms == 0) {
    switches.delay_ms = 1 + static_cast<TimeMs>(random.below(reorder_hold_ms_max));
  }
  return switches;
}

SealedPush seal_push(const App& app, std::string_view openid, std::string_view message, const PushSwitches& switches,
                     TimeMs now, Random& random) {
  const AppConfig& config = app.config;
  const std::string timestamp = std::to_string(now / second_ms);
  const std::string nonce = std::to_string(100'000'000 + random.below(1'900'000'000));
  const auto signed_as = [&](std::string signature) {
    return switches.bad_signature ? spoiled(std::move(signature)) : signature;
  };
  SealedPush sealed;
  sealed.query =
      fmt::format("signature={}&timestamp={}&nonce={}&openid={}",
                  signed_as(wechat::signature(config.token, timestamp, nonce)), timestamp, nonce, url_encode(openid));
  sealed.body = std::string(message);
  if (config.mode == wechat::Mode::plain || switches.as_is) return sealed;

  const std::string random16 = random.alphanumeric(16);
  const std::string encrypted = wechat::encrypt(aes_key_of(app, switches.old_key), message, config.appid, random16);
  sealed.query += fmt::format("&encrypt_type=aes&msg_signature={}",
                              signed_as(wechat::msg_signature(config.token, timestamp, nonce, encrypted)));
  sealed.body = config.mode == wechat::Mode::safe ? wechat::build_envelope(config.format, app.original_id, encrypted)
                                                  : with_encrypt(config.format, message, encrypted);
  return sealed;
}

std::string with_query(std::string_view url, std::string_view query) {
  return fmt::format("{}{}{}", url, url.find('?') == std::string_view::npos ? '?' : '&', query);
}

std::string meaning_of_reply(const AppConfig& config, std::string_view body) {
  if (body.empty() || body == "success") return "success";
  const auto envelope = wechat::parse_envelope(body);
  if (!envelope) return "not_understood";
  std::string clear(body);
  if (!envelope->encrypt.empty()) {
    const auto field = [&](std::string_view name) { return reply_field(envelope->format, body, name); };
    const std::string expected =
        wechat::msg_signature(config.token, field("TimeStamp"), field("Nonce"), envelope->encrypt);
    if (expected != field("MsgSignature")) return "bad_signature";
    const auto key = wechat::decode_aes_key(config.encoding_aes_key);
    const auto opened = key ? wechat::decrypt(*key, envelope->encrypt, config.appid) : Result<std::string>("");
    if (!opened) return "not_understood";
    clear = *opened;
  }
  const auto message = wechat::parse_message(envelope->format, clear);
  if (!message) return "not_understood";
  return message->msg_type == "transfer_customer_service" ? message->msg_type : "ignored:" + message->msg_type;
}

}  // namespace miniops::sandbox
