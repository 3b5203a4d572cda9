#include "notify/channels/mail.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "notify/channels/smtp.hpp"
#include "notify/channels/tests/sample.hpp"

namespace miniops::notify::testing {
namespace {

using Kind = Outcome::Kind;
using What = Smtp::Do::What;

Email account() {
  Email email;
  email.host = "mx.example.com";
  email.port = 465;
  email.username = "alerts@example.com";
  email.from = "alerts@example.com";
  email.from_name = "监控中心";
  email.to = {"zhang@example.com"};
  return email;
}

// What a reader makes of encoded-words: words are joined, the folds between them vanish.
std::string decoded(std::string_view header) {
  std::string text;
  for (std::size_t at = 0; (at = header.find("=?UTF-8?B?", at)) != std::string_view::npos;) {
    const auto end = header.find("?=", at);
    text += unbase64(header.substr(at + 10, end - at - 10)).value_or("(bad)");
    at = end;
  }
  return text;
}

std::string header_of(const std::string& mail, std::string_view name) {
  const auto begin = mail.find("\r\n" + std::string(name) + ": ") + name.size() + 4;
  auto end = begin;
  do end = mail.find("\r\n", end + 2);
  while (mail[end + 2] == ' ');
  return mail.substr(begin, end - begin);
}

TEST(MailHeader, EncodesWholeCharactersInShortLines) {
  const std::string title = "【严重】支付失败率升高 12.5%（生产）";
  for (std::size_t repeat = 1; repeat < 12; ++repeat) {
    std::string text;
    for (std::size_t i = 0; i < repeat; ++i) text += title + std::string(i, 'x');
    const std::string header = "Subject: " + encoded_header(text, 9);
    EXPECT_EQ(decoded(header), text);
    for (std::size_t at = 0; at < header.size();) {
      const auto end = std::min(header.find("\r\n", at), header.size());
      EXPECT_LE(end - at, 76U) << header;
      EXPECT_TRUE(valid_utf8(decoded(header.substr(at, end - at)))) << "a word is of whole characters";
      at = end + 2;
    }
  }
  EXPECT_EQ(encoded_header("plain ASCII", 9), "plain ASCII");
  EXPECT_EQ(decoded(encoded_header("=?UTF-8?B?eA==?=", 9)), "=?UTF-8?B?eA==?=") << "looks encoded, and is not";
  EXPECT_EQ(decoded(encoded_header(std::string(200, 'a'), 9)), std::string(200, 'a'));
}

// Base64 as in notify-channels.md 6.3; where it is folded is ours.
TEST(MailHeader, MatchesTheVerifiedVector) {
  EXPECT_EQ(decoded("=?UTF-8?B?44CQ5Lil6YeN44CR5pSv5LuY5aSx6LSl546H5Y2H6auYIDEyLjUl77yI55Sf5Lqn?="
                    " =?UTF-8?B?77yJ?="),
            "【严重】支付失败率升高 12.5%（生产）");
}

TEST(Mail, NothingOfANotificationBecomesAHeader) {
  Notification hostile = sample();
  hostile.title = "x\r\nBcc: evil@example.com\r\n\r\n<script>alert(1)</script>";
  hostile.subject = "alert:1\r\nBcc: evil@example.com";
  hostile.link = "javascript:alert(1)";
  Email email = account();
  email.from_name = "a\r\nBcc: evil@example.com";
  const std::string mail = mail_of(email, message_of("42-0", "en", {hostile}));
  const std::string headers = mail.substr(0, mail.find("\r\n\r\n"));
  EXPECT_FALSE(headers.contains("\r\nBcc")) << headers;
  EXPECT_FALSE(mail.contains("\nBcc"));
  for (std::size_t at = 0; (at = mail.find('\n', at)) != std::string::npos; ++at) EXPECT_EQ(mail[at - 1], '\r');
}

TEST(Mail, HasTextAndHtmlAndWhatReadersNeed) {
  Notification notification = sample();
  notification.text = "a < b\n.\nthe end";
  const std::string mail = mail_of(account(), single(notification));
  EXPECT_TRUE(mail.starts_with("Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n")) << mail;
  EXPECT_EQ(decoded(header_of(mail, "Subject")), "[严重] 支付失败率 12.5%");
  EXPECT_EQ(decoded(header_of(mail, "From")), "监控中心");
  EXPECT_TRUE(header_of(mail, "From").ends_with("<alerts@example.com>"));
  EXPECT_EQ(header_of(mail, "To"), "zhang@example.com");
  EXPECT_EQ(header_of(mail, "Message-ID"), "<42-0@example.com>");
  EXPECT_EQ(header_of(mail, "References"), header_of(mail, "In-Reply-To"));
  EXPECT_EQ(header_of(mail, "Auto-Submitted"), "auto-generated");
  EXPECT_EQ(mail, mail_of(account(), single(notification))) << "a retry is the same mail";
  const auto part = [&](std::string_view type) {
    const auto begin = mail.find("\r\n\r\n", mail.find("Content-Type: " + std::string(type))) + 4;
    std::string text = mail.substr(begin, mail.find("--=_", begin) - begin);
    std::erase_if(text, [](char c) { return c == '\r' || c == '\n'; });
    return unbase64(text).value_or("(bad)");
  };
  EXPECT_EQ(part("text/plain"), "[严重] 支付失败率 12.5%\n\na < b\n.\nthe end\n\nhttps://ops.example.com/i/42\n");
  EXPECT_TRUE(part("text/html").contains("a &lt; b<br>\n.<br>\nthe end"));
  EXPECT_LT(mail.find("text/plain"), mail.find("text/html")) << "the last one is preferred";
}

TEST(Mail, AddressesAreCheckedNarrowly) {
  for (const std::string_view good : {"a@b.cn", "first.last+tag@sub.example.com", "x_1-2@a-b.co", "!#$%&'*@x.yy"})
    EXPECT_TRUE(is_address(good)) << good;
  for (const std::string_view bad :
       {"", "a", "a@", "@b.cn", "a@b", "a b@c.cn", "a@b.cn>", "<a@b.cn>", "a@b..cn", ".a@b.cn", "a.@b.cn", "a..b@c.cn",
        "a@b.cn\r\nRCPT TO:<x@y.cn>", "a@-b.cn", "张@b.cn", "a@[127.0.0.1]", "a@b.cn,c@d.cn", "\"a\"@b.cn"})
    EXPECT_FALSE(is_address(bad)) << bad;
  EXPECT_FALSE(is_address(std::string(65, 'a') + "@b.cn"));
}

TEST(Mail, SettingsAreChecked) {
  const auto problem = [](json::object changes) {
    json::object whole = to_json(account());
    for (auto& [name, value] : changes) whole[name] = value;
    const json::value value = whole;
    JsonInput in(value);
    read_email(in);
    const auto ok = in.finish();
    return ok ? std::string() : ok.error().fields.front().pointer;
  };
  EXPECT_EQ(problem({}), "");
  EXPECT_EQ(problem({{"to", json::array()}}), "/to");
  EXPECT_EQ(problem({{"to", json::array{"a@b.cn\r\nBcc: x@y.cn"}}}), "/to");
  EXPECT_EQ(problem({{"from", "me"}}), "/from");
  EXPECT_EQ(problem({{"host", "a b"}}), "/host");
  EXPECT_EQ(problem({{"security", "plain"}}), "/username") << "a login in clear";
  EXPECT_EQ(problem({{"security", "plain"}, {"username", ""}}), "");
  const json::value minimal = {{"host", "h.example"}, {"from", "a@b.cn"}, {"to", {"c@d.cn"}}, {"security", "starttls"}};
  JsonInput in(minimal);
  EXPECT_EQ(read_email(in).port, 587);
}

TEST(Smtp, DotsAreDoubledAndTheEndIsItsOwn) {
  EXPECT_EQ(dotted("a\r\n.b\r\n..c\r\n"), "a\r\n..b\r\n...c\r\n.\r\n");
  EXPECT_EQ(dotted(".\r\n"), "..\r\n.\r\n");
  EXPECT_EQ(dotted("no end"), "no end\r\n.\r\n");
}

// ---- the dialogue, against a server that follows a script ----

struct Dialogue {
  std::string said;  // by us
  Outcome outcome;
  std::vector<Step> steps;
};
// Each line is given to the client; "TLS" stands for a handshake that succeeds, "CUT" for a lost connection.
Dialogue run(const Email& email, const std::vector<std::string>& script, std::string_view mail = "M\r\n") {
  Smtp smtp(email, "s3cret", mail);
  Dialogue dialogue;
  Smtp::Do next{What::read};
  for (const std::string& line : script) {
    if (line == "CUT") {
      smtp.on_failure("the connection was lost", false);
      break;
    }
    if (line == "TLS") {
      EXPECT_EQ(next.what, What::start_tls);
      next = smtp.on_tls();
    } else {
      EXPECT_NE(next.what, What::start_tls) << line;
      next = smtp.on_line(line);
    }
    dialogue.said += next.bytes;
    if (next.what == What::finish) break;
  }
  dialogue.outcome = smtp.outcome();
  dialogue.steps = smtp.steps();
  return dialogue;
}

TEST(Smtp, LogsInAndDelivers) {
  const Dialogue done =
      run(account(), {"220 mx.example.com ESMTP", "250-mx.example.com", "250-SIZE 20971520", "250 AUTH LOGIN PLAIN",
                      "235 2.7.0 ok", "250 ok", "250 ok", "354 go", "250 2.0.0 queued as 4F2A"});
  EXPECT_EQ(done.outcome.kind, Kind::sent);
  EXPECT_EQ(done.said,
            "EHLO example.com\r\nAUTH PLAIN AGFsZXJ0c0BleGFtcGxlLmNvbQBzM2NyZXQ=\r\nMAIL FROM:<alerts@example.com>\r\n"
            "RCPT TO:<zhang@example.com>\r\nDATA\r\nM\r\n.\r\nQUIT\r\n");
  EXPECT_EQ(done.steps.back().detail, "250 2.0.0 queued as 4F2A");
  for (const Step& step : done.steps) EXPECT_FALSE(step.detail.contains("s3cret") || step.detail.contains("AGFs"));
}

TEST(Smtp, KnowsAuthLogin) {
  const Dialogue done = run(account(), {"220 x", "250-x", "250 AUTH=LOGIN", "334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6",
                                        "235 ok", "250 ok", "250 ok", "354 go", "250 ok"});
  EXPECT_EQ(done.outcome.kind, Kind::sent);
  EXPECT_TRUE(done.said.contains("AUTH LOGIN\r\nYWxlcnRzQGV4YW1wbGUuY29t\r\nczNjcmV0\r\nMAIL"));
}

TEST(Smtp, DemandsStarttlsAndGreetsAgain) {
  Email email = account();
  email.security = Email::Security::starttls;
  const Dialogue done = run(email, {"220 x", "250-x", "250-STARTTLS", "250 AUTH PLAIN", "220 go", "TLS", "250-x",
                                    "250 AUTH PLAIN", "235 ok", "250 ok", "250 ok", "354 go", "250 ok"});
  EXPECT_EQ(done.outcome.kind, Kind::sent);
  EXPECT_TRUE(done.said.starts_with("EHLO example.com\r\nSTARTTLS\r\nEHLO example.com\r\nAUTH PLAIN"));
  const Dialogue stripped = run(email, {"220 x", "250-x", "250 AUTH PLAIN"});
  EXPECT_EQ(stripped.outcome.kind, Kind::broken);
  EXPECT_EQ(stripped.outcome.reason, "no_starttls");
  EXPECT_FALSE(stripped.said.contains("AUTH"));
  const Dialogue forgotten = run(email, {"220 x", "250-x", "250-STARTTLS", "250 AUTH PLAIN", "220 go", "TLS", "250 x"});
  EXPECT_EQ(forgotten.outcome.reason, "no_login") << "what was offered in clear is forgotten";
}

TEST(Smtp, SaysAtEachPlaceWhatARefusalMeans) {
  const std::vector<std::string> all = {"220 x", "250 AUTH PLAIN", "235 ok", "250 ok", "250 ok", "354 go", "250 ok"};
  struct Case {
    std::size_t at;
    std::string line;
    Kind kind;
    std::string_view reason;
  };
  const Case cases[] = {
      {0, "421 busy", Kind::later, "busy"},
      {0, "554 go away", Kind::failed, "refused"},
      {0, "HTTP/1.1 400 Bad Request", Kind::later, "server_error"},
      {0, "22", Kind::later, "server_error"},
      {1, "502 what", Kind::failed, "refused"},
      {1, "250 x", Kind::broken, "no_login"},
      {2, "535 5.7.8 bad login", Kind::broken, "wrong_credentials"},
      {2, "454 try later", Kind::later, "busy"},
      {3, "550 not you", Kind::broken, "sender_refused"},
      {3, "451 later", Kind::later, "busy"},
      {4, "550 no such user", Kind::failed, "no_recipient"},
      {4, "450 greylisted", Kind::later, "busy"},
      {5, "554 no", Kind::failed, "refused"},
      {5, "250 not 354", Kind::later, "server_error"},
      {6, "554 spam", Kind::failed, "refused"},
      {6, "451 try again", Kind::later, "busy"},
      {6, "nonsense", Kind::uncertain, "uncertain"},
      {3, "CUT", Kind::later, "network"},
      {6, "CUT", Kind::uncertain, "uncertain"},
  };
  for (const Case& one : cases) {
    auto script = all;
    script[one.at] = one.line;
    const Dialogue done = run(account(), script);
    EXPECT_EQ(done.outcome.kind, one.kind) << one.at << " " << one.line;
    EXPECT_EQ(done.outcome.reason, one.reason) << one.at << " " << one.line;
    EXPECT_FALSE(done.steps.empty() || done.steps.back().ok) << one.at << " " << one.line;
  }
}

TEST(Smtp, OneOfManyRecipientsIsEnough) {
  Email email = account();
  email.to = {"a@example.com", "b@example.com", "c@example.com"};
  const Dialogue done = run(
      email, {"220 x", "250 AUTH PLAIN", "235 ok", "250 ok", "550 unknown", "250 ok", "450 later", "354 go", "250 ok"});
  EXPECT_EQ(done.outcome.kind, Kind::sent);
  EXPECT_TRUE(done.outcome.detail.contains("a@example.com: 550 unknown"));
  EXPECT_TRUE(done.outcome.detail.contains("c@example.com: 450 later"));
}

TEST(Smtp, AnEndlessReplyEnds) {
  Smtp smtp(account(), "x", "M\r\n");
  Smtp::Do next{What::read};
  int lines = 0;
  while (next.what == What::read && ++lines < 1000) next = smtp.on_line("220-and on");
  EXPECT_EQ(next.what, What::finish);
  EXPECT_LT(lines, 200);
}

}  // namespace
}  // namespace miniops::notify::testing
