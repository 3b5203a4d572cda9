// A push from outside: query, envelope, cipher. Most random signatures are wrong, so that two of the three ways sign
// what the input holds, and one of these also encrypts it: padding, length and AppID are then the input's.
#include "base/encoding.hpp"
#include "targets/fuzz.hpp"
#include "wechat/crypto.hpp"
#include "wechat/push.hpp"

namespace {

using namespace miniops;
using namespace miniops::wechat;
using miniops::fuzz::require;

const std::string key = std::string(31, 'k') + "1";

PushKeys keys_of(fuzz::Input& in) {
  PushKeys keys{{"token", "old"}, {std::string(32, 'o'), key}, "wx0123456789abcdef", Mode(in.choice(3))};
  if (const unsigned also = in.choice(4); also < 3) keys.also_accepted = Mode(also);
  if (in.choice(8) == 7) keys.aes_keys.clear();
  return keys;
}

void check(const PushQuery& query, std::string_view body, const PushKeys& keys) {
  const auto opened = open_push(query, body, keys);
  if (!opened) return;
  require(opened->token_used < keys.tokens.size());
  require(opened->encrypted ? opened->aes_key_used < keys.aes_keys.size() : opened->message == body);
  require(opened->encrypted || std::min(keys.mode, keys.also_accepted.value_or(keys.mode)) == Mode::plain);
}

void sign(PushQuery& query, std::string_view encrypt) {
  query.timestamp = "1763701200";
  query.nonce = "nonce";
  query.signature = signature("token", query.timestamp, query.nonce);
  query.msg_signature = msg_signature("token", query.timestamp, query.nonce, encrypt);
}

// The input is the plain text, padded with blanks to whole blocks.
void check_decrypted(std::string_view plain, const PushKeys& keys) {
  std::string bytes(plain);
  bytes.resize((bytes.size() + 15) / 16 * 16, ' ');
  aes_256_cbc(Direction::encrypt, key, bytes);
  const std::string sealed = base64(bytes);
  PushQuery query;
  sign(query, sealed);
  for (Format format : {Format::xml, Format::json}) check(query, build_envelope(format, "gh_1", sealed), keys);
  const std::string own = encrypt(key, plain, keys.appid, std::string(16, 'r'));
  require(decrypt(key, own, keys.appid) == plain);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input in(data, size);
  const PushKeys keys = keys_of(in);
  switch (in.choice(3)) {
    case 0: {
      const PushQuery query = parse_push_query(in.line());
      check(query, in.rest(), keys);
      (void)verify_url(query, keys.tokens);
      break;
    }
    case 1: {
      const auto envelope = parse_envelope(in.rest());
      PushQuery query;
      sign(query, envelope ? envelope->encrypt : "");
      check(query, in.rest(), keys);
      break;
    }
    default:
      check_decrypted(in.rest(), keys);
  }
  (void)decode_aes_key(in.rest());
  return 0;
}
