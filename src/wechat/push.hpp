// The outside of a message push: signatures, encryption, envelope. Sans I/O: bytes in, values out.
// Source: WeChat's 消息推送 documentation; vectors in tests/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace miniops::wechat {

enum class Mode { plain, compatible, safe };  // 明文 · 兼容 · 安全
enum class Format { xml, json };
std::string_view to_string(Mode mode);
std::string_view to_string(Format format);
std::optional<Mode> parse_mode(std::string_view text);
std::optional<Format> parse_format(std::string_view text);

// The query of a push. What is absent is empty.
struct PushQuery {
  std::string signature, timestamp, nonce, openid, encrypt_type, msg_signature, echostr;
};
PushQuery parse_push_query(std::string_view query);

// sha1hex(sorted and joined). `signature` over (token, timestamp, nonce); `msg_signature` over these and Encrypt.
std::string signature(std::string_view token, std::string_view timestamp, std::string_view nonce);
std::string msg_signature(std::string_view token, std::string_view timestamp, std::string_view nonce,
                          std::string_view encrypt);

// The 32 bytes of an EncodingAESKey (43 characters of [A-Za-z0-9], decoded leniently). wechat.bad_aes_key
Result<std::string> decode_aes_key(std::string_view encoding_aes_key);

// AES-256-CBC, IV = key[0..16), 16 random bytes ‖ big-endian length ‖ message ‖ appid, padded to 32.
std::string encrypt(std::string_view aes_key, std::string_view message, std::string_view appid,
                    std::string_view random16);
// Fails with wechat.bad_ciphertext (base64, AES, padding, bounds) or wechat.wrong_appid.
Result<std::string> decrypt(std::string_view aes_key, std::string_view encrypt_base64, std::string_view appid);

// The body of a push, before decryption: its format (recognised from the body), its Encrypt, and whether it carries
// message fields in clear (MsgType or FromUserName). Fails with wechat.malformed.
struct Envelope {
  Format format = Format::xml;
  std::string encrypt{};  // empty: not encrypted
  bool has_clear_message = false;
  std::string to_user_name{};
};
Result<Envelope> parse_envelope(std::string_view body);
std::string build_envelope(Format format, std::string_view to_user_name, std::string_view encrypt);

// One pair of credentials that may have signed or encrypted a push. The current one first, then (for 7 days) the
// previous ones.
struct PushKeys {
  std::vector<std::string> tokens;
  std::vector<std::string> aes_keys;  // 32 raw bytes each; may be empty in plain mode
  std::string appid;
  Mode mode = Mode::safe;               // the configured mode
  std::optional<Mode> also_accepted{};  // for 10 minutes after a change of mode: the weaker one
};

struct OpenedPush {
  std::string message;  // the message in clear: XML or JSON
  Format format = Format::xml;
  bool encrypted = false;
  std::size_t token_used = 0;    // index in PushKeys::tokens
  std::size_t aes_key_used = 0;  // index in PushKeys::aes_keys
};

// URL verification (GET): the echostr to answer with. wechat.bad_signature
Result<std::string> verify_url(const PushQuery& query, const std::vector<std::string>& tokens);

// Checks and opens a push. Order: signature → base64 → AES → padding → bounds → appid. In compatible mode only the
// decrypted message counts. Fails with wechat.bad_signature, wechat.weaker_than_configured, wechat.bad_ciphertext,
// wechat.wrong_appid, wechat.malformed. Messages of these are for our logs, never for the sender.
Result<OpenedPush> open_push(const PushQuery& query, std::string_view body, const PushKeys& keys);

// A passive reply (被动回复) as it goes back: in clear, or encrypted and signed with the request's nonce.
std::string seal_reply(Format format, std::string_view reply, std::string_view token, std::string_view aes_key,
                       std::string_view appid, std::string_view timestamp, std::string_view nonce,
                       std::string_view random16);

}  // namespace miniops::wechat
