#include "telemetry/decode/sensors.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <zlib.h>

#include "base/random.hpp"
#include "telemetry/decode/text.hpp"
#include "telemetry/tests/decoded.hpp"

namespace miniops::telemetry::sensors_test {
namespace {

using testing::losses;
using testing::lost;
using testing::names;
using testing::properties;
using testing::property;

constexpr TimeMs received = 1795237558000;

Arrival arrival(std::string_view query = "") {
  Arrival out;
  out.received_at = received;
  out.query = query;
  return out;
}

Decoded read(const std::string& body, std::string_view query = "", std::string_view key = "",
             const DecodeLimits& limits = {}) {
  auto decoded = decode_sensors(body, arrival(query), key, limits);
  EXPECT_TRUE(decoded);
  if (!decoded) return {};
  testing::expect_tidy(*decoded);
  return std::move(*decoded);
}

std::string gzipped(std::string_view text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
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

std::string form(std::string_view name, std::string_view json) {
  return std::string(name) + "=" + url_encode(base64(json));
}

const std::string key192 = unbase64("0123456789abcdef0123456789abcdef").value();

std::string sealed(std::string_view text, std::string_view key) {
  const EVP_CIPHER* cipher = key.size() == 16   ? EVP_aes_128_cbc()
                             : key.size() == 24 ? EVP_aes_192_cbc()
                                                : EVP_aes_256_cbc();
  const std::string iv(16, 'i');
  std::string out(text.size() + 16, '\0');
  int written = 0;
  int last = 0;
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  EVP_EncryptInit_ex(context, cipher, nullptr, reinterpret_cast<const unsigned char*>(key.data()),
                     reinterpret_cast<const unsigned char*>(iv.data()));
  EVP_EncryptUpdate(context, to, &written, reinterpret_cast<const unsigned char*>(text.data()),
                    static_cast<int>(text.size()));
  EVP_EncryptFinal_ex(context, to + written, &last);
  EVP_CIPHER_CTX_free(context);
  out.resize(static_cast<std::size_t>(written + last));
  return base64(iv + out);
}

std::string aes_body(const std::string& payloads) {
  return "data=" + url_encode(R"({"key_id":1,"key_hash":"h","nc":1,"flush_time":1795237557900,)" + payloads + "}") +
         "&gzip=9";
}

// ---- the captured requests ----

constexpr std::string_view batch_names =
    "profile profile_set_once\nprofile profile_set_once\nevent $MPLaunch\nevent $MPShow\nevent $MPViewScreen\n"
    "event $MPClick\nevent $MPShare\nevent $MPAddFavorites\nprofile track_signup\nevent PayOrder\nprofile profile_set\n"
    "profile profile_increment\nprofile profile_append\nevent $MPPageLeave\nevent $MPHide";

TEST(SensorsSamples, EveryEventIsAccountedFor) {
  struct Case {
    const char* file;
    std::size_t requests, records;
    std::string_view key;
  };
  for (const Case& c : {Case{"sensors-mp-1.22.7-batch", 1, 15, ""}, Case{"sensors-mp-1.22.7-single-get", 11, 11, ""},
                        Case{"sensors-mp-1.22.7-gzip", 1, 15, ""}, Case{"sensors-mp-1.22.7-aes", 1, 15, key192}}) {
    std::size_t records = 0;
    const auto requests = testing::samples(c.file);
    EXPECT_EQ(requests.size(), c.requests) << c.file;
    for (const testing::Sample& sample : requests) {
      const Decoded decoded = read(sample.body, sample.query, c.key);
      EXPECT_EQ(losses(decoded), "") << c.file;
      records += decoded.records.size();
      if (c.records == 15) {
        EXPECT_EQ(names(decoded), batch_names) << c.file;
      }
      for (const Record& record : decoded.records) {
        EXPECT_EQ(record.protocol, "sensors");
        EXPECT_EQ(record.sdk, "sensors.MiniProgram/1.22.7");
        EXPECT_FALSE(record.user.device_id.empty());
      }
    }
    EXPECT_EQ(records, c.records) << c.file;
  }
}

TEST(SensorsSamples, TheSinglesAreTheirKinds) {
  std::string all;
  for (const testing::Sample& sample : testing::samples("sensors-mp-1.22.7-single-get"))
    all += names(read(sample.body, sample.query)) + "\n";
  EXPECT_EQ(all,
            "profile profile_set_once\nevent $MPViewScreen\nevent $MPClick\nprofile track_signup\n"
            "profile track_id_bind\nevent PayOrder\nprofile profile_set\nprofile profile_set_once\n"
            "profile profile_increment\nprofile profile_append\nevent Second\n");
}

TEST(SensorsSamples, AnEventHasItsPlace) {
  const auto sample = testing::samples("sensors-mp-1.22.7-batch").at(0);
  const Decoded decoded = read(sample.body, sample.query);
  const Record& show = decoded.records.at(3);
  EXPECT_EQ(show.name, "$MPShow");
  EXPECT_EQ(show.page, "pages/index/index") << "without its query";
  EXPECT_EQ(show.scene, 1011);
  EXPECT_EQ(show.release, "1.4.2");
  EXPECT_EQ(show.network, "wifi");
  EXPECT_EQ(show.device, (Device{"HUAWEI", "ALN-AL00", "", "Android", "12", "8.0.50", "3.6.0"}));
  EXPECT_EQ(show.user, (UserIds{"", "", "oABC-openid", "1795237557629-87620-0b4eadc1c5fcc5-96450032"}));
  EXPECT_EQ(show.client_time, 1795237557639);
  EXPECT_EQ(show.time, 1795237557639);
  EXPECT_EQ(show.id, hash_id({"oABC-openid", "952397637", "1795237557639", "$MPShow", ""}));
  const json::object rest = properties(show);
  EXPECT_EQ(rest.at("$utm_campaign"), "c11");
  for (const char* mapped : {"$url", "$url_path", "$scene", "$brand", "$os", "$lib", "$app_id", "$network_type"})
    EXPECT_FALSE(rest.contains(mapped)) << mapped;
  const Record& pay = decoded.records.at(9);
  EXPECT_EQ(pay.user.login_id, "user-1001");
  EXPECT_EQ(property(pay, "amount"), "1.99E1");
  EXPECT_EQ(property(pay, "tags"), R"(["a","b"])");
  const Record& leave = decoded.records.at(13);
  EXPECT_EQ(leave.value, 301) << "milliseconds";
  EXPECT_EQ(property(leave, "event_duration"), "(none)");
}

TEST(SensorsSamples, EncodingsOfTheSameEventGiveTheSame) {
  const auto gzip = testing::samples("sensors-mp-1.22.7-gzip").at(0);
  const auto plain = testing::samples("sensors-mp-1.22.7-batch").at(0);
  const Decoded a = read(gzip.body, gzip.query);
  const Decoded b = read(plain.body, plain.query);
  for (std::size_t i = 2; i < 13; ++i) {
    if (a.records.at(i).name != "track_signup") {  // that one holds the ids of the phone
      EXPECT_EQ(a.records.at(i).properties, b.records.at(i).properties);
    }
  }
  std::vector<std::array<char, 16>> ids;
  for (const Record& record : b.records) ids.push_back(record.id);
  std::ranges::sort(ids);
  EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end()) << "every event has an id of its own";
}

// ---- encodings ----

constexpr std::string_view one = R"({"type":"track","event":"A","time":1795237557639,"distinct_id":"d","_track_id":1})";

TEST(SensorsEncodings, AllAreRead) {
  const std::string event(one);
  const std::string list = "[" + event + "]";
  struct Case {
    const char* what;
    std::string body, query, key;
  };
  const Case cases[] = {
      {"a batch", form("data_list", list), "project=production", ""},
      {"a single event", form("data", event), "", ""},
      {"in the query", "", "project=production&" + form("data", event), ""},
      {"a list in the query", "", form("data_list", list), ""},
      {"gzip, said", form("data_list", gzipped(list)) + "&gzip=1", "", ""},
      {"gzip, not said", form("data_list", gzipped(list)), "", ""},
      {"gzip, said and not done", form("data_list", list) + "&gzip=1", "", ""},
      {"the other alphabet", "data_list=" + base64url(list), "", ""},
      {"not URL-encoded", "data_list=" + base64(list), "", ""},
      {"JSON in the form", "data_list=" + url_encode(list), "", ""},
      {"bare JSON", list, "", ""},
      {"AES-128", aes_body(R"("payloads":[")" + sealed(event, std::string(16, 'k')) + "\"]"), "", std::string(16, 'k')},
      {"AES-192", aes_body(R"("payloads":[")" + sealed(event, key192) + "\"]"), "", key192},
      {"AES-256, one payload", aes_body(R"("payload":")" + sealed(event, std::string(32, 'k')) + "\""), "",
       std::string(32, 'k')},
      {"AES over gzip", aes_body(R"("payloads":[")" + sealed(gzipped(event), key192) + "\"]"), "", key192},
  };
  for (const Case& c : cases) {
    const Decoded decoded = read(c.body, c.query, c.key);
    EXPECT_EQ(losses(decoded), "") << c.what;
    ASSERT_EQ(decoded.records.size(), 1U) << c.what;
    EXPECT_EQ(decoded.records[0].name, "A") << c.what;
    EXPECT_EQ(decoded.records[0].id, hash_id({"d", "1", "1795237557639", "A", ""})) << c.what;
  }
}

