#include "gateway/service.hpp"

#include "gateway/media_worker.hpp"
#include "gateway/tests/support.hpp"
#include "gateway/tokens.hpp"
#include "gateway/traces.hpp"

namespace miniops::gateway {

namespace {

class ServiceTest : public GatewayTest {
 protected:
  Result<MiniProgramView> create_one(const std::string& appid, MiniProgramInput input) {
    const auto access = system();
    return sql::run(service_->create(access, AppId(appid), std::move(input)));
  }
  std::string stored_text() {
    const auto row = query("SELECT secret, token, aes_key FROM gateway_miniprograms").at(0);
    return row.blob(0) + row.blob(1) + row.blob(2);
  }
};

TEST_P(ServiceTest, NamesEachFieldThatIsWrong) {
  struct Case {
    const char* pointer;
    std::function<void(MiniProgramInput&)> spoil;
  };
  const Case cases[] = {
      {"/name", [](MiniProgramInput& in) { in.name = ""; }},
      {"/secret", [](MiniProgramInput& in) { in.secret = std::string(129, 'x'); }},
      {"/secret", [](MiniProgramInput& in) { in.secret.reset(); }},
      {"/token", [](MiniProgramInput& in) { in.token = "ab"; }},
      {"/token", [](MiniProgramInput& in) { in.token = "with blank"; }},
      {"/encoding_aes_key", [](MiniProgramInput& in) { in.encoding_aes_key = std::string(42, 'a'); }},
      {"/encoding_aes_key", [](MiniProgramInput& in) { in.encoding_aes_key = std::string(44, 'a'); }},
      {"/encoding_aes_key", [](MiniProgramInput& in) { in.encoding_aes_key.reset(); }},
      {"/mode", [](MiniProgramInput& in) { in.mode = "none"; }},
      {"/format", [](MiniProgramInput& in) { in.format = "yaml"; }},
      {"/time_zone", [](MiniProgramInput& in) { in.time_zone = "Mars/Olympus"; }},
      {"/time_zone", [](MiniProgramInput& in) { in.time_zone = "localtime"; }},
      {"/relay_url", [](MiniProgramInput& in) { in.relay_url = "ftp://a"; }},
      {"/relay_url", [](MiniProgramInput& in) { in.relay_url = "http:///path"; }},
      {"/relay_url", [](MiniProgramInput& in) { in.relay_url = "http://127.0.0.1:8080/"; }},
      {"/relay_url", [](MiniProgramInput& in) { in.relay_url = "https://[::1]/"; }},
      {"/relay_url", [](MiniProgramInput& in) { in.relay_url = "http://169.254.169.254/latest"; }},
      {"/transfer", [](MiniProgramInput& in) { in.transfer = "sometimes"; }},
  };
  for (const Case& one : cases) {
    MiniProgramInput input = input_of_one();
    one.spoil(input);
    auto made = create_one("wx2", std::move(input));
    ASSERT_FALSE(made) << one.pointer;
    EXPECT_EQ(made.error().code, "request.invalid");
    ASSERT_EQ(made.error().fields.size(), 1U) << one.pointer;
    EXPECT_EQ(made.error().fields[0].pointer, one.pointer);
  }
  EXPECT_EQ(create_one("has blank", input_of_one()).error().fields.at(0).pointer, "/appid");
  MiniProgramInput plain = input_of_one();
  plain.mode = "plain";
  plain.encoding_aes_key.reset();
  EXPECT_TRUE(create_one("wx2", std::move(plain)));
  EXPECT_EQ(create_one("wx2", input_of_one()).error().code, "gateway.already_exists");
}

TEST_P(ServiceTest, SecretsAreSealedAndNeverShown) {
  const std::string stored = stored_text();
  for (const char* secret : {"secret-of-one", "tokenone", "abcdefghijklm"}) {
    EXPECT_EQ(stored.find(secret), std::string::npos);
  }
  const auto view = sql::run(service_->get(AppId("wx1")));
  const std::string shown = boost::json::serialize(to_json(*view, "https://ops.example"));
  for (const char* secret : {"secret-of-one", "tokenone", "abcdefghijklm"}) {
    EXPECT_EQ(shown.find(secret), std::string::npos);
  }
  EXPECT_NE(shown.find("https://ops.example/wechat/push/wx1"), std::string::npos);
  EXPECT_TRUE(view->has_secret);
  const std::string audited = [&] {
    std::string all;
    for (const auto& row : query("SELECT changes FROM audit_entries")) all += row.text(0);
    return all;
  }();
  EXPECT_EQ(audited.find("secret-of-one"), std::string::npos);
  const auto access = system();
  EXPECT_EQ(sql::run(service_->reveal_token(access)), "tokenone");
  EXPECT_EQ(number("SELECT COUNT(*) FROM audit_entries WHERE action = 'miniprogram.reveal_token'"), 1);
}

TEST_P(ServiceTest, AChangeActsAtOnceAndIsAudited) {
  ASSERT_TRUE(sql::run(programs_->find(AppId("wx1"))));
  MiniProgramInput input;
  input.name = "新名字";
  input.secret = "another";
  ASSERT_TRUE(change(std::move(input)));
  const auto program = sql::run(programs_->find(AppId("wx1")));
  EXPECT_EQ(program->name, "新名字");
  EXPECT_EQ(program->secret, "another");
  const auto changes = query("SELECT changes FROM audit_entries WHERE action = 'miniprogram.update'").at(0).text(0);
  EXPECT_NE(changes.find("新名字"), std::string::npos);
  EXPECT_EQ(changes.find("another"), std::string::npos);
  const auto access = system();
  ASSERT_TRUE(sql::run(service_->remove(access, AppId("wx1"))));
  EXPECT_EQ(sql::run(programs_->find(AppId("wx1"))), nullptr);
  EXPECT_EQ(sql::run(service_->remove(access, AppId("wx1"))).error().code, "gateway.unknown_mini_program");
}

const std::string png = "\x89PNG\r\n\x1a\npicture";
const std::string get_path = "/cgi-bin/media/get";

class MemoryBlobs final : public Blobs {
 public:
  Task<Result<std::string>> put(std::string bytes) override {
    const std::string name = hex(sha256(bytes));
    kept[name] = std::move(bytes);
    co_return name;
  }
  Task<Result<std::string>> get(std::string name) override {
    if (!kept.contains(name)) co_return fail(ErrorKind::not_found, "storage.blob_missing", "missing");
    co_return kept[name];
  }
  Task<Result<bool>> remove(std::string name) override {
    kept.erase(name);
    co_return true;
  }
  std::map<std::string, std::string> kept;
};

class MediaTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    http_.script(token_path, {token_answer("T1")});
    Tokens::Settings settings;
    settings.api_base = "http://wechat";
    settings.owner = "node";
    tokens_ = std::make_unique<Tokens>(db(), *programs_, *sealer_, clock_, http_, settings);
    wechat_ = std::make_unique<WeChatClient>(db(), *tokens_, clock_, http_,
                                             WeChatClient::Settings{"http://wechat", 10000, 1000});
    media_ = std::make_unique<Media>(db(), blobs_, *wechat_, http_, clock_, ids_, "http://wechat");
  }
  void want(const std::string& id, const std::string& pic_url = "") {
    auto work = [&](sql::Transaction& tx) -> Result<void> {
      want_media(tx, AppId("wx1"), id, clock_.now(), pic_url);
      return {};
    };
    ASSERT_TRUE(db().write_blocking(work));
  }
  Result<StoredMedia> fetched(const std::string& id) {
    return sql::run(media_->fetched(identity::Access::system(AppId("wx1"), "test"), id));
  }

