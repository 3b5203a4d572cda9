#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "wechat/push.hpp"
#include "wechat/tests/vectors.hpp"

namespace miniops::wechat {
namespace {

using testing::Vector;
using testing::vectors;

class PublishedVector : public ::testing::TestWithParam<Vector> {
 protected:
  std::string key() const { return decode_aes_key(GetParam().encoding_aes_key).value(); }
};

TEST_P(PublishedVector, SignatureIsTheSame) {
  const Vector& v = GetParam();
  EXPECT_EQ(msg_signature(v.token, v.timestamp, v.nonce, v.encrypt), v.msg_signature);
}

TEST_P(PublishedVector, DecryptsToTheSameBytes) {
  const Vector& v = GetParam();
  EXPECT_EQ(decrypt(key(), v.encrypt, v.appid).value(), v.message);
}

TEST_P(PublishedVector, EncryptsToTheSameBytes) {
  const Vector& v = GetParam();
  EXPECT_EQ(encrypt(key(), v.message, v.appid, v.random16), v.encrypt);
  const std::size_t bare = 20 + v.message.size() + v.appid.size();
  EXPECT_EQ(unbase64(v.encrypt)->size() - bare, v.padding);
}

TEST_P(PublishedVector, OpensAsAPushInEachFormat) {
  const Vector& v = GetParam();
  PushQuery query;
  query.timestamp = v.timestamp;
  query.nonce = v.nonce;
  query.msg_signature = v.msg_signature;
  const PushKeys keys{{std::string(v.token)}, {key()}, std::string(v.appid), Mode::safe};
  for (Format format : {Format::xml, Format::json}) {
    const auto opened = open_push(query, build_envelope(format, "gh_x", v.encrypt), keys);
    ASSERT_TRUE(opened) << opened.error().code;
    EXPECT_EQ(opened->message, v.message);
    EXPECT_TRUE(opened->encrypted);
  }
}

TEST_P(PublishedVector, IsRefusedForAnotherAppId) {
  const Vector& v = GetParam();
  EXPECT_EQ(decrypt(key(), v.encrypt, "wx0000000000000000").error().code, "wechat.wrong_appid");
  EXPECT_EQ(decrypt(key(), v.encrypt, "").error().code, "wechat.wrong_appid");
  EXPECT_EQ(decrypt(key(), v.encrypt, std::string(v.appid) + "x").error().code, "wechat.wrong_appid");
}

INSTANTIATE_TEST_SUITE_P(All, PublishedVector, ::testing::ValuesIn(vectors),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(SealReply, GivesThePublishedReply) {
  const Vector& v = vectors[1];
  const std::string key = decode_aes_key(v.encoding_aes_key).value();
  EXPECT_EQ(seal_reply(Format::json, v.message, v.token, key, v.appid, v.timestamp, v.nonce, v.random16),
            R"({"Encrypt":")" + std::string(v.encrypt) + R"(","MsgSignature":")" + std::string(v.msg_signature) +
                R"(","TimeStamp":1713424427,"Nonce":"415670741"})");
  EXPECT_EQ(seal_reply(Format::xml, v.message, v.token, key, v.appid, v.timestamp, v.nonce, v.random16),
            "<xml><Encrypt><![CDATA[" + std::string(v.encrypt) + "]]></Encrypt><MsgSignature><![CDATA[" +
                std::string(v.msg_signature) +
                "]]></MsgSignature><TimeStamp>1713424427</TimeStamp><Nonce><![CDATA[415670741]]></Nonce></xml>");
}

TEST(DecodeAesKey, TakesAnyLast2Bits) {
  // Of the last character's six bits only four are used: these four keys are one.
  const std::string stem(42, 'k');
  const std::string key = decode_aes_key(stem + "A").value();
  EXPECT_EQ(key.size(), 32U);
  for (const char* last : {"B", "C", "D"}) EXPECT_EQ(decode_aes_key(stem + last).value(), key);
  EXPECT_NE(decode_aes_key(stem + "E").value(), key);
}

TEST(DecodeAesKey, RefusesOtherThan43LettersAndDigits) {
  for (const std::string& text : {std::string(), std::string(42, 'A'), std::string(44, 'A'), std::string(42, 'A') + "=",
                                  std::string(42, 'A') + "+", std::string(42, 'A') + "/", std::string(42, 'A') + " ",
                                  std::string(42, 'A') + std::string(1, '\0')})
    EXPECT_EQ(decode_aes_key(text).error().code, "wechat.bad_aes_key") << text;
}

TEST(Cipher, RoundTripsEveryLengthAndPadding) {
  SeededRandom random(7);
  std::array<bool, 33> seen{};
  for (std::size_t length = 0; length <= 200; ++length) {
    const std::string key = random.bytes(32);
    const std::string message = random.bytes(length);
    const std::string appid = "wx" + random.alphanumeric(16);
    const std::string sealed = encrypt(key, message, appid, random.bytes(16));
    const std::size_t bytes = unbase64(sealed)->size();
    EXPECT_EQ(bytes % 32, 0U);
    seen[bytes - 20 - length - appid.size()] = true;
    EXPECT_EQ(decrypt(key, sealed, appid).value(), message) << length;
  }
  EXPECT_FALSE(seen[0]);
  for (std::size_t padding = 1; padding <= 32; ++padding) EXPECT_TRUE(seen[padding]) << padding;
}

TEST(Cipher, ADamagedMessageIsNeverTakenForTheWholeOne) {
  SeededRandom random(8);
  const std::string key = random.bytes(32);
  const std::string message = "hello, 你好";
  const std::string sealed = unbase64(encrypt(key, message, "wx1", random.bytes(16))).value();
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string damaged = sealed;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    // The first 16 bytes are random and thrown away; CBC spreads a flip over the next block, or one bit of it.
    const auto opened = decrypt(key, base64(damaged), "wx1");
    if (opened && bit >= 256) {
      EXPECT_NE(*opened, message) << bit;
    }
  }
}

