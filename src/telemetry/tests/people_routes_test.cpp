// People in the API: who is who, all that is known of one, deleting one.
#include "identity/guard.hpp"
#include "identity/service.hpp"
#include "telemetry/routes.hpp"
#include "telemetry/tests/loader_fixture.hpp"

namespace miniops::telemetry {
namespace {

using enum net::Method;
const std::string base = "/api/v1/miniprograms/wx1/telemetry/";

class PeopleRoutesTest : public LoaderTest {
 protected:
  std::vector<std::span<const sql::Migration>> sets() const override { return {identity::migrations(), migrations()}; }
  void SetUp() override {
    LoaderTest::SetUp();
    identity::Settings settings;
    settings.password_cost = {64, 1};
    identity_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    guard_.emplace(router_, *identity_);
    service_.emplace(Service::Collaborators{db(), *version_, clock_, random_, ids_, workers_, *events_, *loader_});
    mount_people(*guard_, *service_, clock_);
    admin_ = key_of("boss", identity::Role::admin);
    developer_ = key_of("dev", identity::Role::developer);
    analyst_ = key_of("analyst", identity::Role::analyst);
  }
  void TearDown() override { service_.reset(); }

  using Scopes = std::set<identity::Permission>;
  std::string key_of(const std::string& name, identity::Role role, const std::optional<Scopes>& scopes = {}) {
    const Access system = Access::system(app, "test");
    const identity::NewAccount account{name, "correct-horse-7", name};
    const auto made = sql::run(identity_->create_account(system, account));
    const identity::NewMember member{name, role};
    EXPECT_TRUE(sql::run(identity_->add_member(system, member)));
    const identity::NewApiKey key{"key", scopes};
    return sql::run(identity_->create_api_key(system, made->id, key))->secret;
  }
  net::Response call(const std::string& key, net::Method method, const std::string& target,
                     const std::string& body = "") {
    net::Request request;
    request.method = method;
    request.path = base + target.substr(0, target.find('?'));
    if (target.contains('?')) request.query = target.substr(target.find('?') + 1);
    request.body = body;
    if (!body.empty()) request.headers.add("Content-Type", "application/json");
    request.headers.add("Authorization", "Bearer " + key);
    const auto match = router_.match(method, request.path);
    if (match.route == nullptr) throw std::runtime_error("no route " + request.path);
    request.path_params = match.params;
    return sql::run(match.route->handler(request));
  }
  json::value answer(const std::string& key, net::Method method, const std::string& target,
                     const std::string& body = "") {
    return json::parse(call(key, method, target, body).body);
  }
  std::string code(const net::Response& response) {
    return std::string(json::parse(response.body).at("code").as_string());
  }
  void report_people(int count = 1) {
    std::vector<Record> records;
    for (int i = 0; i < count; ++i) {
      Record one = record("Buy", 0);
      one.id[1] = static_cast<char>(i & 0xff);
      one.id[2] = static_cast<char>(i >> 8);
      one.user = {"user-0001", "", "oOPENID00001", "phone-0001"};
      one.kind = kinds[static_cast<std::size_t>(i) % kinds.size()];
      one.text = "手机 13812345678";
      records.push_back(std::move(one));
    }
    Record other = record("Buy", 200);
    other.user = {"", "", "", "phone-0002"};
    records.push_back(std::move(other));
    append(std::move(records));
    load_all();
  }
  std::string number_of(const std::string& id) {
    return std::string(answer(admin_, get, "persons?id=" + id).at("items").at(0).at("id").as_string());
  }

