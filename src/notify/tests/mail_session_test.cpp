// Mail through a real SMTP server (mail_server.py, Debian's python3-aiosmtpd): TLS in both ways, logins, refusals, and
// the mail as another program reads it.
#include "notify/mail_session.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "base/json.hpp"
#include "notify/channels/tests/sample.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::notify::testing {
namespace {

using Kind = Outcome::Kind;
using Security = Email::Security;

// A self-signed certificate for 127.0.0.1.
class Certificate {
 public:
  Certificate() {
    EVP_PKEY* const key = EVP_EC_gen("P-256");
    X509* const one = X509_new();
    X509_set_version(one, X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(one), -3600);
    X509_gmtime_adj(X509_getm_notAfter(one), 3600);
    X509_set_pubkey(one, key);
    X509_NAME* const name = X509_get_subject_name(one);
    const unsigned char text[] = "MiniOps test";
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(one, name);
    for (const auto& [kind, value] :
         {std::pair{NID_basic_constraints, "critical,CA:TRUE"}, std::pair{NID_subject_alt_name, "IP:127.0.0.1"}}) {
      X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
      X509_add_ext(one, extension, -1);
      X509_EXTENSION_free(extension);
    }
    X509_sign(one, key, EVP_sha256());
    save(certificate(), [&](std::FILE* file) { PEM_write_X509(file, one); });
    save(this->key(), [&](std::FILE* file) { PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr); });
    X509_free(one);
    EVP_PKEY_free(key);
  }
  std::string certificate() const { return folder_.path() / "certificate.pem"; }
  std::string key() const { return folder_.path() / "key.pem"; }
  std::string pem() const {
    std::ifstream file(certificate());
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  template <class Write>
  static void save(const std::string& path, Write write) {
    std::FILE* const file = std::fopen(path.c_str(), "w");
    if (file == nullptr) throw std::runtime_error("cannot write " + path);
    write(file);
    std::fclose(file);
  }
  sql::TemporaryFolder folder_;
};

// The server as a child; ends with the object.
class MailServer {
 public:
  MailServer() {
    int in[2], out[2];
    if (::pipe(in) != 0 || ::pipe(out) != 0) throw std::runtime_error("no pipe");
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(in[0], STDIN_FILENO);
      ::dup2(out[1], STDOUT_FILENO);
      for (const int end : {in[0], in[1], out[0], out[1]}) ::close(end);
      const std::string script = std::string(MINIOPS_SOURCE_DIR) + "/src/notify/tests/mail_server.py";
      ::execl("/usr/bin/python3", "python3", script.c_str(), certificate_.certificate().c_str(),
              certificate_.key().c_str(), nullptr);
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    input_ = in[1];
    output_ = ::fdopen(out[0], "r");
    ports_ = next("ready");
  }
  ~MailServer() {
    ::close(input_);
    std::fclose(output_);
    ::waitpid(child_, nullptr, 0);
  }
  MailServer(const MailServer&) = delete;
  MailServer& operator=(const MailServer&) = delete;

  Email account(std::string_view port, Security security) const {
    Email email;
    email.host = "127.0.0.1";
    email.port = ports_.at(port).as_int64();
    email.security = security;
    email.username = security == Security::plain ? "" : "alerts@example.com";
    email.from = "alerts@example.com";
    email.from_name = "监控中心";
    email.to = {"zhang@example.com"};
    email.ca_certificate = certificate_.pem();
    return email;
  }
  json::object mail() { return next("mail"); }

 private:
  json::object next(std::string_view what) {
    char line[65536];
    if (std::fgets(line, sizeof line, output_) == nullptr)
      throw std::runtime_error("the mail server did not start: is python3-aiosmtpd installed?");
    return json::parse(line).at(what).as_object();
  }

  const Certificate certificate_;
  pid_t child_ = 0;
  int input_ = -1;
  std::FILE* output_ = nullptr;
  json::object ports_;
};

class MailSessionTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<MailServer>(); }
  static void TearDownTestSuite() { server_.reset(); }

  static Attempted send(const Email& email, const Notification& notification = sample(),
                        const std::string& password = "s3cret-通行", const net::AddressGuard* guard = nullptr) {
    return sql::run(send_mail(email, password, mail_of(email, single(notification)), guard));
  }
  static std::string steps_of(const Attempted& attempted) {
    std::string all;
    for (const Step& step : attempted.steps) all += fmt::format("{}{} ", step.step, step.ok ? "" : "!");
    return all;
  }
  static std::string words(const json::object& mail, std::string_view key) {
    return std::string(mail.at(key).as_string());
  }

  static std::unique_ptr<MailServer> server_;
};
std::unique_ptr<MailServer> MailSessionTest::server_;

