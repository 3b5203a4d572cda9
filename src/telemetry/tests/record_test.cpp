#include "telemetry/record.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "base/encoding.hpp"
#include "base/random.hpp"

namespace miniops::telemetry::record_test {
namespace {

constexpr TimeMs received = 1795237778000;

// ---- names ----

TEST(RecordNames, KindsAreReadAsTheyAreWritten) {
  for (Kind kind : kinds) EXPECT_EQ(parse_kind(to_string(kind)), kind);
  for (const char* text : {"", "Event", "events", "perf"}) EXPECT_EQ(parse_kind(text), std::nullopt) << text;
}

TEST(RecordNames, LevelsOfAllClientsAreKnown) {
  struct Case {
    const char* text;
    std::optional<Level> level;
  };
  for (const Case& c : {Case{"debug", Level::debug},
                        {"TRACE", Level::debug},
                        {"info", Level::info},
                        {"Log", Level::info},
                        {"warn", Level::warn},
                        {"warning", Level::warn},
                        {"ERROR", Level::error},
                        {"fatal", Level::fatal},
                        {"Critical", Level::fatal},
                        {"", std::nullopt},
                        {"none", std::nullopt},
                        {"a very long text that is no level", std::nullopt}})
    EXPECT_EQ(parse_level(c.text), c.level) << c.text;
  EXPECT_EQ(to_string(Level::none), "");
  EXPECT_EQ(to_string(Level::warn), "warn");
  EXPECT_EQ(parse_build("Trial"), Build::trial);
  EXPECT_EQ(parse_build("production"), std::nullopt);
  EXPECT_EQ(to_string(Build::unknown), "");
  EXPECT_EQ(to_string(Build::release), "release");
}

// ---- the phone's clock ----

struct TimeCase {
  const char* what;
  TimeMs client, sent;  // as distances from the receipt; `none`: not said
  TimeMs expected;      // likewise
  bool good, late;
};
constexpr TimeMs none = std::numeric_limits<TimeMs>::min();

TEST(SetTimes, CorrectsTheClockOfThePhone) {
  const TimeCase cases[] = {
      {"a good clock", -5000, -200, -5000, true, false},
      {"no time at all", none, -200, 0, true, false},
      {"no time of sending", -5000, none, -5000, true, false},
      {"an offset of the network's making", -62000, -minute_ms, -62000, true, false},
      {"a clock behind by an hour", -hour_ms - 5000, -hour_ms, -5000, true, false},
      {"a clock ahead by an hour", hour_ms - 5000, hour_ms, -5000, true, false},
      {"a clock behind by 25 years, which says so", -9125 * day_ms - 5000, -9125 * day_ms, -5000, true, false},
      {"kept offline for a day", -day_ms, -100, -day_ms, true, true},
      {"ten minutes are not late", -late_after_ms, -100, -late_after_ms, true, false},
      {"a moment more is", -late_after_ms - 1, -100, -late_after_ms - 1, true, true},
      {"a month is still taken", -oldest_ms, -100, -oldest_ms, true, true},
      {"more is not", -oldest_ms - 1, -100, 0, false, false},
      {"a little in the future", minute_ms, none, minute_ms, true, false},
      {"further in the future", minute_ms + 1, none, 0, false, false},
      {"years off, and nothing to correct it by", -9125 * day_ms, none, 0, false, false},
  };
  for (const TimeCase& c : cases) {
    Record record;
    const TimeMs client = c.client == none ? 0 : received + c.client;
    const TimeMs sent = c.sent == none ? 0 : received + c.sent;
    EXPECT_EQ(set_times(record, client, sent, received), c.good) << c.what;
    EXPECT_EQ(record.time - received, c.expected) << c.what;
    EXPECT_EQ(record.late, c.late) << c.what;
    EXPECT_EQ(record.client_time, client) << c.what;
    EXPECT_EQ(record.received_at, received) << c.what;
  }
}

TEST(SetTimes, HoldsForAnyNumber) {
  constexpr TimeMs low = std::numeric_limits<TimeMs>::min();
  constexpr TimeMs high = std::numeric_limits<TimeMs>::max();
  for (TimeMs client : {low, TimeMs{-1}, TimeMs{0}, TimeMs{1}, received, high}) {
    for (TimeMs sent : {low, TimeMs{-1}, TimeMs{0}, TimeMs{1}, received, high}) {
      Record record;
      set_times(record, client, sent, received);
      EXPECT_LE(record.time, received + minute_ms) << client << " " << sent;
      EXPECT_GE(record.time, received - oldest_ms) << client << " " << sent;
    }
  }
}

// ---- encoding ----

std::string bytes_of(const Record& record) {
  std::string out;
  encode(record, out);
  return out;
}

Record example() {
  Record r;
  r.id = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  r.kind = Kind::error;
  r.name = "TypeError";
  r.protocol = "sentry";
  r.sdk = "sentry.javascript.miniapp/1.19.0";
  r.client_time = received - 1500;
  r.time = received - 1200;
  r.received_at = received;
  r.late = true;
  r.weight = 10;
  r.value = 12.5;
  r.session = "s-1", r.page_view = "v-1", r.trace = "4bf92f35";
  r.level = Level::error;
  r.user = {"u-7", "oUnion", "oABC", "k3v9"};
  r.release = "1.4.2";
  r.build = Build::release;
  r.page = "pages/index/index";
  r.scene = 1011;
  r.device = {"HUAWEI", "ALN-AL00", "35", "Android", "12", "8.0.50", "3.6.0"};
  r.network = "wifi", r.region = "广东";
  r.text = "x is not defined";
  r.properties = R"({"a":1})";
  return r;
}

TEST(RecordEncoding, GivesBackWhatWasWritten) {
  const std::string bytes = bytes_of(example());
  std::string_view in = bytes;
  const auto back = decode(in);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, example());
  EXPECT_TRUE(in.empty());
  EXPECT_LT(bytes.size(), 260U);
  EXPECT_LT(bytes_of(Record{}).size(), 55U) << "what is not said costs a byte";
}

// What version 1 looks like: records of it lie in spools, and stay readable.
TEST(RecordEncoding, Version1IsWrittenAsItWas) {
  EXPECT_EQ(hex(bytes_of(example())),
            "f101"  // 241 bytes follow
            "01"
            "07"                                // version, late + weight + value
            "0102030405060708090a0b0c0d0e0f10"  // id
            "03"
            "04"
            "03"            // error, error, release
            "a0c994c8bf68"  // received_at
            "b817"
            "e012"  // 1500 and 1200 before it
            "e60f"  // scene 1011
            "0000000000002440"
            "0000000000002940"
            "09547970654572726f72"
            "0673656e747279"
            "2073656e7472792e6a6176617363726970742e6d696e696170702f312e31392e30"
            "03732d31"
            "03762d31"
            "083462663932663335"
            "03752d37"
            "066f556e696f6e"
            "046f414243"
            "046b337639"
            "05312e342e32"
            "1170616765732f696e6465782f696e646578"
            "06485541574549"
            "08414c4e2d414c3030"
            "023335"
            "07416e64726f6964"
            "023132"
            "06382e302e3530"
            "05332e362e30"
            "0477696669"
            "06e5b9bfe4b89c"
            "1078206973206e6f7420646566696e6564"
            "077b2261223a317d");
}

std::string random_text(SeededRandom& random) {
  const std::uint64_t kind = random.below(8);
  return kind < 4 ? std::string() : random.bytes(random.below(kind == 7 ? 5000 : 40));
}

Record random_record(SeededRandom& random) {
  Record r;
  const std::string id = random.bytes(r.id.size());
  std::ranges::copy(id, r.id.begin());
  r.kind = kinds[random.below(kinds.size())];
  for (std::string* text : {&r.name,
                            &r.protocol,
                            &r.sdk,
                            &r.session,
                            &r.page_view,
                            &r.trace,
                            &r.user.login_id,
                            &r.user.unionid,
                            &r.user.openid,
                            &r.user.device_id,
                            &r.release,
                            &r.page,
                            &r.device.brand,
                            &r.device.model,
                            &r.device.level,
                            &r.device.os,
                            &r.device.os_version,
                            &r.device.wechat,
                            &r.device.base_library,
                            &r.network,
                            &r.region,
                            &r.text,
                            &r.properties})
    *text = random_text(random);
  for (TimeMs* time : {&r.client_time, &r.time, &r.received_at})
    *time = static_cast<TimeMs>(random.below(2) == 0 ? random.number() : random.below(1ULL << 41));
  r.late = random.below(2) == 0;
  r.weight = random.below(2) == 0 ? 1 : static_cast<double>(random.below(1000)) / 7;
  if (random.below(2) == 0) r.value = static_cast<double>(random.below(1 << 30)) / 3 - 1e6;
  r.level = Level(random.below(6));
  r.build = Build(random.below(4));
  r.scene = static_cast<int>(static_cast<std::uint32_t>(random.number()));
  return r;
}

TEST(RecordEncoding, HoldsForAnyRecords) {
  SeededRandom random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<Record> records(random.below(6));
    std::string bytes;
    for (Record& record : records) {
      record = random_record(random);
      encode(record, bytes);
    }
    std::string_view in = bytes;
    for (const Record& record : records) {
      const auto back = decode(in);
      ASSERT_TRUE(back);
      EXPECT_EQ(*back, record);
    }
    EXPECT_TRUE(in.empty());
  }
}

