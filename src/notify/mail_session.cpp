#include "notify/mail_session.hpp"

#include "net/line_stream.hpp"

namespace miniops::notify {

namespace {

constexpr std::chrono::minutes whole_session{2};

Attempted not_connected(const net::ClientFailure& failure) {
  using Kind = net::ClientFailure::Kind;
  const bool refused = failure.kind == Kind::not_allowed;
  const bool tls = failure.kind == Kind::tls;
  Outcome outcome = refused ? Outcome::broken("address_not_allowed", failure.what)
                            : Outcome::later(tls ? "tls" : "network", failure.what);
  return {std::move(outcome), {{tls ? "tls" : "connect", false, failure.what}}};
}

// Does what the dialogue wants next; false: the connection is of no use any more.
Task<bool> act(net::LineStream& lines, Smtp& smtp, Smtp::Do& next) {
  if (next.what == Smtp::Do::What::start_tls) {
    const auto secured = co_await lines.start_tls();
    if (!secured) smtp.on_failure(secured.error().what, true);
    if (!secured) co_return false;
    next = smtp.on_tls();
  }
  if (!next.bytes.empty()) {
    const auto written = co_await lines.write(std::move(next.bytes));
    if (!written) smtp.on_failure(written.error().what, false);
    co_return written.has_value();
  }
  co_return true;
}

}  // namespace

Task<Attempted> send_mail(Email email, std::string password, std::string mail, const net::AddressGuard* guard) {
  const auto until = std::chrono::steady_clock::now() + whole_session;
  net::LineStreamOptions options;
  options.host = email.host;
  options.port = static_cast<std::uint16_t>(email.port);
  options.tls = email.security == Email::Security::tls;
  options.ca_certificate = email.ca_certificate;
  options.guard = guard;
  auto connected = co_await net::LineStream::connect(std::move(options));
  if (!connected) co_return not_connected(connected.error());
  net::LineStream& lines = **connected;
  Smtp smtp(email, std::move(password), mail);
  Smtp::Do next{Smtp::Do::What::read};
  while (next.what != Smtp::Do::What::finish) {
    const auto line = co_await lines.read_line();
    const bool late = std::chrono::steady_clock::now() > until;
    if (!line || late) {
      smtp.on_failure(line ? "the mail server took too long" : line.error().what, false);
      break;
    }
    next = smtp.on_line(*line);
    if (!co_await act(lines, smtp, next)) break;
  }
  std::vector<Step> steps{{"connect", true, fmt::format("{}:{}", email.host, email.port)}};
  if (email.security == Email::Security::tls) steps.push_back({"tls", true, "the certificate is good"});
  steps.insert(steps.end(), smtp.steps().begin(), smtp.steps().end());
  co_return Attempted{smtp.outcome(), std::move(steps)};
}

}  // namespace miniops::notify