TEST_F(MailSessionTest, ArrivesOverStarttlsAsItWasWritten) {
  Notification notification = sample();
  notification.title = "【严重】支付失败率升高 12.5%（生产环境，华东一区）";
  notification.text = "第一行\n.\n..两个点\n<b>不是标签</b>\n" + std::string(3000, 'x');
  const Attempted sent = send(server_->account("starttls", Security::starttls), notification);
  ASSERT_EQ(sent.outcome.kind, Kind::sent) << sent.outcome.detail;
  EXPECT_EQ(steps_of(sent), "connect greeting starttls hello login sender recipients content ");
  const json::object mail = server_->mail();
  EXPECT_EQ(mail.at("defects"), json::array());
  EXPECT_EQ(mail.at("encrypted"), true);
  EXPECT_EQ(words(mail, "login"), "PLAIN");
  EXPECT_EQ(words(mail, "from"), "alerts@example.com");
  const json::object headers = mail.at("headers").as_object();
  EXPECT_EQ(words(headers, "Subject"), "[严重] " + notification.title);
  EXPECT_EQ(words(headers, "From"), "监控中心 <alerts@example.com>");
  EXPECT_EQ(words(headers, "Message-ID"), "<42-0@example.com>");
  EXPECT_EQ(words(headers, "Date"), "Thu, 01 Jan 2026 00:00:00 +0000");
  EXPECT_TRUE(words(mail, "text").contains(notification.text));
  EXPECT_TRUE(words(mail, "html").contains("&lt;b&gt;不是标签&lt;/b&gt;"));
}

TEST_F(MailSessionTest, ArrivesOverTlsFromTheStart) {
  const Attempted sent = send(server_->account("tls", Security::tls));
  ASSERT_EQ(sent.outcome.kind, Kind::sent) << sent.outcome.detail;
  EXPECT_EQ(steps_of(sent), "connect tls greeting hello login sender recipients content ");
  EXPECT_EQ(server_->mail().at("encrypted"), true);
}

TEST_F(MailSessionTest, ArrivesInClearOnlyWhereThatIsConfigured) {
  EXPECT_EQ(send(server_->account("plain", Security::plain)).outcome.kind, Kind::sent);
  EXPECT_EQ(server_->mail().at("encrypted"), false);
  const Attempted demanded = send(server_->account("plain", Security::starttls));
  EXPECT_EQ(demanded.outcome.kind, Kind::broken);
  EXPECT_EQ(demanded.outcome.reason, "no_starttls");
  const Attempted wrong = send(server_->account("starttls", Security::plain));
  EXPECT_EQ(wrong.outcome.kind, Kind::broken) << "the server demands STARTTLS";
}

TEST_F(MailSessionTest, AWrongPasswordBreaksTheChannel) {
  const Attempted refused = send(server_->account("starttls", Security::starttls), sample(), "wrong");
  EXPECT_EQ(refused.outcome.kind, Kind::broken);
  EXPECT_EQ(refused.outcome.reason, "wrong_credentials");
  EXPECT_TRUE(refused.outcome.detail.starts_with("535")) << refused.outcome.detail;
}

TEST_F(MailSessionTest, ACertificateThatNobodyKnowsIsNotTalkedTo) {
  for (const auto& [port, security] : {std::pair{"tls", Security::tls}, std::pair{"starttls", Security::starttls}}) {
    Email email = server_->account(port, security);
    email.ca_certificate.clear();
    const Attempted refused = send(email);
    EXPECT_EQ(refused.outcome.kind, Kind::later);
    EXPECT_EQ(refused.outcome.reason, "tls");
    EXPECT_FALSE(refused.steps.back().ok);
  }
}

TEST_F(MailSessionTest, RecipientsAreRefusedOneByOne) {
  Email email = server_->account("tls", Security::tls);
  email.to = {"refused@example.com", "zhang@example.com", "grey@example.com"};
  const Attempted partly = send(email);
  EXPECT_EQ(partly.outcome.kind, Kind::sent);
  EXPECT_TRUE(partly.outcome.detail.contains("refused@example.com: 550 5.1.1 no such user")) << partly.outcome.detail;
  EXPECT_EQ(server_->mail().at("to"), json::array{"zhang@example.com"});
  email.to = {"refused@example.com"};
  EXPECT_EQ(send(email).outcome.kind, Kind::failed);
  email.to = {"grey@example.com", "refused@example.com"};
  EXPECT_EQ(send(email).outcome.kind, Kind::later) << "one of them may be taken later";
}

TEST_F(MailSessionTest, AConnectionLostAfterTheLastDotLeavesItOpen) {
  Email email = server_->account("tls", Security::tls);
  email.to = {"cut@example.com"};
  const Attempted lost = send(email);
  EXPECT_EQ(lost.outcome.kind, Kind::uncertain);
  EXPECT_EQ(words(server_->mail().at("headers").as_object(), "To"), "cut@example.com") << "it had arrived";
}

TEST_F(MailSessionTest, GoesOnlyWhereTheGuardAllows) {
  const net::AddressGuard strict;
  const Attempted held = send(server_->account("plain", Security::plain), sample(), "", &strict);
  EXPECT_EQ(held.outcome.kind, Kind::broken);
  EXPECT_EQ(held.outcome.reason, "address_not_allowed");
}

TEST_F(MailSessionTest, NobodyThereIsAReasonToTryLater) {
  Email email = server_->account("plain", Security::plain);
  email.port = 1;
  const Attempted nobody = send(email);
  EXPECT_EQ(nobody.outcome.kind, Kind::later);
  EXPECT_EQ(nobody.outcome.reason, "network");
  EXPECT_EQ(steps_of(nobody), "connect! ");
}

}  // namespace
}  // namespace miniops::notify::testing