  MemoryBlobs blobs_;
  std::unique_ptr<Tokens> tokens_;
  std::unique_ptr<WeChatClient> wechat_;
  std::unique_ptr<Media> media_;
};

TEST_P(MediaTest, FetchesWhatIsWantedOnceAndKeepsIt) {
  http_.script(get_path, {FakeHttp::errcode(-1), FakeHttp::ok(png, "image/jpeg")});
  want("M1");
  want("M1");
  ASSERT_TRUE(sql::run(media_->step()));
  EXPECT_EQ(fetched("M1").error().code, "gateway.media_not_fetched");
  clock_.advance(minute_ms);
  ASSERT_TRUE(sql::run(media_->step()));
  ASSERT_TRUE(sql::run(media_->step()));
  EXPECT_EQ(http_.seen(get_path).size(), 2U);
  const auto media = fetched("M1");
  ASSERT_TRUE(media);
  EXPECT_EQ(media->bytes, png);
  EXPECT_EQ(media->content_type, "image/png");  // what it is, not what it was called
  EXPECT_EQ(number("SELECT COUNT(*) FROM live_pending WHERE topic = 'media'"), 1);
  EXPECT_EQ(fetched("M2").error().code, "gateway.media_not_found");
}

TEST_P(MediaTest, ThatItIsThereIsToldToWhomItConcerns) {
  struct : MediaReaders {
    Result<void> may_see_media(sql::Transaction&, const identity::Access&, const std::string&) const override {
      return {};
    }
    live::Audience audience_of_media(sql::Transaction&, const AppId& appid,
                                     const std::string& media_id) const override {
      return {appid.str() + media_id, identity::AccountId(5), {}, 77};
    }
  } readers;
  media_->set_readers(readers);
  http_.script(get_path, {FakeHttp::ok(png, "image/png")});
  want("M1");
  ASSERT_TRUE(sql::run(media_->step()));
  EXPECT_EQ(number("SELECT COUNT(*) FROM live_pending WHERE topic = 'media' AND about = 77 AND account_id = 5 AND "
                   "group_id = 'wx1M1'"),
            1);
}

