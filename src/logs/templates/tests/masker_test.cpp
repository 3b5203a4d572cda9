#include "logs/templates/masker.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace miniops::logs::mining {
namespace {

std::string masked(std::string_view line, std::size_t bytes_max = 2048) {
  std::string out;
  mask_values(line, bytes_max, out);
  return out;
}

struct Case {
  std::string_view line;
  std::string_view masked;
};

TEST(Masker, KnowsValuesByTheirForm) {
  const Case cases[] = {
      {"took 35 ms", "took <*>"},
      {"took 35ms, retried 2 times", "took <*>, retried <*> times"},
      {"at 2024-05-01 10:11:12,512 and 12:00 PM", "at <*> and <*>"},
      {"since Fri Jun 17 07:07:00 2005", "since <*>"},
      {"Sat, 17 Jun 2005", "<*>"},
      {"May I ask", "May I ask"},
      {"from 10.251.73.220:50010 to /10.0.0.1", "from <*> to <*>"},
      {"via fe80::f816:3eff:fe12, 5c:50:15:36:bc:03", "via <*>"},
      {"flags 0x1f, mask ffffffff", "flags <*>, mask <*>"},
      {"dead beef", "dead beef"},
      {"lifetime <1 sec", "lifetime <*>"},
      {"lifetime 00:17", "lifetime <*>"},
      {"sent 5.2 KB of 8 MB", "sent <*> of <*>"},
      {"-27 and +8613800138000", "<*> and <*>"},
      {"instance b9000564-fe1a-409b-b8cc-1e88b294cd1d", "instance <*>"},
      {"saved /var/lib/x.conf", "saved <*>"},
      {"open C:\\Windows\\x.dll now", "open <*> now"},
      {"GET https://a.b/c?d=e&f=g), again", "GET <*>), again"},
      {"mail to someone@example.com", "mail to <*>"},
      {"token BinderProxy@2bd79ce", "token <*>"},
      {"read/write n/a", "read/write n/a"},
      {"www.qq.com:443 open", "<*> open"},
      {"state.top:79", "state.top:<*>"},
      {"called by com.qq.A.run:20 com.qq.B.run:31", "called by <*>"},
      {"phone 138****5678", "phone <*>"},
  };
  for (const auto& [line, wanted] : cases) EXPECT_EQ(masked(line), wanted) << line;
}

TEST(Masker, KeepsTheNameThatIsNumbered) {
  const Case cases[] = {
      {"block blk_-38865049064139660", "block blk_<*>"},
      {"broadcast_9_piece0", "broadcast_<*>"},
      {"mesos-master-1", "mesos-master-<*>"},
      {"pid:123 uid=4", "pid:<*> uid=<*>"},
      {"SOCKS5", "SOCKS<*>"},
      {"v6.1.7601 u0 a64f992", "<*>"},
      {"exception.....0", "exception.....<*>"},
      {"node-[40-63,70] up", "node-<*> up"},
      {"r1=0x5 r2=0x6", "r1=<*> r2=<*>"},
      {"a-b-c-d-17", "<*>"},
  };
  for (const auto& [line, wanted] : cases) EXPECT_EQ(masked(line), wanted) << line;
}

TEST(Masker, JoinsListsOfValues) {
  const Case cases[] = {
      {"fans ( 3552 3534 3375 )", "fans ( <*> )"},
      {"fans ( 3552 **** 3375 )", "fans ( <*> )"},
      {"Rect(0, 0 - 720, 1280)", "Rect(<*>)"},
      {"delete blk_1 blk_-2 blk_3", "delete blk_<*>"},
      {"1514##6993##548365", "<*>"},
      {"商品 1001、1002，1003 已下架", "商品 <*> 已下架"},
      {"from 10.0.0.1, host ns1.example.com", "from <*>, host <*>"},
      {"from 10.0.0.1, ns1.example.com", "from <*>, <*>"},
      {"disconnect from 10.0.0.1: 11: bye", "disconnect from <*>: <*>: bye"},
  };
  for (const auto& [line, wanted] : cases) EXPECT_EQ(masked(line), wanted) << line;
}

TEST(Masker, ReadsKeysAndQuotes) {
  const Case cases[] = {
      {"visible=true mode=ACTION_UP user=root", "visible=true mode=ACTION_UP user=root"},
      {"ws=WorkSource{10113}, ws=null", "ws=<*>, ws=null"},
      {"tag = \"View Lock\"", "tag = \"<*>\""},
      {"logname= uid=0", "logname= uid=<*>"},
      {"a==5 b=>6", "a==<*> b=><*>"},
      {"service 'spark driver' can't start", "service '<*>' can't start"},
      {R"({"code":5,"user_name":"zhang"})", R"({"code":<*>,"user_name":"<*>"})"},
      {R"("GET /v2/54fa/servers HTTP/1.1" status: 200)", R"("GET <*>" status: <*>)"},
  };
  for (const auto& [line, wanted] : cases) EXPECT_EQ(masked(line), wanted) << line;
}

TEST(Masker, ReadsChinese) {
  const Case cases[] = {
      {"订单 123 支付失败", "订单 <*> 支付失败"},
      {"订单123支付失败：余额不足", "订单<*>支付失败：余额不足"},
      {"用户“张三”登录", "用户“张三”登录"},
  };
  for (const auto& [line, wanted] : cases) EXPECT_EQ(masked(line), wanted) << line;
}

TEST(Masker, TakesAnyBytes) {
  const Case cases[] = {
      {"", ""},
      {" \t\r\n ", ""},
      {"a\tb\x01 c  d ", "a b c d"},
      {std::string_view("a\0b", 3), "a b"},
      {"caf\xc3\xa9 \xff\xe4\xb8 \xc0\x80 \xed\xa0\x80", "caf\xc3\xa9 ??? ?? ???"},
      {"<*> and <word>", "<*> and <*>"},
      {"= == '", "= == '"},
      {"\"", "\""},
  };
  for (const auto& [line, wanted] : cases) EXPECT_EQ(masked(line), wanted) << line;
  std::string bytes;
  for (int i = 0; i < 70000; ++i) bytes.push_back(static_cast<char>((i * 7919) >> 3));
  const std::string long_one = masked(bytes);
  EXPECT_TRUE(valid_utf8(long_one));
  EXPECT_LE(long_one.size(), 3 * 2048u + 16);
}

TEST(Masker, CutsLongLinesBetweenWords) {
  EXPECT_EQ(masked("first second third", 18), "first second third");
  EXPECT_EQ(masked("first second third", 17), "first second");
  EXPECT_EQ(masked("first second third", 13), "first second");
  EXPECT_EQ(masked(std::string(5000, 'x'), 100), "<*>");  // what is so long is no word
}

}  // namespace
}  // namespace miniops::logs::mining
