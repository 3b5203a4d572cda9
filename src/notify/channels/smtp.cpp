#include "notify/channels/smtp.hpp"

#include <charconv>

#include "base/encoding.hpp"
#include "base/text.hpp"

namespace miniops::notify {

namespace {

constexpr std::size_t reply_lines_max = 100;

std::string_view our_name(const Email& email) { return std::string_view(email.from).substr(email.from.find('@') + 1); }

std::string upper(std::string_view text) {
  std::string up(text);
  for (char& c : up) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return up;
}

// The server's own words, for a person.
std::string words_of(int code, const std::vector<std::string>& lines) {
  std::string all = std::to_string(code);
  for (const std::string& line : lines) all.append(" ").append(line);
  std::string shown = one_line(all);
  return valid_utf8(shown) ? truncate_chars(shown, 300) : std::to_string(code);
}

}  // namespace

std::string dotted(std::string_view mail) {
  std::string content;
  content.reserve(mail.size() + 64);
  bool line_begins = true;
  for (const char c : mail) {
    if (line_begins && c == '.') content += '.';
    content += c;
    line_begins = c == '\n';
  }
  if (!content.ends_with("\r\n")) content += "\r\n";
  return content + ".\r\n";
}

Smtp::Smtp(const Email& email, std::string password, std::string_view mail)
    : email_(email),
      password_(std::move(password)),
      content_(dotted(mail)),
      encrypted_(email.security == Email::Security::tls) {}

Smtp::Do Smtp::on_line(std::string_view line) {
  int code = 0;
  const bool numbered = line.size() >= 3 && std::from_chars(line.data(), line.data() + 3, code).ptr == line.data() + 3;
  const bool more = line.size() > 3 && line[3] == '-';
  if (!numbered || code < 200 || (line.size() > 3 && line[3] != ' ' && !more) ||
      reply_.lines.size() >= reply_lines_max) {
    const bool sent_all = state_ == State::content;
    note("answer", false, "the server does not speak SMTP");
    return finish(sent_all ? Outcome::uncertain("the answer was not understood")
                           : Outcome::later("server_error", "the server does not speak SMTP"));
  }
  reply_.code = code;
  reply_.lines.emplace_back(line.size() > 4 ? line.substr(4) : std::string_view());
  if (more) return {Do::What::read};
  const Reply whole = std::exchange(reply_, {});
  return on_reply(whole);
}

Smtp::Do Smtp::on_reply(const Reply& reply) {
  switch (state_) {
    case State::greeting:
      if (reply.code != 220) return give_up("greeting", reply, Outcome::failed("refused", ""));
      note("greeting", true, words_of(reply.code, reply.lines));
      return say(State::hello, fmt::format("EHLO {}", our_name(email_)));
    case State::hello:
      return on_hello(reply);
    case State::starttls:
      if (reply.code != 220) return give_up("starttls", reply, Outcome::broken("no_starttls", ""));
      return {Do::What::start_tls};
    case State::user_name:
    case State::secret:
    case State::login:
      return on_login(reply);
    case State::sender:
      if (reply.code != 250) return give_up("sender", reply, Outcome::broken("sender_refused", ""));
      note("sender", true, email_.from);
      return next_recipient();
    case State::recipient:
      return on_recipient(reply);
    case State::data:
      if (reply.code != 354) return give_up("content", reply, Outcome::failed("refused", ""));
      state_ = State::content;
      return {Do::What::write, content_};
    case State::content:
      return on_content(reply);
    case State::finished:
      break;
  }
  return finish(outcome_);
}

Smtp::Do Smtp::on_hello(const Reply& reply) {
  if (reply.code != 250) return give_up("hello", reply, Outcome::failed("refused", ""));
  extensions_ = reply.lines;  // those of before TLS are forgotten
  const bool wants_tls = email_.security == Email::Security::starttls && !encrypted_;
  if (!wants_tls) {
    note("hello", true, encrypted_ ? "encrypted" : "not encrypted");
    return log_in();
  }
  if (!offers("STARTTLS")) {
    note("starttls", false, "the server does not offer STARTTLS");
    return finish(Outcome::broken("no_starttls", "the server does not offer STARTTLS"));
  }
  return say(State::starttls, "STARTTLS");
}

Smtp::Do Smtp::on_tls() {
  encrypted_ = true;
  extensions_.clear();
  note("starttls", true, "the certificate is good");
  return say(State::hello, fmt::format("EHLO {}", our_name(email_)));
}

Smtp::Do Smtp::log_in() {
  if (email_.username.empty()) return say(State::sender, fmt::format("MAIL FROM:<{}>", email_.from));
  using namespace std::string_view_literals;
  if (offers("AUTH", "PLAIN")) {
    const std::string both = std::string("\0"sv).append(email_.username).append("\0"sv).append(password_);
    return say(State::login, "AUTH PLAIN " + base64(both));
  }
  if (offers("AUTH", "LOGIN")) return say(State::user_name, "AUTH LOGIN");
  note("login", false, "the server offers neither PLAIN nor LOGIN");
  return finish(Outcome::broken("no_login", "the server offers neither AUTH PLAIN nor LOGIN"));
}

Smtp::Do Smtp::on_login(const Reply& reply) {
  if (reply.code == 334 && state_ == State::user_name) return say(State::secret, base64(email_.username));
  if (reply.code == 334 && state_ == State::secret) return say(State::login, base64(password_));
  if (reply.code != 235) return give_up("login", reply, Outcome::broken("wrong_credentials", ""));
  note("login", true, email_.username);
  return say(State::sender, fmt::format("MAIL FROM:<{}>", email_.from));
}

Smtp::Do Smtp::next_recipient() {
  if (asked_ < email_.to.size()) return say(State::recipient, fmt::format("RCPT TO:<{}>", email_.to[asked_++]));
  if (accepted_ > 0) {
    note("recipients", refused_.empty(), fmt::format("{} of {}{}", accepted_, email_.to.size(), refused_));
    return say(State::data, "DATA");
  }
  note("recipients", false, refused_);
  const std::string detail = truncate_chars(refused_, 300);
  return finish(refused_for_now_ ? Outcome::later("busy", detail, 5 * minute_ms)
                                 : Outcome::failed("no_recipient", detail));
}

Smtp::Do Smtp::on_recipient(const Reply& reply) {
  if (reply.code == 421) return give_up("recipients", reply, {});
  if (reply.code == 250 || reply.code == 251) {
    ++accepted_;
  } else {
    refused_for_now_ = refused_for_now_ || reply.code < 500;
    refused_ += fmt::format("; {}: {}", email_.to[asked_ - 1], words_of(reply.code, reply.lines));
  }
  return next_recipient();
}

Smtp::Do Smtp::on_content(const Reply& reply) {
  if (reply.code != 250) return give_up("content", reply, Outcome::failed("refused", ""));
  note("content", true, words_of(reply.code, reply.lines));
  return finish(Outcome::sent(truncate_chars(refused_.empty() ? "" : "refused" + refused_, 300)));
}

Smtp::Do Smtp::say(State next, std::string line) {
  state_ = next;
  return {Do::What::write, std::move(line) + "\r\n"};
}

Smtp::Do Smtp::give_up(std::string_view step, const Reply& reply, Outcome otherwise) {
  std::string words = words_of(reply.code, reply.lines);
  note(step, false, words);
  if (reply.code >= 500) {
    otherwise.detail = std::move(words);
    return finish(std::move(otherwise));
  }
  // 4xx, as grey-listing says it, wants some minutes; anything else is no answer to what was said.
  return finish(reply.code >= 400 ? Outcome::later("busy", std::move(words), minute_ms)
                                  : Outcome::later("server_error", std::move(words)));
}

Smtp::Do Smtp::finish(Outcome outcome) {
  outcome_ = std::move(outcome);
  state_ = State::finished;
  return {Do::What::finish, "QUIT\r\n"};
}

void Smtp::on_failure(std::string_view why, bool during_tls) {
  if (state_ == State::finished) return;
  note(during_tls ? "starttls" : "answer", false, std::string(why));
  const bool sent_all = state_ == State::content;
  outcome_ = sent_all ? Outcome::uncertain(std::string(why))
                      : Outcome::later(during_tls ? "tls" : "network", std::string(why));
  state_ = State::finished;
}

bool Smtp::offers(std::string_view extension, std::string_view word) const {
  for (const std::string& line : extensions_) {
    const std::string offered = upper(line) + " ";
    if (!offered.starts_with(extension)) continue;
    const char end = offered[extension.size()];  // "AUTH PLAIN", and "AUTH=PLAIN" of old servers
    if (end != ' ' && end != '=') continue;
    if (word.empty() || offered.substr(extension.size()).contains(word)) return true;
  }
  return false;
}

void Smtp::note(std::string_view step, bool ok, std::string detail) {
  steps_.push_back({step, ok, truncate_chars(detail, 300)});
}

}  // namespace miniops::notify
