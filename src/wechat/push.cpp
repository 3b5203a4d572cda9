#include "wechat/push.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"
#include "wechat/crypto.hpp"

namespace miniops::wechat {

namespace {

std::unexpected<Error> refuse(std::string code, std::string message) {
  return fail(ErrorKind::invalid, std::move(code), std::move(message));
}

// The index of the token that signed, trying each. An empty token signs nothing: anyone could.
template <class Sign>
std::optional<std::size_t> signer(const std::vector<std::string>& tokens, std::string_view given, Sign sign) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens[i].empty() && equal_constant_time(sign(tokens[i]), given)) return i;
  }
  return std::nullopt;
}

// The weakest mode in which a push is taken now.
Mode weakest_accepted(const PushKeys& keys) { return std::min(keys.mode, keys.also_accepted.value_or(keys.mode)); }

Mode mode_of(const Envelope& envelope) {
  if (envelope.encrypt.empty()) return Mode::plain;
  return envelope.has_clear_message ? Mode::compatible : Mode::safe;
}

Result<OpenedPush> open_plain(const PushQuery& query, std::string_view body, const PushKeys& keys, Format format) {
  const auto token = signer(keys.tokens, query.signature,
                            [&](std::string_view t) { return signature(t, query.timestamp, query.nonce); });
  if (!token) return refuse("wechat.bad_signature", "No known token gives this signature.");
  if (weakest_accepted(keys) != Mode::plain)
    return refuse("wechat.weaker_than_configured", "The body is not encrypted.");
  OpenedPush opened;
  opened.message = body;
  opened.format = format;
  opened.token_used = *token;
  return opened;
}

Result<OpenedPush> open_encrypted(const PushQuery& query, const Envelope& envelope, const PushKeys& keys) {
  const auto token = signer(keys.tokens, query.msg_signature, [&](std::string_view t) {
    return msg_signature(t, query.timestamp, query.nonce, envelope.encrypt);
  });
  if (!token) return refuse("wechat.bad_signature", "No known token gives this msg_signature.");
  if (mode_of(envelope) < weakest_accepted(keys))
    return refuse("wechat.weaker_than_configured", "The body carries the message in clear beside the encrypted one.");
  Error problem{"wechat.bad_ciphertext", "No EncodingAESKey is known."};
  for (std::size_t i = 0; i < keys.aes_keys.size(); ++i) {
    auto message = decrypt(keys.aes_keys[i], envelope.encrypt, keys.appid);
    if (message) {
      OpenedPush opened;
      opened.message = *std::move(message);
      const std::size_t first = opened.message.find_first_not_of(" \t\r\n");
      opened.format = first != std::string::npos && opened.message[first] == '{' ? Format::json : Format::xml;
      opened.encrypted = true;
      opened.token_used = *token;
      opened.aes_key_used = i;
      return opened;
    }
    // A key that opened it, for another AppID, tells more than keys that did not.
    if (problem.code != "wechat.wrong_appid") problem = std::move(message.error());
  }
  return std::unexpected(std::move(problem));
}

}  // namespace

std::string_view to_string(Mode mode) {
  switch (mode) {
    case Mode::plain:
      return "plain";
    case Mode::compatible:
      return "compatible";
    case Mode::safe:
      break;
  }
  return "safe";
}

std::string_view to_string(Format format) { return format == Format::xml ? "xml" : "json"; }

std::optional<Mode> parse_mode(std::string_view text) {
  for (Mode mode : {Mode::plain, Mode::compatible, Mode::safe}) {
    if (text == to_string(mode)) return mode;
  }
  return std::nullopt;
}

std::optional<Format> parse_format(std::string_view text) {
  for (Format format : {Format::xml, Format::json}) {
    if (text == to_string(format)) return format;
  }
  return std::nullopt;
}

PushQuery parse_push_query(std::string_view query) {
  PushQuery out;
  const std::array<std::pair<std::string_view, std::string*>, 7> known{{{"signature", &out.signature},
                                                                        {"timestamp", &out.timestamp},
                                                                        {"nonce", &out.nonce},
                                                                        {"openid", &out.openid},
                                                                        {"encrypt_type", &out.encrypt_type},
                                                                        {"msg_signature", &out.msg_signature},
                                                                        {"echostr", &out.echostr}}};
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    for (const auto& [name, target] : known) {
      if (pair.substr(0, equals) != name || !target->empty()) continue;  // of several, the first
      const std::string_view raw = pair.substr(equals + 1);
      *target = url_decode(raw, false).value_or(std::string(raw));
    }
  }
  return out;
}

std::string signature(std::string_view token, std::string_view timestamp, std::string_view nonce) {
  std::array<std::string_view, 3> parts{token, timestamp, nonce};
  std::ranges::sort(parts);
  return sha1_hex({parts[0], parts[1], parts[2]});
}

std::string msg_signature(std::string_view token, std::string_view timestamp, std::string_view nonce,
                          std::string_view encrypt) {
  std::array<std::string_view, 4> parts{token, timestamp, nonce, encrypt};
  std::ranges::sort(parts);
  return sha1_hex({parts[0], parts[1], parts[2], parts[3]});
}

Result<std::string> verify_url(const PushQuery& query, const std::vector<std::string>& tokens) {
  const auto token =
      signer(tokens, query.signature, [&](std::string_view t) { return signature(t, query.timestamp, query.nonce); });
  if (!token) return refuse("wechat.bad_signature", "No known token gives this signature.");
  return query.echostr;
}

Result<OpenedPush> open_push(const PushQuery& query, std::string_view body, const PushKeys& keys) {
  const auto envelope = parse_envelope(body);
  if (!envelope) return std::unexpected(envelope.error());
  const Mode mode = mode_of(*envelope);
  // In plain mode without a key, the clear part of a compatible body is all there is.
  const bool clear_counts =
      mode == Mode::plain || (mode == Mode::compatible && keys.mode == Mode::plain && keys.aes_keys.empty());
  return clear_counts ? open_plain(query, body, keys, envelope->format) : open_encrypted(query, *envelope, keys);
}

}  // namespace miniops::wechat