TEST(RecordEncoding, RefusesWhatIsCutOrChanged) {
  const std::string bytes = bytes_of(example());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    std::string_view cut = std::string_view(bytes).substr(0, size);
    EXPECT_EQ(decode(cut), std::nullopt) << size;
    EXPECT_EQ(cut.size(), size) << "nothing is taken away";
  }
  const auto changed = [&](std::size_t at, char to) {
    std::string other = bytes;
    other[at] = to;
    std::string_view in = other;
    return decode(in);
  };
  EXPECT_EQ(changed(2, 2), std::nullopt) << "a version of tomorrow";
  EXPECT_EQ(changed(2, 0), std::nullopt);
  EXPECT_EQ(changed(3, 8), std::nullopt) << "a flag of tomorrow";
  EXPECT_EQ(changed(20, 0), std::nullopt) << "no kind";
  EXPECT_EQ(changed(20, 8), std::nullopt);
  EXPECT_EQ(changed(21, 6), std::nullopt) << "no level";
  EXPECT_EQ(changed(22, 4), std::nullopt) << "no build";
  EXPECT_EQ(changed(bytes.size() - 8, 6), std::nullopt) << "a byte is left over";
  std::string_view endless = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
  EXPECT_EQ(decode(endless), std::nullopt);
}

TEST(RecordEncoding, SurvivesAnyDamage) {
  SeededRandom random(11);
  const std::string bytes = bytes_of(example());
  for (int round = 0; round < 20000; ++round) {
    std::string other = bytes;
    for (std::uint64_t i = 0; i <= random.below(3); ++i) other[random.below(other.size())] = random.bytes(1)[0];
    std::string_view in = other;
    if (const auto record = decode(in)) {
      EXPECT_LE(record->text.size() + record->properties.size(), other.size());
    }
  }
}

}  // namespace
}  // namespace miniops::telemetry::record_test
