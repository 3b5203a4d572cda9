// The client's side of SMTP (RFC 5321) as a state machine without I/O: lines of the server in, what to do out.
//
// Whoever drives it (mail_session.cpp) reads a line first: the server's greeting.
#pragma once

#include "notify/channels/mail.hpp"
#include "notify/channels/outcome.hpp"

namespace miniops::notify {

class Smtp {
 public:
  // `mail` as mail_of() makes it. No login unless the connection is encrypted.
  Smtp(const Email& email, std::string password, std::string_view mail);

  struct Do {
    enum class What { read, write, start_tls, finish } what;
    std::string bytes{};  // to be written; then a line is read, or the connection closed
  };
  // A line of the server, without its end.
  Do on_line(std::string_view line);
  // After Do::start_tls has succeeded.
  Do on_tls();
  // The connection is gone, or TLS has failed; what that means at this point.
  void on_failure(std::string_view why, bool during_tls);

  // When it is finished.
  const Outcome& outcome() const { return outcome_; }
  const std::vector<Step>& steps() const { return steps_; }

 private:
  enum class State {
    greeting,
    hello,
    starttls,
    user_name,  // of AUTH LOGIN
    secret,     // the same for the password
    login,      // its result
    sender,
    recipient,
    data,
    content,
    finished
  };
  struct Reply {
    int code = 0;
    std::vector<std::string> lines;
  };

  Do on_reply(const Reply& reply);
  Do on_hello(const Reply& reply);
  Do on_login(const Reply& reply);
  Do on_recipient(const Reply& reply);
  Do on_content(const Reply& reply);
  Do log_in();
  Do say(State next, std::string line);
  Do next_recipient();
  // The reply ends it: 4xx later, 5xx `otherwise`.
  Do give_up(std::string_view step, const Reply& reply, Outcome otherwise);
  Do finish(Outcome outcome);
  bool offers(std::string_view extension, std::string_view word = {}) const;
  void note(std::string_view step, bool ok, std::string detail);

  const Email& email_;
  const std::string password_;
  const std::string content_;  // with the dots doubled and the dot at its end
  State state_ = State::greeting;
  bool encrypted_;
  Reply reply_;  // the lines of it that have come
  std::vector<std::string> extensions_;
  std::size_t asked_ = 0;  // recipients
  std::size_t accepted_ = 0;
  std::string refused_;  // which were not, and why
  bool refused_for_now_ = false;
  Outcome outcome_ = Outcome::later("network", "");
  std::vector<Step> steps_;
};

// Lines that begin with a dot get another one; ends with the line that is a dot alone.
std::string dotted(std::string_view mail);

}  // namespace miniops::notify
