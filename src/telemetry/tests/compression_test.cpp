#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "telemetry/decode/decode.hpp"

namespace miniops::telemetry {
namespace {

constexpr std::size_t mebibyte = 1 << 20;
constexpr int gzip = 15 + 16;
constexpr int zlib = 15;
constexpr int raw = -15;

std::string deflated(std::string_view text, int window_bits) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

// node -p "zlib.brotliCompressSync('数据上报 '.repeat(50)).toString('base64')", and of 100 MB of zeros.
const std::string brotli = unbase64("G4kC+I2UqblempODgEMO3L+FAaYtLAqMBr7Bo36QAA==").value();
const std::string brotli_bomb =
    unbase64(
        "y///P/gnAOKxQCD3/o///3/wTwDEYRGA7v0f////4J8AiMMCAN37P/7//8E/ARCHBQC693/8//+DfwIgDgsAdO//+P//B/8EQBwW"
        "AOje//H//w/+CYA4LADQvf/j//8f/BMAcVgAoHv/x///P/gnAOKwAED3/o///3/wTwDEYQGA7v0f////4J8AiMMCAN37v/wHr8M/"
        "ARCHBQC62HU=")
        .value();

std::string text() {
  std::string out;
  for (int i = 0; i < 50; ++i) out += "数据上报 ";
  return out;
}

std::string code_of(const Result<std::string>& result) { return result ? "" : result.error().code; }

TEST(Decompress, KnowsEveryEncoding) {
  struct Case {
    const char* encoding;
    std::string bytes;
  };
  const Case cases[] = {{"", text()},
                        {"identity", text()},
                        {"gzip", deflated(text(), gzip)},
                        {" GZip ", deflated(text(), gzip)},
                        {"x-gzip", deflated(text(), gzip)},
                        {"deflate", deflated(text(), zlib)},
                        {"deflate", deflated(text(), raw)},
                        {"deflate", deflated(text(), gzip)},
                        {"zstd", zstd(text())},
                        {"br", brotli}};
  for (const Case& c : cases) {
    const auto out = decompress(c.encoding, c.bytes, mebibyte);
    ASSERT_TRUE(out) << c.encoding << out.error().message;
    EXPECT_EQ(*out, text()) << c.encoding;
    const auto exact = decompress(c.encoding, c.bytes, text().size());
    EXPECT_TRUE(exact) << c.encoding;
    EXPECT_EQ(code_of(decompress(c.encoding, c.bytes, text().size() - 1)), "telemetry.too_large") << c.encoding;
  }
}

TEST(Decompress, TakesSeveralMembersAndFrames) {
  EXPECT_EQ(decompress("gzip", deflated("one ", gzip) + deflated("two", gzip), mebibyte), "one two");
  EXPECT_EQ(decompress("zstd", zstd("one ") + zstd("two"), mebibyte), "one two");
  EXPECT_EQ(decompress("gzip", deflated("", gzip), mebibyte), "");
  EXPECT_EQ(decompress("zstd", zstd(""), mebibyte), "");
  const std::string large = SeededRandom(3).bytes(300000);  // more than one piece
  EXPECT_EQ(decompress("gzip", deflated(large, gzip), mebibyte), large);
  EXPECT_EQ(decompress("zstd", zstd(large), mebibyte), large);
}

TEST(Decompress, RefusesWhatIsBroken) {
  struct Case {
    const char* encoding;
    std::string whole;
  };
  const Case cases[] = {{"gzip", deflated(text(), gzip)},
                        {"deflate", deflated(text(), zlib)},
                        {"deflate", deflated(text(), raw)},
                        {"zstd", zstd(text())},
                        {"br", brotli}};
  for (const Case& c : cases) {
    for (std::size_t size = 0; size < c.whole.size(); ++size)
      EXPECT_EQ(code_of(decompress(c.encoding, c.whole.substr(0, size), mebibyte)), "telemetry.bad_encoding")
          << c.encoding << " " << size;
    EXPECT_EQ(code_of(decompress(c.encoding, "{\"v\":1}", mebibyte)), "telemetry.bad_encoding") << c.encoding;
    EXPECT_EQ(code_of(decompress(c.encoding, c.whole + "rubbish", mebibyte)), "telemetry.bad_encoding") << c.encoding;
  }
  for (const char* unknown : {"compress", "gzip, br", "snappy", "a name that is far too long to be an encoding"})
    EXPECT_EQ(code_of(decompress(unknown, "x", mebibyte)), "telemetry.bad_encoding") << unknown;
}

TEST(Decompress, StopsABombAtTheLimit) {
  const std::string zeros(100'000'000, '\0');
  const std::string small = deflated(zeros, gzip);
  ASSERT_LT(small.size(), mebibyte);
  EXPECT_EQ(code_of(decompress("gzip", small, mebibyte)), "telemetry.too_large");
  EXPECT_EQ(code_of(decompress("deflate", small, mebibyte)), "telemetry.too_large");
  EXPECT_EQ(code_of(decompress("zstd", zstd(zeros), mebibyte)), "telemetry.too_large");
  EXPECT_EQ(code_of(decompress("br", brotli_bomb, mebibyte)), "telemetry.too_large");
  EXPECT_EQ(code_of(decompress("", zeros, mebibyte)), "telemetry.too_large");
}

TEST(Decompress, SurvivesAnyBytes) {
  SeededRandom random(5);
  for (int round = 0; round < 3000; ++round) {
    for (const char* encoding : {"gzip", "deflate", "zstd", "br"}) {
      std::string bytes = random.bytes(random.below(200));
      if (encoding == std::string_view("zstd")) bytes.insert(0, "\x28\xb5\x2f\xfd");
      if (const auto out = decompress(encoding, bytes, 10000)) {
        EXPECT_LE(out->size(), 10000U);
      }
    }
  }
}

}  // namespace
}  // namespace miniops::telemetry