TEST_P(MediaTest, WhatIsForgottenWhileItIsFetchedLeavesNoFile) {
  http_.script(get_path, {FakeHttp::ok(png, "image/png")});
  want("M1");
  http_.on_request([&](const FakeHttp::Seen& request) {
    if (request.path == get_path) execute("DELETE FROM gateway_media");
  });
  ASSERT_TRUE(sql::run(media_->step()));
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_media"), 0);
  EXPECT_EQ(number("SELECT COUNT(*) FROM live_pending WHERE topic = 'media'"), 0);
  ASSERT_EQ(blobs_.kept.size(), 1U);
  Orphans orphans(db(), blobs_);
  ASSERT_TRUE(sql::run(orphans.step()));
  EXPECT_TRUE(blobs_.kept.empty());
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_orphans"), 0);
}

TEST_P(MediaTest, ThePictureAddressIsTheFallbackAndOnlyWeChatIsAsked) {
  http_.script(get_path, {FakeHttp::errcode(40007)});
  http_.script("/pic", {FakeHttp::ok(png, "image/png")});
  http_.script("/inside", {FakeHttp::ok(png, "image/png")});
  want("M1", "http://mmbiz.qpic.cn/pic");
  want("M2", "http://127.0.0.1/inside");
  want("M3", "http://x@mmbiz.qpic.cn@127.0.0.1/inside");
  ASSERT_TRUE(sql::run(media_->step()));
  EXPECT_TRUE(fetched("M1"));
  EXPECT_EQ(fetched("M2").error().code, "gateway.media_gone");
  EXPECT_EQ(fetched("M3").error().code, "gateway.media_gone");
  EXPECT_TRUE(http_.seen("/inside").empty());
}

TEST_P(MediaTest, GivesUpAfterThreeDays) {
  http_.script(get_path, {FakeHttp::broken(false)});
  want("M1");
  clock_.advance(3 * day_ms + 1);
  ASSERT_TRUE(sql::run(media_->step()));
  EXPECT_EQ(fetched("M1").error().code, "gateway.media_gone");
}

TEST_P(MediaTest, PicturesAreJudgedByTheirBytes) {
  const auto access = system();
  EXPECT_EQ(sql::run(media_->put_picture(access, "<svg onload=alert(1)>")).error().code, "gateway.picture_type");
  EXPECT_EQ(sql::run(media_->put_picture(access, png + std::string(2 << 20, 'x'))).error().code,
            "gateway.picture_too_large");
  const auto kept = sql::run(media_->put_picture(access, png));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->content_type, "image/png");
  EXPECT_EQ(sql::run(media_->picture(AppId("wx1"), kept->blob))->bytes, png);
  EXPECT_EQ(sql::run(media_->picture(AppId("wx2"), kept->blob)).error().code, "gateway.media_not_found");
}

MINIOPS_ON_BOTH_ENGINES(ServiceTest);
MINIOPS_ON_BOTH_ENGINES(MediaTest);

}  // namespace

}  // namespace miniops::gateway
