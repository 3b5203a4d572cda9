#include "telemetry/decode/text.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "base/text.hpp"

namespace miniops::telemetry {
namespace {

struct Case {
  std::string given, expected;
};

TEST(DecodedText, IsValid) {
  const std::string fffd = "\xEF\xBF\xBD";
  const Case cases[] = {{"", ""},
                        {"abc 中文 😀", "abc 中文 😀"},
                        {std::string("a\0b", 3), "a" + fffd + "b"},
                        {"a\xff", "a" + fffd},
                        {"\xe4\xb8", fffd + fffd},
                        {"\xed\xa0\x80", fffd + fffd + fffd},
                        {"\xf0\x9f\x98\x80\xc0\x80", "😀" + fffd + fffd}};
  for (const Case& c : cases) EXPECT_EQ(valid_text(c.given), c.expected);
  SeededRandom random(2);
  for (int round = 0; round < 2000; ++round) EXPECT_TRUE(valid_utf8(valid_text(random.bytes(random.below(30)))));
}

TEST(DecodedText, IsCutBetweenCharacters) {
  EXPECT_EQ(cut_text("abc", 3), "abc");
  EXPECT_EQ(cut_text("abcd", 3), "abc");
  EXPECT_EQ(cut_text("中文", 6), "中文");
  EXPECT_EQ(cut_text("中文", 5), "中");
  EXPECT_EQ(cut_text("中文", 2), "");
  EXPECT_EQ(cut_text("a😀", 4), "a");
}

TEST(DecodedText, WordsOfClientsArePlain) {
  const Case cases[] = {{"queue_overflow", "queue_overflow"},
                        {"before_send", "before_send"},
                        {"Log", "log"},
                        {"", "other"},
                        {"a b", "other"},
                        {"<script>", "other"},
                        {"丢失", "other"},
                        {std::string(40, 'a'), std::string(40, 'a')},
                        {std::string(41, 'a'), "other"}};
  for (const Case& c : cases) EXPECT_EQ(plain_word(c.given), c.expected);
}

TEST(DecodedText, PagesHaveNoQuery) {
  const Case cases[] = {{"pages/index/index", "pages/index/index"},
                        {"/pages/index/index?id=7#top", "pages/index/index"},
                        {"https://shop.example/pages/a?b=/c", "pages/a"},
                        {"https://shop.example", ""},
                        {"plugin-private://wx1/pages/p", "pages/p"},
                        {"?a=1", ""},
                        {" pages/a ", "pages/a"}};
  for (const Case& c : cases) EXPECT_EQ(page_of(c.given), c.expected) << c.given;
}

TEST(DecodedText, ScenesAreNumbers) {
  struct Scene {
    const char* given;
    int expected;
  };
  for (const Scene& c : {Scene{"wx-1011", 1011},
                         {"1011", 1011},
                         {"", 0},
                         {"未取到值", 0},
                         {"wx-", 0},
                         {"wx-1011x", 0},
                         {"-5", 0},
                         {"99999999999999", 0},
                         {"100000", 0}})
    EXPECT_EQ(scene_of(c.given), c.expected) << c.given;
}

TEST(DecodedText, AddressesBecomePatterns) {
  const Case cases[] = {{"https://api.shop.example/order", "https://api.shop.example/order"},
                        {"https://api.shop.example/order/123/items?x=1#y", "https://api.shop.example/order/:id/items"},
                        {"https://u:p@api.shop.example:8443/v1/goods/", "https://api.shop.example:8443/v1/goods/"},
                        {"/order/550e8400-e29b-41d4-a716-446655440000", "/order/:id"},
                        {"/user/oABCdefGHIjklMNOpqrSTUvwxYZ1/card", "/user/:id/card"},
                        {"/v2/about-the-company-and-its-people", "/v2/about-the-company-and-its-people"},
                        {"/f/deadbeef01", "/f/:id"},
                        {"https://api.shop.example", "https://api.shop.example"},
                        {"", ""}};
  for (const Case& c : cases) EXPECT_EQ(url_pattern(c.given), c.expected) << c.given;
}

TEST(DecodedText, TimesOfSentryAreRead) {
  struct Time {
    const char* given;
    TimeMs expected;
  };
  constexpr TimeMs t = 1795237494646;
  const Time cases[] = {{"2026-11-21T05:04:54.646Z", t},
                        {"2026-11-21 05:04:54.646", t},
                        {"2026-11-21T13:04:54.646+08:00", t},
                        {"2026-11-21T00:04:54.646-0500", t},
                        {"2026-11-21T05:04:54Z", t - 646},
                        {"2026-11-21t05:04:54.646123456z", t},
                        {"1970-01-01T00:00:00Z", 0},
                        {"2026-02-29T00:00:00Z", 0},
                        {"2026-13-01T00:00:00Z", 0},
                        {"2026-11-21T25:00:00Z", 0},
                        {"2026-11-21", 0},
                        {"2026-11-21T05:04:54.Z", 0},
                        {"2026-11-21T05:04:54Zx", 0},
                        {"1795237494", 0},
                        {"", 0}};
  for (const Time& c : cases) EXPECT_EQ(parse_rfc3339(c.given), c.expected) << c.given;
  EXPECT_EQ(time_of(1795237494645.7), 1795237494646);
  for (double no_time : {0.0, -1.0, 1e300, std::nan(""), HUGE_VAL}) EXPECT_EQ(time_of(no_time), 0) << no_time;
}

TEST(DecodedText, FormsAreTakenApart) {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(form_fields("data_list=W3%2B%3D&gzip=1"), (Pairs{{"data_list", "W3+="}, {"gzip", "1"}}));
  EXPECT_EQ(form_fields("a=x+y==&&b&=c"), (Pairs{{"a", "x+y=="}, {"b", ""}, {"", "c"}}));
  EXPECT_EQ(form_fields("a=%zz"), (Pairs{{"a", "%zz"}}));
  EXPECT_EQ(form_fields(""), Pairs{});
  EXPECT_EQ(form_fields(std::string(100000, '&')), Pairs{});
}

TEST(DecodedText, Base64ComesInManyForms) {
  const std::string bytes = "\xfb\xff\xfe?>~";
  const std::string standard = base64(bytes);
  ASSERT_TRUE(standard.contains('+') && standard.contains('/'));
  std::string blanks = standard;
  std::ranges::replace(blanks, '+', ' ');
  for (const std::string& text : {standard, base64url(bytes), blanks, standard + "\n", standard + "==="})
    EXPECT_EQ(unbase64_lenient(text), bytes) << text;
  EXPECT_EQ(unbase64_lenient("a"), std::nullopt);
  EXPECT_EQ(unbase64_lenient("{}"), std::nullopt);
}

TEST(DecodedText, IdsDoNotRunTogether) {
  EXPECT_EQ(hash_id({"a", "b"}), hash_id({"a", "b"}));
  EXPECT_NE(hash_id({"a", "b"}), hash_id({"ab", ""}));
  EXPECT_NE(hash_id({"a", "b"}), hash_id({"a", "b", ""}));
  EXPECT_NE(hash_id({"1:a"}), hash_id({"1:a1:"}));
}

}  // namespace
}  // namespace miniops::telemetry