// These clients lose what is answered with an error: whatever can be told is a loss.
TEST(SensorsEncodings, WhatCannotBeReadIsTold) {
  const std::string event(one);
  const std::string cut = gzipped(std::string(1000, ' ') + event);
  const std::string payload = R"("payloads":[")" + sealed(event, key192) + R"(","AAAA"])";
  struct Case {
    const char* what;
    std::string body, key, losses;
  };
  const Case cases[] = {
      {"nothing", "", "", "quarantined no_data 1"},
      {"another form", "x=1", "", "quarantined no_data 1"},
      {"binary rubbish", std::string("\0\1\2\xff", 4), "", "quarantined no_data 1"},
      {"no base64", "data_list=%7f%7f", "", "quarantined bad_base64 1"},
      {"no JSON", form("data_list", "rubbish"), "", "quarantined bad_json 1"},
      {"JSON that is cut", form("data_list", "[{\"type\":"), "", "quarantined bad_json 1"},
      {"a number", form("data", "7"), "", "quarantined not_an_object 1"},
      {"a list of other things", form("data_list", R"([7,"x",null,[]])"), "", "quarantined not_an_object 4"},
      {"gzip that is cut", form("data_list", cut.substr(0, cut.size() - 9)), "", "undecodable bad_gzip 1"},
      {"no gzip", form("data_list", "rubbish") + "&gzip=1", "", "undecodable bad_gzip 1"},
      {"a bomb", form("data_list", gzipped(std::string(10'000'000, '\0'))), "", "refused too_large 1"},
      {"no key", aes_body(payload), "", "undecodable no_key 2"},
      {"the wrong key", aes_body(payload), std::string(24, 'x'), "undecodable wrong_key 2"},
      {"a key of no length", aes_body(payload), "short", "undecodable wrong_key 2"},
      {"no base64 inside", aes_body(R"("payloads":["%%%"])"), key192, "undecodable bad_base64 1"},
      {"no payload", aes_body(R"("x":1)"), key192, "undecodable no_payload 1"},
      {"no envelope", "data=x&gzip=9", key192, "undecodable bad_json 1"},
  };
  for (const Case& c : cases) {
    const Decoded decoded = read(c.body, "", c.key);
    EXPECT_TRUE(decoded.records.empty()) << c.what;
    EXPECT_EQ(losses(decoded), c.losses) << c.what;
  }
}