  net::Workers workers_{1, 16};
  net::Router router_;
  std::optional<identity::Service> identity_;
  std::optional<identity::Guard> guard_;
  std::optional<Service> service_;
  std::string admin_, developer_, analyst_;
};

TEST_P(PeopleRoutesTest, WhoHasAnIdIsFoundAndMaskedForThoseWhoMayNotSee) {
  report_people();
  const auto found = answer(admin_, get, "persons?id=oOPENID00001").at("items").as_array();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(json::serialize(found[0].at("ids")),
            R"([{"kind":"device_id","id":"phone-0001"},{"kind":"login_id","id":"user-0001"},)"
            R"({"kind":"openid","id":"oOPENID00001"}])");
  const std::string number(found[0].at("id").as_string());
  const auto masked = answer(analyst_, get, "persons?id=" + number).at("items").at(0);
  EXPECT_EQ(masked.at("id").as_string(), number);
  EXPECT_EQ(masked.at("ids").at(2).at("id").as_string(), "oO***01");
  EXPECT_TRUE(answer(admin_, get, "persons?id=nobody").at("items").as_array().empty());
  EXPECT_EQ(call(admin_, get, "persons").status, 400);
}

TEST_P(PeopleRoutesTest, AnExportHasEveryRecordOnceAndIsAudited) {
  report_people(250);
  const std::string path = "persons/" + number_of("user-0001") + "/export";
  std::set<std::string> ids;
  std::map<std::string, int> kinds_found;
  std::string cursor;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = call(admin_, get, path + (cursor.empty() ? "" : "?cursor=" + cursor));
    ASSERT_EQ(page.status, 200) << page.body;
    EXPECT_EQ(page.headers.get("content-type").value(), "application/jsonl");
    std::istringstream lines(page.body);
    for (std::string line; std::getline(lines, line);) {
      const json::value read = json::parse(line);
      if (read.as_object().contains("person")) {
        EXPECT_TRUE(cursor.empty());
        continue;
      }
      ++kinds_found[std::string(read.at("kind").as_string())];
      EXPECT_TRUE(ids.insert(std::string(read.at("record").at("id").as_string())).second);
      EXPECT_EQ(read.at("record").at("text").as_string(), "手机 13812345678");
    }
    cursor = page.headers.get("next-cursor").value_or("");
    if (cursor.empty()) break;
  }
  EXPECT_EQ(cursor, "");
  EXPECT_EQ(ids.size(), 250u);
  EXPECT_EQ(kinds_found.size(), kinds.size());
  EXPECT_EQ(query("SELECT 1 FROM audit_entries WHERE action = 'telemetry.person.export'").size(), 1u);
}

TEST_P(PeopleRoutesTest, AnExportIsAuditedWhateverPageIsAskedFor) {
  report_people();
  const std::string path = "persons/" + number_of("user-0001") + "/export";
  const auto entries = [&] {
    return query("SELECT 1 FROM audit_entries WHERE action = 'telemetry.person.export'").size();
  };
  const auto page = call(admin_, get, path + "?cursor=event~");
  ASSERT_EQ(page.status, 200) << page.body;
  EXPECT_FALSE(page.body.empty());
  EXPECT_EQ(entries(), 1u) << "a cursor that nobody gave out";
  EXPECT_EQ(call(admin_, get, path).status, 200);
  EXPECT_EQ(entries(), 1u);
  clock_.advance(identity::ReadingLog::again_after_ms);
  EXPECT_EQ(call(admin_, get, path + "?cursor=event~").status, 200);
  EXPECT_EQ(entries(), 2u) << "again after a quarter of an hour";
  EXPECT_EQ(code(call(admin_, get, "persons/42/export?cursor=event~")), "telemetry.no_such_person");
}

TEST_P(PeopleRoutesTest, AnExportIsForThoseWhoMaySeePersonalData) {
  report_people();
  const std::string path = "persons/" + number_of("user-0001") + "/export";
  EXPECT_EQ(call(developer_, get, path).status, 403);
  EXPECT_EQ(call(analyst_, get, path).status, 403);
  EXPECT_EQ(code(call(admin_, get, "persons/42/export")), "telemetry.no_such_person");
  EXPECT_EQ(code(call(admin_, get, "persons/x/export")), "telemetry.no_such_person");
  for (const std::string cursor : {"x", "event", "event~x", "nothing~", "~"})
    EXPECT_EQ(code(call(admin_, get, path + "?cursor=" + cursor)), "request.invalid_cursor") << cursor;
}

TEST_P(PeopleRoutesTest, ADeletionIsAskedForDoneAndTold) {
  report_people();
  const auto asked = call(admin_, post, "erasures", R"({"openid":"oOPENID00001"})");
  ASSERT_EQ(asked.status, 201) << asked.body;
  const json::value waiting = json::parse(asked.body);
  const std::string path = "erasures/" + std::string(waiting.at("id").as_string());
  EXPECT_EQ(waiting.at("state").as_string(), "waiting");
  EXPECT_EQ(waiting.at("asked_by").as_string(), "boss");
  EXPECT_TRUE(waiting.at("report").is_null());
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(loader_->tend());
    ASSERT_TRUE(loader_->step());
  }
  const json::value done = answer(developer_, get, path);
  EXPECT_EQ(done.at("state").as_string(), "done");
  EXPECT_EQ(done.at("report").at("ids").as_int64(), 3);
  EXPECT_EQ(done.at("report").at("backups_before").as_int64(), clock_.now());
  EXPECT_TRUE(answer(admin_, get, "persons?id=oOPENID00001").at("items").as_array().empty());
  // The id stands nowhere any more, the audit log included.
  EXPECT_EQ(query("SELECT 1 FROM telemetry_erasures WHERE named <> ''").size(), 0u);
  EXPECT_EQ(query("SELECT 1 FROM audit_entries WHERE changes LIKE '%oOPENID00001%'").size(), 0u);
  EXPECT_EQ(query("SELECT 1 FROM audit_entries WHERE changes LIKE '%" + hash_of("oOPENID00001") + "%'").size(), 1u);
}