TEST(Cipher, AnotherKeyOpensNothing) {
  SeededRandom random(9);
  const std::string sealed = encrypt(random.bytes(32), "hello", "wx1", random.bytes(16));
  for (int i = 0; i < 200; ++i) EXPECT_FALSE(decrypt(random.bytes(32), sealed, "wx1"));
}

// Encrypts a plain text of our choice, well-formed or not, by way of an empty message and appid.
std::string encrypt_raw(std::string_view key, std::string_view plain) {
  // encrypt(…) of `plain` cut up: its first 16 bytes are the "random" ones; the rest must begin with a length.
  return encrypt(key, plain.substr(20), "", plain.substr(0, 16));
}

TEST(Cipher, RefusesWhatIsNoCiphertext) {
  const std::string key(32, 'k');
  for (const std::string& text :
       {std::string(), std::string("="), std::string("!!!!"), std::string("AAAA"), std::string("AAAAAAAAAAAAAAAAAAAAA"),
        base64(std::string(15, 'a')), base64(std::string(17, 'a')), std::string(2 << 20, 'A'), std::string("你好")})
    EXPECT_EQ(decrypt(key, text, "wx1").error().code, "wechat.bad_ciphertext") << text.substr(0, 40);
}

TEST(Cipher, RefusesALengthOutOfBounds) {
  // A message that ends with what would be the appid: the length says where it ends, not the padding.
  const std::string key(32, 'k');
  const std::string sealed = encrypt_raw(key, std::string(20, 'r') + "message" + "wx1");
  EXPECT_EQ(decrypt(key, sealed, "wx1").error().code, "wechat.wrong_appid");
  EXPECT_EQ(decrypt(key, sealed, "").value(), "messagewx1");
  // Flipping a bit of the random block flips the same bit of the length's block behind it … in the first block the IV
  // does so, which is the key: choose a key that turns the length into a huge one.
  std::string bytes = unbase64(encrypt(key, std::string(40, 'm'), "wx1", std::string(16, 'r'))).value();
  bytes[0] = static_cast<char>(bytes[0] ^ 0x80);  // garbles block 0, and bit 31 of the length in block 1
  EXPECT_EQ(decrypt(key, base64(bytes), "wx1").error().code, "wechat.bad_ciphertext");
}

}  // namespace
}  // namespace miniops::wechat
