// Saved queries and exports in the API.
#include <zlib.h>

#include <fstream>
#include <thread>

#include "logs/tests/logs_fixture.hpp"

namespace miniops::logs {
namespace {

using net::Method;

class SavedTest : public LogsTest {
 protected:
  std::int64_t audited(const std::string& action) {
    return query("SELECT COUNT(*) FROM audit_entries WHERE action = $1", {action}).front().integer(0);
  }
  std::string add_export(const std::string& more = "", const std::string& key = "") {
    const std::string body = fmt::format(R"({{"from":{},"to":{},"format":"jsonl","columns":["text"]{}}})",
                                         noon - day_ms, noon + day_ms, more);
    const auto answer = call(key.empty() ? admin_ : key, Method::post, "exports", body);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return std::string(json::parse(answer.body).at("id").as_string());
  }
  bool step() { return sql::run(exports_->step()); }
  json::object state_of(const std::string& id) { return get("exports/" + id); }
  std::string state(const std::string& id) { return std::string(state_of(id).at("state").as_string()); }
  std::string download(const std::string& id) {
    std::string all;
    const auto parts = state_of(id).at("parts").to_number<int>();
    for (int part = 1; part <= parts; ++part)
      all += call(admin_, Method::get, fmt::format("exports/{}/download?part={}", id, part)).body;
    return all;
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(exports_folder_.path()), {}));
  }
};

std::string gunzip(std::string bytes) {
  z_stream stream{};
  ::inflateInit2(&stream, 15 + 16);
  std::string out(10 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  ::inflateEnd(&stream);
  return out;
}

TEST_P(SavedTest, QueriesAreSharedAndNamedOnce) {
  const auto made = post(
      "queries",
      R"({"name":"慢支付","query":"pay value>1000","source":"request","level":"warn","columns":["time","properties.url"]})");
  const std::string id(made.at("id").as_string());
  EXPECT_EQ(code(analyst_, Method::post, "queries", R"({"name":"慢支付","query":"x"})"), "logs.name_taken");
  const auto list = get(analyst_, "queries").at("items").as_array();
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].at("source").as_string(), "request");
  EXPECT_EQ(list[0].at("level").as_string(), "warn");
  EXPECT_EQ(json::serialize(list[0].at("columns")), R"(["time","properties.url"])");
  EXPECT_EQ(list[0].at("created_by").as_string(), "boss");
  EXPECT_FALSE(list[0].at("mine").as_bool());
  const std::string other = R"({"name":"other","query":"y"})";
  EXPECT_EQ(code(analyst_, Method::put, "queries/" + id, other), "logs.not_yours");
  EXPECT_EQ(code(analyst_, Method::del, "queries/" + id), "logs.not_yours");
  EXPECT_EQ(code(developer_, Method::put, "queries/" + id, other), "200");  // may manage telemetry
  EXPECT_EQ(get("queries").at("items").at(0).at("name").as_string(), "other");
  EXPECT_EQ(get("queries").at("items").at(0).at("level"), nullptr);
  EXPECT_EQ(code(admin_, Method::del, "queries/" + id), "204");
  EXPECT_EQ(code(admin_, Method::del, "queries/" + id), "logs.not_found");
  EXPECT_EQ(code(admin_, Method::put, "queries/x", other), "logs.not_found");
  EXPECT_EQ(audited("logs.query.create") + audited("logs.query.update") + audited("logs.query.delete"), 3);
}