// It takes the conversations, too.
TEST_P(PeopleRoutesTest, ADeletionIsForThoseWhoMayAskForItInTheRecords) {
  using identity::Permission;
  const std::string wish = R"({"openid":"oOPENID00001"})";
  const std::vector<Scopes> narrow{{Permission::telemetry_manage},
                                   {Permission::telemetry_manage, Permission::desk_configure},
                                   {Permission::telemetry_manage, Permission::personal_data_read},
                                   {Permission::desk_configure, Permission::personal_data_read}};
  for (std::size_t i = 0; i < narrow.size(); ++i) {
    const std::string key = key_of("narrow" + std::to_string(i), identity::Role::admin, narrow[i]);
    const auto refused = call(key, post, "erasures", wish);
    EXPECT_EQ(refused.status, 403) << i;
    EXPECT_EQ(code(refused), "identity.forbidden") << i;
  }
  EXPECT_EQ(code(call(developer_, post, "erasures", wish)), "identity.forbidden");
  EXPECT_EQ(query("SELECT 1 FROM telemetry_erasures").size(), 0u);
  const Scopes all{Permission::telemetry_manage, Permission::desk_configure, Permission::personal_data_read};
  EXPECT_EQ(call(key_of("whole", identity::Role::admin, all), post, "erasures", wish).status, 201);
}

TEST_P(PeopleRoutesTest, DeletionsAreListedAndLimited) {
  for (int i = 0; i < 100; ++i)
    ASSERT_EQ(call(admin_, post, "erasures", R"({"login_id":"u)" + std::to_string(i) + "\"}").status, 201);
  EXPECT_EQ(code(call(admin_, post, "erasures", R"({"login_id":"one more"})")), "telemetry.too_many_erasures");
  std::set<std::string> ids;
  std::string cursor;
  do {
    const auto page = answer(admin_, get, "erasures?limit=30" + cursor);
    for (const auto& item : page.at("items").as_array()) ids.insert(std::string(item.at("id").as_string()));
    cursor = page.at("next_cursor").is_null() ? "" : "&cursor=" + std::string(page.at("next_cursor").as_string());
  } while (!cursor.empty());
  EXPECT_EQ(ids.size(), 100u);
}

TEST_P(PeopleRoutesTest, WhatIsAskedForMustBeOneId) {
  for (const std::string body :
       {R"({})", R"({"openid":"a","unionid":"b"})", R"({"openid":""})", R"({"person":"1"})", R"({"openid":7})"})
    EXPECT_EQ(code(call(admin_, post, "erasures", body)), "request.invalid") << body;
  EXPECT_EQ(call(analyst_, post, "erasures", R"({"openid":"a"})").status, 403);
  EXPECT_EQ(call(analyst_, get, "erasures").status, 403);
  EXPECT_EQ(code(call(admin_, get, "erasures/42")), "telemetry.no_such_erasure");
}

MINIOPS_ON_BOTH_ENGINES(PeopleRoutesTest);

}  // namespace
}  // namespace miniops::telemetry
