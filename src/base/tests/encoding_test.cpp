#include "base/encoding.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace miniops {

namespace {

struct Pair {
  std::string plain;
  std::string encoded;
};

TEST(Hex, BothWays) {
  const Pair cases[] = {{"", ""}, {std::string("\0\x0f\xff", 3), "000fff"}, {"MiniOps", "4d696e694f7073"}};
  for (const auto& [plain, encoded] : cases) {
    EXPECT_EQ(hex(plain), encoded);
    EXPECT_EQ(unhex(encoded), plain);
  }
  EXPECT_EQ(unhex("FfAa"), "\xff\xaa");
  for (const char* wrong : {"0", "0g", "0x00", " 00"}) EXPECT_EQ(unhex(wrong), std::nullopt) << wrong;
}

// RFC 4648, section 10.
TEST(Base64, Vectors) {
  const Pair cases[] = {{"", ""},
                        {"f", "Zg=="},
                        {"fo", "Zm8="},
                        {"foo", "Zm9v"},
                        {"foob", "Zm9vYg=="},
                        {"fooba", "Zm9vYmE="},
                        {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : cases) {
    EXPECT_EQ(base64(plain), encoded);
    EXPECT_EQ(unbase64(encoded), plain);
    std::string bare = encoded;
    while (bare.ends_with('=')) bare.pop_back();
    EXPECT_EQ(unbase64(bare), plain);
    EXPECT_EQ(base64url(plain), bare);
  }
}

TEST(Base64, IsLenientOnlyWhereWeChatsKeysNeedIt) {
  EXPECT_EQ(unbase64("Zh"), "f");  // trailing bits may be set
  for (const char* wrong : {"Z", "Zg=", "Zg===", "Z===", "Zm9v=", "Zm 9v", "Zm9v\n", "Zm9-", "=", "Zg==Zg=="})
    EXPECT_EQ(unbase64(wrong), std::nullopt) << wrong;
  EXPECT_EQ(base64url("\xfb\xff"), "-_8");
}

TEST(Base64, RandomBytesComeBack) {
  SeededRandom random(1);
  for (std::size_t size = 0; size < 200; ++size) {
    const std::string bytes = random.bytes(size);
    EXPECT_EQ(unbase64(base64(bytes)), bytes);
    EXPECT_EQ(unhex(hex(bytes)), bytes);
    EXPECT_EQ(url_decode(url_encode(bytes), false), bytes);
  }
}

TEST(UrlEncoding, BothWays) {
  EXPECT_EQ(url_encode("a b&c=é/~"), "a%20b%26c%3D%C3%A9%2F~");
  EXPECT_EQ(url_decode("a+b%20c", true), "a b c");
  EXPECT_EQ(url_decode("a+b%20c", false), "a+b c");
  for (const char* wrong : {"%", "%2", "%zz", "a%2"}) EXPECT_EQ(url_decode(wrong, true), std::nullopt) << wrong;
}

// FIPS 180 and RFC 4231.
TEST(Hashes, Vectors) {
  EXPECT_EQ(hex(sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(EqualConstantTime, IsEquality) {
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_TRUE(equal_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_constant_time("abc", "ab"));
}

}  // namespace

}  // namespace miniops