TEST(SensorsEncodings, AWrongChecksumRefusesNothing) {
  const std::string text = base64(one);
  const std::string good = std::to_string(java_hash(text));
  EXPECT_EQ(java_hash("hello"), 99162322);
  EXPECT_EQ(java_hash("a much longer text, so that it overflows"), -1540261483) << "as a signed 32-bit number";
  for (const std::string& crc : {"&crc=" + good, "&ext=crc%3D" + good}) {
    const Decoded decoded = read("data=" + url_encode(text) + crc);
    EXPECT_EQ(decoded.records.size(), 1U);
    EXPECT_EQ(losses(decoded), "");
  }
  for (const char* crc : {"&crc=1", "&crc=x", "&ext=crc%3D99999999999"}) {
    const Decoded decoded = read("data=" + url_encode(text) + crc);
    EXPECT_EQ(decoded.records.size(), 1U);
    EXPECT_EQ(losses(decoded), "adjusted bad_crc 1") << crc;
  }
}

TEST(SensorsEncodings, BombsShareOneLimit) {
  const std::string zeros = gzipped("[" + std::string(3'000'000, ' ') + "]");
  std::string body;
  for (int i = 0; i < 20; ++i) body += (i == 0 ? "" : "&") + form("data_list", zeros);
  const Decoded decoded = read(body);
  EXPECT_EQ(lost(decoded, Fate::refused), 19) << "4 MiB hold one of them";
}