TEST_P(SavedTest, QueriesAreCheckedAndBounded) {
  for (const auto& [body, wanted] :
       std::vector<std::pair<std::string, std::string>>{{R"({"query":"x"})", "request.invalid"},
                                                        {R"({"name":"a","query":"("})", "logs.invalid_query"},
                                                        {R"({"name":"a","source":"x"})", "request.invalid"},
                                                        {R"({"name":"a","level":"loud"})", "request.invalid"},
                                                        {R"({"name":"a","columns":["nothing"]})", "request.invalid"},
                                                        {R"({"name":"a","more":1})", "request.invalid"}})
    EXPECT_EQ(code(admin_, Method::post, "queries", body), wanted) << body;
  for (int i = 0; i < 200; ++i) post("queries", fmt::format(R"({{"name":"q{}"}})", i));
  EXPECT_EQ(code(admin_, Method::post, "queries", R"({"name":"one more"})"), "logs.too_many_queries");
}

TEST_P(SavedTest, AnExportHoldsEachLineThatMatchesOnce) {
  std::vector<Record> records;
  std::string wanted;
  for (int i = 0; i < 450; ++i) {
    records.push_back(line(fmt::format("order {}", i), Level::info, noon + i));
    records.push_back(line("other", Level::info, noon + i));
  }
  for (int i = 449; i >= 0; --i) wanted += fmt::format("{{\"text\":\"order {}\"}}\n", i);
  load(std::move(records));
  const std::string id = add_export(R"(,"query":"order")");
  EXPECT_EQ(state(id), "waiting");
  EXPECT_EQ(code(admin_, Method::get, "exports/" + id + "/download"), "logs.export_not_ready");
  EXPECT_TRUE(step());
  EXPECT_FALSE(step());
  const auto done = state_of(id);
  EXPECT_EQ(done.at("state").as_string(), "done") << json::serialize(done);
  EXPECT_EQ(done.at("rows").as_int64(), 450);
  EXPECT_EQ(done.at("rows_estimated").as_int64(), 450);
  EXPECT_EQ(done.at("bytes").as_int64(), static_cast<std::int64_t>(wanted.size()));
  EXPECT_FALSE(done.at("cut").as_bool());
  EXPECT_EQ(download(id), wanted);
  const std::string packed = add_export(R"(,"query":"order","gzip":true)");
  step();
  EXPECT_EQ(gunzip(download(packed)), wanted);
  EXPECT_LT(state_of(packed).at("bytes").as_int64(), static_cast<std::int64_t>(wanted.size()) / 5);
  const auto answer = call(admin_, Method::get, "exports/" + packed + "/download");
  EXPECT_EQ(answer.headers.get("content-type").value(), "application/gzip");
  EXPECT_EQ(answer.headers.get("content-disposition").value(), "attachment; filename=\"logs-" + packed + ".jsonl.gz\"");
  EXPECT_EQ(get("exports").at("items").as_array().size(), 2u);
  EXPECT_EQ(audited("logs.export.create"), 2);
  EXPECT_EQ(audited("logs.export.download"), 2) << "of each file the one part that it has";
}

TEST_P(SavedTest, EachPartThatIsDownloadedIsAudited) {
  load({"a"});
  const std::string id = add_export();
  step();
  std::filesystem::resize_file(exports_folder_.path() / id, export_part_bytes + 3);
  const auto part = [&](const std::string& number) {
    return call(admin_, Method::get, "exports/" + id + "/download?part=" + number).body.size();
  };
  EXPECT_EQ(part("2"), 3u);
  EXPECT_EQ(audited("logs.export.download"), 1) << "also without the first one";
  EXPECT_EQ(part("1"), export_part_bytes);
  EXPECT_EQ(audited("logs.export.download"), 2);
  EXPECT_EQ(part("2"), 3u);
  EXPECT_EQ(audited("logs.export.download"), 2);
  clock_.advance(identity::ReadingLog::again_after_ms);
  EXPECT_EQ(part("2"), 3u);
  EXPECT_EQ(audited("logs.export.download"), 3) << "again after a quarter of an hour";
}

TEST_P(SavedTest, AnExportHidesPersonalDataFromItsAuthor) {
  load({line("用户 13812345678")});
  const std::string masked = add_export("", developer_);
  const std::string whole = add_export();
  step();
  step();
  EXPECT_EQ(download(masked), "{\"text\":\"用户 138****5678\"}\n");
  EXPECT_EQ(download(whole), "{\"text\":\"用户 13812345678\"}\n");
  EXPECT_EQ(code(developer_, Method::get, "exports/" + whole + "/download"), "logs.export_personal");
  EXPECT_EQ(code(developer_, Method::get, "exports/" + masked + "/download"), "200");
}

TEST_P(SavedTest, AnExportIsCancelledRepeatedAndDeleted) {
  load({"a"});
  const std::string id = add_export();
  EXPECT_EQ(code(analyst_, Method::post, "exports/" + id + "/cancel"), "logs.not_yours");
  EXPECT_EQ(code(admin_, Method::post, "exports/" + id + "/cancel"), "200");
  EXPECT_EQ(state(id), "cancelled");
  step();
  EXPECT_EQ(state(id), "cancelled");
  EXPECT_EQ(files(), 0u);
  EXPECT_EQ(code(admin_, Method::post, "exports/" + id + "/cancel"), "logs.export_ended");
  const std::string again(post("exports/" + id + "/repeat").at("id").as_string());
  step();
  EXPECT_EQ(download(again), "{\"text\":\"a\"}\n");
  EXPECT_EQ(files(), 1u);
  EXPECT_EQ(code(analyst_, Method::del, "exports/" + again), "logs.not_yours");
  EXPECT_EQ(code(admin_, Method::del, "exports/" + again), "204");
  EXPECT_EQ(files(), 0u);
  EXPECT_EQ(code(admin_, Method::get, "exports/" + again), "logs.not_found");
}

TEST_P(SavedTest, AllExportsOfAMiniProgramGoWithAPerson) {
  load({"a"});
  const std::string finished = add_export();
  step();
  const std::string waiting = add_export();
  ASSERT_EQ(files(), 1u);
  ExportKeeper keeper(*exports_);
  EXPECT_EQ(keeper.forget(AppId("wx2"), "openid", "o1").value(), 0) << "another mini program's stay";
  EXPECT_EQ(files(), 1u);
  EXPECT_EQ(keeper.forget(telemetry::app, "openid", "o1").value(), 2);
  EXPECT_EQ(keeper.forget(telemetry::app, "device", "d1").value(), 0) << "of each of the person's ids: counted once";
  EXPECT_EQ(files(), 0u);
  EXPECT_TRUE(step()) << "the one that waited ends without a file";
  EXPECT_EQ(files(), 0u);
  EXPECT_TRUE(get("exports").at("items").as_array().empty());
  EXPECT_EQ(code(admin_, Method::get, "exports/" + finished), "logs.not_found");
  EXPECT_EQ(code(admin_, Method::get, "exports/" + waiting + "/download"), "logs.not_found");
  const std::string later = add_export();
  step();
  EXPECT_EQ(state(later), "done");
}

TEST_P(SavedTest, OfOneMiniProgramOnlySoManyAtOnce) {
  load({"a"});
  add_export();
  add_export();
  const std::string body = fmt::format(R"({{"from":0,"to":{},"format":"csv"}})", noon);
  EXPECT_EQ(code(admin_, Method::post, "exports", body), "logs.too_many_exports");
  step();
  EXPECT_EQ(code(admin_, Method::post, "exports", body), "201");
  for (int i = 3; i < 20; ++i) {
    while (step()) {
    }
    add_export();
  }
  while (step()) {
  }
  EXPECT_EQ(code(admin_, Method::post, "exports", body), "logs.too_many_files");
}

TEST_P(SavedTest, ARestartInterruptsAndADayForgets) {
  load({"a"});
  const std::string finished = add_export();
  step();
  const std::string waiting = add_export();
  exports_.emplace(Exports::Collaborators{db(), *records_, *service_, clock_, ids_}, exports_folder_.path());
  ASSERT_TRUE(exports_->prepare_blocking());
  EXPECT_EQ(state(waiting), "interrupted");
  EXPECT_EQ(state(finished), "done");
  EXPECT_EQ(files(), 1u);
  EXPECT_FALSE(step());
  post("exports/" + waiting + "/repeat");
  step();
  clock_.advance(export_kept_ms - 1);
  sql::run(exports_->forget_old());
  EXPECT_EQ(get("exports").at("items").as_array().size(), 3u);
  clock_.advance(1);
  sql::run(exports_->forget_old());
  EXPECT_TRUE(get("exports").at("items").as_array().empty());
  EXPECT_EQ(files(), 0u);
}

TEST_P(SavedTest, TheLoopsWriteWhatWaitsAndStop) {
  load({"a"});
  const std::string first = add_export();
  const std::string second = add_export();
  net::IoThreads io(2);
  exports_->start(io);
  io.start();
  while (state(first) != "done" || state(second) != "done") std::this_thread::yield();
  exports_->stop();
  EXPECT_EQ(download(second), "{\"text\":\"a\"}\n");
  add_export();
  EXPECT_EQ(files(), 2u);
  io.stop();
}

TEST_P(SavedTest, AFileThatCannotBeWrittenFailsTheExport) {
  load({"a"});
  std::filesystem::remove_all(exports_folder_.path());
  std::ofstream(exports_folder_.path()) << "in the way";
  const std::string id = add_export();
  step();
  EXPECT_EQ(state(id), "failed");
  EXPECT_EQ(state_of(id).at("problem").as_string(), "storage.unavailable");
  std::filesystem::remove(exports_folder_.path());
}

TEST_P(SavedTest, ExportsAreChecked) {
  for (const auto& [body, wanted] : std::vector<std::pair<std::string, std::string>>{
           {R"({"from":0,"to":5})", "request.invalid"},
           {R"({"from":5,"to":0,"format":"csv"})", "request.invalid"},
           {R"({"from":0,"to":5,"format":"xls"})", "request.invalid"},
           {R"({"from":0,"to":5,"format":"csv","query":"("})", "logs.invalid_query"},
           {R"({"from":0,"to":5,"format":"csv","columns":["x"]})", "request.invalid"}})
    EXPECT_EQ(code(admin_, Method::post, "exports", body), wanted) << body;
  EXPECT_EQ(code(admin_, Method::get, "exports/x"), "logs.not_found");
}

MINIOPS_ON_BOTH_ENGINES(SavedTest);

}  // namespace
}  // namespace miniops::logs
