// Exports in pieces, restarts, files and their end; formulas.
#include "records/tests/records_fixture.hpp"

namespace miniops::records {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// ---- formats ----

ExportRow row_saying(const std::string& text) {
  ExportRow row;
  row.conversation.id = ConversationId(5);
  row.conversation.openid = "o1";
  row.conversation.opened_at = 1763701200000;
  row.message = MessageRecord{9, 1, 1763701201000, "in", "customer", "", "text", text};
  return row;
}
constexpr std::string_view row_start =
    "5,2025-11-21T05:00:00Z,,,\"\",,\"\",\"\",\"o1\",\"\",\"\",\"\",,1,2025-11-21T05:00:01Z,in,customer,\"\",text,";

TEST(ExportFormats, CsvIsReadBackAndRunsNothing) {
  const Reader reader{.everything = true, .personal_data = true};
  const std::vector<std::pair<const char*, const char*>> cases{
      {"你好", "\"你好\""},
      {"a,b", "\"a,b\""},
      {"say \"hi\"", "\"say \"\"hi\"\"\""},
      {"two\r\nlines", "\"two\r\nlines\""},
      {"=1+1", "\"'=1+1\""},
      {"=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""},
      {"+86", "\"'+86\""},
      {"-1", "\"'-1\""},
      {"@SUM(A1)", "\"'@SUM(A1)\""},
      {"\t=1", "\"'\t=1\""},
      {"\r=1", "\"'\r=1\""},
      {"＝1", "\"'＝1\""},
      {"＋1", "\"'＋1\""},
      {"－1", "\"'－1\""},
      {"＠a", "\"'＠a\""},
      {"1=1", "\"1=1\""},
  };
  for (const auto& [text, cell] : cases)
    EXPECT_EQ(export_row(Format::csv, reader, row_saying(text)), std::string(row_start) + cell + "\r\n") << text;
  EXPECT_THAT(export_head(Format::csv), StartsWith("\xef\xbb\xbf"
                                                   "conversation_id,opened_at,"));
}

TEST(ExportFormats, NamesAreNoFormulasEither) {
  const Reader reader{.everything = true, .personal_data = true};
  ExportRow row = row_saying("a");
  row.conversation.nickname = "=cmd|'/C calc'!A0";
  row.conversation.agent_name = "+x";
  row.conversation.reason_name = "=r";
  row.conversation.tags = {"-y"};
  row.conversation.customer_tags = {"+c", "d"};
  row.conversation.source = "@z";
  row.message->sender_name = "=n";
  const std::string line = export_row(Format::csv, reader, row);
  for (const char* cell :
       {"\"'=cmd|'/C calc'!A0\"", "\"'+x\"", "\"'=r\"", "\"'-y\"", "\"'+c d\"", "\"'@z\"", "\"'=n\""})
    EXPECT_THAT(line, HasSubstr(cell));
}

TEST(ExportFormats, JsonlHasOneObjectALine) {
  const Reader reader{.everything = true, .personal_data = true};
  const std::string line = export_row(Format::jsonl, reader, row_saying("=a\n"));
  EXPECT_EQ(std::ranges::count(line, '\n'), 1);
  EXPECT_EQ(json::parse(line).at("message").at("text").as_string(), "=a\n");
  EXPECT_EQ(export_head(Format::jsonl), "");
}

TEST(ExportFormats, ReasonAndTagsStandUnderTheirNames) {
  const Reader reader{.everything = true, .personal_data = true};
  ExportRow row = row_saying("a");
  row.conversation.reason = ReasonId(3);
  row.conversation.reason_name = "售后 / 退款";
  row.conversation.tags = {"催办", "投诉"};
  row.conversation.customer_tags = {"VIP"};
  const auto cells = [](std::string_view line) {
    std::vector<std::string> out(1);
    for (const char c : line) c == ',' ? void(out.emplace_back()) : out.back().push_back(c);
    return out;
  };
  const auto names = cells(export_head(Format::csv)), values = cells(export_row(Format::csv, reader, row));
  ASSERT_EQ(names.size(), values.size());
  std::map<std::string, std::string> csv;
  for (std::size_t i = 0; i < names.size(); ++i) csv[names[i]] = values[i];
  EXPECT_EQ(csv["reason"], "\"售后 / 退款\"");
  EXPECT_EQ(csv["tags"], "\"催办 投诉\"");
  EXPECT_EQ(csv["customer_tags"], "\"VIP\"");
  const json::value jsonl = json::parse(export_row(Format::jsonl, reader, row)).at("conversation");
  EXPECT_EQ(json::serialize(jsonl.at("reason")), R"({"id":"3","name":"售后 / 退款"})");
  EXPECT_EQ(json::serialize(jsonl.at("tags")), R"(["催办","投诉"])");
  EXPECT_EQ(json::serialize(jsonl.at("customer_tags")), R"(["VIP"])");
}

TEST(ExportFormats, JsonlHasWhatFiguresAreMadeOf) {
  const Reader reader{.everything = true, .personal_data = true, .scores = true};
  ExportRow row = row_saying("好的");
  row.message->sender_id = "7";
  row.message->queued_at = 1763701201000;
  const json::value said = json::parse(export_row(Format::jsonl, reader, row)).at("message");
  EXPECT_EQ(said.at("sender_id").as_string(), "7");
  EXPECT_EQ(said.at("queued_at").as_int64(), 1763701201000);
  EXPECT_TRUE(said.at("accepted_at").is_null());

  row.message.reset();
  row.event = EventRecord{.id = 3, .at = 1763701202000, .kind = "rated", .to = "5", .seq = 4};
  const json::value told = json::parse(export_row(Format::jsonl, reader, row));
  EXPECT_TRUE(told.at("message").is_null());
  EXPECT_EQ(told.at("event").at("to").as_string(), "5");
  EXPECT_EQ(told.at("event").at("seq").as_int64(), 4);
  const Reader without_scores{.everything = true, .personal_data = true};
  EXPECT_TRUE(json::parse(export_row(Format::jsonl, without_scores, row)).at("event").at("to").is_null());
}

TEST(ExportFormats, PersonalDataAreMaskedForWhoeverMayNotSeeThem) {
  ExportRow row = row_saying("我的手机 13812345678");
  row.conversation.tags = row.conversation.customer_tags = {"回电 13812345678"};
  for (const Format format : {Format::csv, Format::jsonl}) {
    EXPECT_THAT(export_row(format, {.everything = true}, row), Not(HasSubstr("13812345678")));
    EXPECT_THAT(export_row(format, {.everything = true, .personal_data = true}, row), HasSubstr("13812345678"));
  }
}

TEST(ExportPlaces, AreReadBack) {
  for (const ExportPlace& place :
       {ExportPlace{}, ExportPlace{Place(3, 4), std::nullopt, 0}, ExportPlace{std::nullopt, Place(5, 6), 7}})
    EXPECT_EQ(export_place_in(to_text(place)), place);
  EXPECT_EQ(export_place_in(""), ExportPlace{});
}

// ---- exports ----

class ExportTest : public RecordsTest {
 protected:
  // The texts in the order of the file.
  static std::vector<std::string> texts(const std::string& jsonl) {
    std::vector<std::string> out;
    std::istringstream lines(jsonl);
    for (std::string line; std::getline(lines, line);) {
      const json::value row = json::parse(line);
      const auto& message = row.at("message");
      out.emplace_back(message.is_null() ? "-" : std::string(message.at("text").as_string()));
    }
    return out;
  }
  ExportId add(Question question = {}, Format format = Format::jsonl, const Access& as = admin()) {
    return must(sql::run(service().add_export(as, std::move(question), format))).id;
  }
};

TEST_P(ExportTest, InPiecesEqualsTheRows) {
  std::vector<std::string> expected;
  std::vector<std::vector<std::string>> said;
  for (int i = 0; i < 30; ++i) {
    std::vector<std::string> texts;
    for (int m = 0; m < i % 7; ++m) texts.push_back(fmt::format("{}-{}", i, m));
    conversation("o" + std::to_string(i), clock_.now(), texts);
    clock_.advance(minute_ms);
    said.push_back(std::move(texts));
  }
  clock_.advance(hour_ms);
  std::ranges::reverse(said);
  for (const auto& one : said) {
    if (one.empty()) expected.emplace_back("-");
    expected.insert(expected.end(), one.begin(), one.end());
  }
  // Whatever the sizes of the pieces are, and with a restart after each.
  const std::vector<std::tuple<std::size_t, int, int, bool>> cases{
      {1 << 20, 300, 1000, false}, {1, 1, 1000, false}, {1, 4, 3, true}, {500, 7, 5, true}};
  for (const auto& [bytes, rows, look, restarts] : cases) {
    SCOPED_TRACE(fmt::format("{} bytes, {} rows, look at {}", bytes, rows, look));
    limits_ = {bytes, rows};
    archive_.look_at_most = look;
    build();
    const auto id = add();
    while (export_step())
      if (restarts) restart();
    const Export done = export_of(id);
    EXPECT_EQ(done.state, ExportState::done);
    EXPECT_EQ(done.rows, std::ssize(expected));
    const std::string all = file(done);
    EXPECT_EQ(std::ssize(all), done.bytes);
    EXPECT_EQ(texts(all), expected);
    must(sql::run(service().remove_export(admin(), id)));
  }
}

TEST_P(ExportTest, EventsFollowTheMessagesOfTheirConversation) {
  conversation("o1", clock_.now(), {"a", "b"});
  clock_.advance(minute_ms);
  conversation("o2", clock_.now());
  clock_.advance(hour_ms);
  for (const int rows : {1, 2, 300}) {
    limits_ = {1, rows};
    build();
    const auto id = add({.events = true});
    while (export_step()) restart();
    std::vector<std::string> lines;
    std::istringstream all(file(export_of(id)));
    for (std::string line; std::getline(all, line);) {
      const json::object row = json::parse(line).as_object();
      const auto& kind = row.contains("event") ? row.at("event").at("kind") : json::value("none");
      const auto& text = row.at("message").is_null() ? kind : row.at("message").at("text");
      lines.emplace_back(text.as_string());
    }
    EXPECT_THAT(lines, ElementsAre("none", "opened", "closed", "a", "b", "opened", "closed")) << rows;
    must(sql::run(service().remove_export(admin(), id)));
  }
}

TEST_P(ExportTest, APieceThatWasWrittenAndNotNotedIsWrittenAgain) {
  for (int i = 0; i < 5; ++i) conversation("o1", clock_.now() - i, {std::to_string(i)});
  clock_.advance(1);
  limits_ = {1, 1};
  build();
  const auto id = add();
  export_step();
  const Export one = export_of(id);
  // The file of the next part is there, and the program ended before it was noted.
  must(parts_->files.write(id, one.parts + 1, "half of a pie"));
  restart();
  export_all();
  EXPECT_THAT(texts(file(export_of(id))), ElementsAre("0", "1", "2", "3", "4"));
}

TEST_P(ExportTest, WithWordsOnlyTheMessagesThatSayThem) {
  conversation("o1", clock_.now(), {"你好", "我要退款", "再见"});
  conversation("o2", clock_.now(), {"你好"});
  clock_.advance(1);
  const auto id = add({.text = "退款"});
  export_all();
  EXPECT_THAT(texts(file(export_of(id))), ElementsAre("我要退款"));
}

TEST_P(ExportTest, WhatIsSealedIsWholeInFilesOfThoseWhoMaySeeIt) {
  conversation("o1", clock_.now(), {"138****5678"});
  clock_.advance(1);
  archive_.hides = true;
  const std::set<identity::Grant> grants{{identity::Permission::desk_export}, {identity::Permission::desk_records_all}};
  const auto whole = add(), masked = add({}, Format::jsonl, agent(3, grants));
  export_all();
  EXPECT_THAT(texts(file(export_of(whole))), ElementsAre("138****5678 (revealed)"));
  EXPECT_THAT(texts(file(export_of(masked, agent(3, grants)), agent(3, grants))), ElementsAre("138****5678"));
}

TEST_P(ExportTest, WhatComesAfterItWasAskedForHasNoPlaceInIt) {
  conversation("o1", clock_.now(), {"a"});
  clock_.advance(1);
  const auto id = add();
  conversation("o2", 0, {"b"});
  export_all();
  EXPECT_THAT(texts(file(export_of(id))), ElementsAre("a"));
}

TEST_P(ExportTest, ExpiresWithItsFiles) {
  conversation("o1", clock_.now(), {"a"});
  clock_.advance(1);
  const auto id = add();
  EXPECT_EQ(code_of(sql::run(service().download(admin(), id, 1))), "records.export_not_ready");
  export_all();
  EXPECT_EQ(export_of(id).expires_at, clock_.now() + day_ms);
  EXPECT_EQ(code_of(sql::run(service().download(admin(), id, 2))), "records.export_gone");
  clock_.advance(day_ms);
  EXPECT_EQ(code_of(sql::run(service().download(admin(), id, 1))), "records.export_gone");
  tidy();
  EXPECT_EQ(files(), 0U);
  EXPECT_EQ(code_of(sql::run(service().find_export(admin(), id))), "records.not_found");
}

TEST_P(ExportTest, CanBeCancelledInTheMiddle) {
  for (int i = 0; i < 5; ++i) conversation("o1", clock_.now() - i, {std::to_string(i)});
  clock_.advance(1);
  limits_ = {1, 1};
  build();
  const auto id = add();
  export_step();
  ASSERT_EQ(files(), 1U);
  must(sql::run(service().cancel_export(admin(), id)));
  EXPECT_FALSE(export_step());
  tidy();
  EXPECT_EQ(files(), 0U);
  EXPECT_EQ(export_of(id).state, ExportState::cancelled);
  EXPECT_EQ(code_of(sql::run(service().cancel_export(admin(), id))), "records.export_ended");
}

TEST_P(ExportTest, TakesWhatTheGrantReaches) {
  using identity::Permission;
  for (const std::int64_t group : {1, 2, 3})
    conversation("o1", clock_.now() - group, {"group " + std::to_string(group)}, group * 10, group);
  clock_.advance(1);
  archive_.groups[AccountId(10)] = {GroupId(1), GroupId(2)};
  const auto exported = [&](const std::set<identity::Grant>& grants) -> std::vector<std::string> {
    const Access as = agent(10, grants);
    const auto made = sql::run(service().add_export(as, {}, Format::jsonl));
    if (!made) return {made.error().code};
    export_all();
    const auto found = texts(file(export_of(made->id, as), as));
    must(sql::run(service().remove_export(as, made->id)));
    return found;
  };
  EXPECT_THAT(exported({}), ElementsAre("records.needs_export"));
  EXPECT_THAT(exported({{Permission::desk_export}}), ElementsAre("group 1", "group 2"));
  EXPECT_THAT(exported({{Permission::desk_export, "2"}}), ElementsAre("group 2"));
  EXPECT_THAT(exported({{Permission::desk_export, "3"}}), ElementsAre()) << "it does not widen what is read";
  EXPECT_THAT(exported({{Permission::desk_export, "3"}, {Permission::desk_records_all, "3"}}), ElementsAre("group 3"));
  EXPECT_THAT(exported({{Permission::desk_export}, {Permission::desk_records_all}}),
              ElementsAre("group 1", "group 2", "group 3"));
}

TEST_P(ExportTest, IsSeenByItsAuthorAndWhoeverManages) {
  const std::set<identity::Grant> grants{{identity::Permission::desk_export}};
  const auto id = add({}, Format::csv, agent(1, grants));
  EXPECT_EQ(code_of(sql::run(service().find_export(agent(1, grants), id))), "ok");
  EXPECT_EQ(code_of(sql::run(service().find_export(admin(), id))), "ok");
  EXPECT_EQ(code_of(sql::run(service().find_export(agent(2, grants), id))), "records.not_found");
  EXPECT_EQ(code_of(sql::run(service().cancel_export(agent(2, grants), id))), "records.not_found");
  EXPECT_EQ(must(sql::run(service().exports(agent(2, grants), {}, 50))).items.size(), 0U);
}

TEST_P(ExportTest, IsTakenByWhoeverMayExportAllOfIt) {
  using identity::Permission;
  const auto takes = [&](ExportId id, const std::set<identity::Grant>& grants) {
    return code_of(sql::run(service().download(agent(1, grants), id, 1)));
  };
  const auto own = add({}, Format::csv, agent(1, {{Permission::desk_export}}));
  const auto whole = add({}, Format::csv, admin());
  export_all();
  EXPECT_EQ(takes(own, {{Permission::desk_export}}), "ok");
  EXPECT_EQ(takes(own, {}), "records.needs_export");
  EXPECT_EQ(takes(own, {{Permission::desk_export, "2"}}), "records.export_reach") << "it was narrowed since";
  const std::set<identity::Grant> manages{
      {Permission::desk_export}, {Permission::desk_configure}, {Permission::personal_data_read}};
  EXPECT_EQ(takes(whole, manages), "records.export_reach") << "with the groups that they do not read";
}

TEST_P(ExportTest, AreFewAtOnce) {
  for (int i = 0; i < exports_at_once; ++i) add();
  EXPECT_EQ(code_of(sql::run(service().add_export(admin(), {}, Format::csv))), "records.too_many_exports");
}

TEST_P(ExportTest, OfAPersonHoldsWhatEachKeeperHas) {
  conversation("o1", 0, {"a", "b", "c"});
  conversation("o2", 0, {"d"});
  limits_ = {1, 10};
  build();
  const auto id = must(sql::run(service().add_person_export(admin(), OpenId("o1")))).id;
  while (export_step()) restart();
  const Export done = export_of(id);
  EXPECT_EQ(file(done),
            "{\"kind\":\"message\",\"text\":\"a\"}\n{\"kind\":\"message\",\"text\":\"b\"}\n"
            "{\"kind\":\"message\",\"text\":\"c\"}\n{\"kind\":\"profile\",\"openid\":\"o1\"}\n");
  EXPECT_EQ(done.rows, 4);
  EXPECT_EQ(done.openid, "");
  const std::set<identity::Grant> export_only{{identity::Permission::desk_export}};
  EXPECT_EQ(code_of(sql::run(service().download(agent(7, export_only), id, 1))), "records.not_found");
  const std::set<identity::Grant> one_group{{identity::Permission::desk_export, "1"}};
  EXPECT_EQ(code_of(sql::run(service().add_person_export(agent(1, one_group), OpenId("o1")))), "records.needs_export");
  const std::set<identity::Grant> own{{identity::Permission::desk_export}, {identity::Permission::personal_data_read}};
  EXPECT_EQ(code_of(sql::run(service().add_person_export(agent(1, own), OpenId("o1")))), "records.needs_all_records");
  ASSERT_GT(done.parts, 1);
  EXPECT_FALSE(file(done).empty());
  std::vector<std::string> noted(static_cast<std::size_t>(done.parts), "records.export.download");
  noted.insert(noted.begin(), "records.export.create");
  EXPECT_EQ(audited(), noted) << "each part, once in a quarter of an hour";
}

TEST_P(ExportTest, ItsAuditEntrySaysWhatWasAskedForAndHowFarItReaches) {
  archive_.groups[AccountId(1)] = {GroupId(1), GroupId(2)};
  const std::set<identity::Grant> of_group{{identity::Permission::desk_export, "1"}};
  add({.text = "13812345678", .customer = "o1"}, Format::csv, agent(1, of_group));
  must(sql::run(service().add_person_export(admin(), OpenId("o1"))));
  const auto rows = query("SELECT changes FROM audit_entries WHERE action = 'records.export.create' ORDER BY id");
  ASSERT_EQ(rows.size(), 2U);
  const json::value some = json::parse(rows[0].text(0));
  EXPECT_EQ(some.at("kind").at("to").as_string(), "records");
  EXPECT_EQ(some.at("question").at("to").at("text").as_string(), "138****5678");
  EXPECT_EQ(some.at("question").at("to").at("customer").as_string(), hash_of("o1"));
  EXPECT_EQ(json::serialize(some.at("reach").at("to")),
            R"({"everything":false,"own":false,"groups":["1"],"personal_data":false})");
  const json::value person = json::parse(rows[1].text(0));
  EXPECT_FALSE(person.as_object().contains("question"));
  EXPECT_EQ(person.at("openid_hash").at("to").as_string(), hash_of("o1"));
  EXPECT_TRUE(person.at("reach").at("to").at("everything").as_bool());
  EXPECT_TRUE(person.at("reach").at("to").at("personal_data").as_bool());
}

MINIOPS_ON_BOTH_ENGINES(ExportTest);

}  // namespace
}  // namespace miniops::records