// ---- events ----

Decoded read_event(const std::string& json) { return read(form("data", json)); }

TEST(SensorsEvents, TypesBecomeKinds) {
  struct Case {
    std::string json, names, losses;
  };
  const Case cases[] = {
      {R"({"type":"track","event":"A"})", "event A", ""},
      {R"({"type":"track"})", "", "quarantined no_name 1"},
      {R"({"event":"A"})", "", "quarantined no_type 1"},
      {R"({"type":"telepathy","event":"A"})", "", "quarantined unknown_type 1"},
      {R"({"type":"profile_unset"})", "profile profile_unset", ""},
      {R"({"type":"profile_delete"})", "profile profile_delete", ""},
      {R"({"type":"track_signup","event":"$SignUp"})", "profile track_signup", ""},
      {R"({"type":"track_id_unbind","event":"$UnbindID"})", "profile track_id_unbind", ""},
      {R"({"type":"item_set"})", "", "refused item_type_not_taken item_set 1"},
      {R"({"type":7})", "", "quarantined unknown_type 1"},
  };
  for (const Case& c : cases) {
    const Decoded decoded = read_event(c.json);
    EXPECT_EQ(names(decoded), c.names) << c.json;
    EXPECT_EQ(losses(decoded), c.losses) << c.json;
  }
}

TEST(SensorsEvents, IdentitiesAreTheirKinds) {
  constexpr std::string_view openid = "oABCdefGHIjklMNOpqrSTUvwxYZ1";
  struct Case {
    const char* what;
    std::string json;
    UserIds expected;
  };
  const std::string o(openid);
  const Case cases[] = {
      {"all of them",
       R"("distinct_id":"u","login_id":"u","identities":{"$identity_mp_id":"dev","$identity_mp_wx1_openid":"o1",)"
       R"("$identity_mp_unionid":"un","$identity_login_id":"other"})",
       {"u", "un", "o1", "dev"}},
      {"the key without the appid",
       R"("distinct_id":"o1","identities":{"$identity_mp_openid":"o1"})",
       {"", "", "o1", ""}},
      {"a login in the identities", R"("distinct_id":"u","identities":{"$identity_login_id":"u"})", {"u", "", "", ""}},
      {"an older client before the login", R"("distinct_id":"dev-1")", {"", "", "", "dev-1"}},
      {"an older client with its openid", R"("distinct_id":")" + o + "\"", {"", "", o, ""}},
      {"an older client after the login", R"("distinct_id":"u","anonymous_id":"dev-1")", {"u", "", "", "dev-1"}},
      {"a login of an older client",
       R"("type":"track_signup","distinct_id":"u","original_id":"dev-1")",
       {"u", "", "", "dev-1"}},
      {"an openid before the login",
       R"("distinct_id":"u","login_id":"u","anonymous_id":")" + o + R"(","identities":{"$identity_mp_id":"dev"})",
       {"u", "", o, "dev"}},
      {"nothing", R"("x":1)", {}},
      {"numbers", R"("distinct_id":7,"login_id":8)", {"8", "", "", "7"}},
      {"other types", R"("distinct_id":{},"identities":[1])", {}},
  };
  for (const Case& c : cases) {
    const bool typed = c.json.contains("\"type\"");
    const Decoded decoded =
        read_event("{" + std::string(typed ? "" : R"("type":"track",)") + R"("event":"A",)" + c.json + "}");
    ASSERT_EQ(decoded.records.size(), 1U) << c.what;
    const UserIds& user = decoded.records[0].user;
    EXPECT_EQ(user, c.expected) << c.what << ": " << user.login_id << "," << user.unionid << "," << user.openid << ","
                                << user.device_id;
  }
}

TEST(SensorsEvents, AChangeOfIdentitiesKeepsThemAll) {
  const Decoded decoded = read_event(
      R"({"type":"track_id_bind","event":"$BindID","distinct_id":"u","identities":{"$identity_mobile":"h","$identity_mp_id":"d"},)"
      R"("original_id":"d","anonymous_id":"d","login_id":"u","properties":{"a":1,"$identities":"forged"}})");
  ASSERT_EQ(decoded.records.size(), 1U);
  const json::object all = properties(decoded.records[0]);
  EXPECT_EQ(all.at("$original_id"), "d");
  EXPECT_EQ(all.at("$distinct_id"), "u");
  EXPECT_EQ(all.at("a"), 1);
  EXPECT_TRUE(all.at("$identities").is_object()) << "the client's property of that name gives way";
}

TEST(SensorsEvents, ValuesAndTimes) {
  const auto record = [](const std::string& rest) {
    const Decoded decoded = read_event(R"({"type":"track",)" + rest + "}");
    EXPECT_EQ(decoded.records.size(), 1U) << rest;
    return decoded.records.empty() ? Record{} : decoded.records[0];
  };
  EXPECT_EQ(record(R"("event":"$MPHide","properties":{"event_duration":1.5})").value, 1500);
  EXPECT_EQ(record(R"("event":"$MPHide","properties":{"event_duration":-1})").value, std::nullopt);
  const Record timer = record(R"("event":"Own","properties":{"event_duration":1.5})");
  EXPECT_EQ(timer.value, std::nullopt);
  EXPECT_EQ(property(timer, "event_duration"), "1.5E0");
  const Record session =
      record(R"("event":"A","properties":{"$event_session_id":"s","$scene":"未取到值","$latest_scene":"wx-1007"})");
  EXPECT_EQ(session.session, "s");
  EXPECT_EQ(session.scene, 1007);
  EXPECT_EQ(record(R"("event":"A","properties":{"$url_path":"取值异常","$app_version":"未取到值"})").page, "");
  EXPECT_EQ(record(R"("event":"A","properties":{"$url":"/pages/a?x=1"})").page, "pages/a");
  // An hour behind, as the time of flushing shows.
  const Record corrected = record(R"("event":"A","time":1795233957000,"_flush_time":1795233958000)");
  EXPECT_EQ(corrected.time, received - 1000);
  EXPECT_EQ(record(R"("event":"A","properties":"none")").properties, "{}");
}

TEST(SensorsEvents, TwoChangesInOneMillisecondAreTwo) {
  const std::string head = R"({"type":"profile_set","distinct_id":"d","time":1795237557639,"_flush_time":)";
  const auto id = [&](const std::string& rest) { return read_event(head + rest).records.at(0).id; };
  EXPECT_NE(id(R"(1,"properties":{"a":1}})"), id(R"(1,"properties":{"a":2}})"));
  EXPECT_EQ(id(R"(1,"properties":{"a":1}})"), id(R"(2,"properties":{"a":1}})")) << "sent again later it is the same";
}

TEST(SensorsEvents, HaveLimits) {
  std::string list;
  for (int i = 0; i < 1200; ++i) list += std::string(i == 0 ? "[" : ",") + std::string(one);
  const Decoded many = read(form("data_list", list + "]"));
  EXPECT_EQ(many.records.size(), 1000U);
  EXPECT_EQ(losses(many), "refused too_many_records 200");
  EXPECT_EQ(
      losses(read_event(R"({"type":"track","event":"A","properties":{"a":")" + std::string(300000, 'x') + "\"}}")),
      "refused too_large event 1");
  EXPECT_EQ(losses(read_event(R"({"type":"track","event":"A","properties":{"a":)" + std::string(50, '[') +
                              std::string(50, ']') + "}}")),
            "quarantined too_deep event 1");
}

TEST(SensorsEvents, SurviveDamageOfAnyKind) {
  SeededRandom random(37);
  const auto sample = testing::samples("sensors-mp-1.22.7-gzip").at(0);
  const std::string plain =
      unbase64_lenient(form_fields(testing::samples("sensors-mp-1.22.7-batch").at(0).body).at(0).second).value();
  for (int round = 0; round < 1500; ++round) {
    std::string body = round % 3 == 0 ? sample.body : plain;
    for (std::uint64_t i = 0; i <= random.below(4); ++i) body[random.below(body.size())] = random.bytes(1)[0];
    read(round % 3 == 1 ? form("data_list", body) : body);
  }
}

}  // namespace
}  // namespace miniops::telemetry::sensors_test
