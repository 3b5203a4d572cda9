#include "webhooks/sender.hpp"

#include "webhooks/signature.hpp"

namespace miniops::webhooks {

namespace {

constexpr std::chrono::seconds connect_timeout{3};
constexpr std::size_t answer_bytes_max = 64 << 10;

net::ClientRequest request_of(const Subscription& to, const Call& call, const std::vector<std::string>& secrets,
                              TimeMs now) {
  net::ClientRequest request;
  request.method = net::Method::post;
  request.url = to.address;
  request.body = call.body;
  request.headers.set("Content-Type", "application/json");
  request.headers.set(id_header, call.event.str());
  request.headers.set(kind_header, call.kind);
  request.headers.set(signature_header, signature_of(secrets, call.event.str(), now / second_ms, call.body));
  request.connect_timeout = connect_timeout;
  request.total_timeout = send_timeout;
  request.response_bytes_max = answer_bytes_max;
  return request;
}

}  // namespace

// The client follows no redirects, looks the name up once, and connects only to what the guard allows of it.
Task<Outcome> Sender::send(Subscription to, Call call) const {
  const auto secrets = open_secrets(sealer_, to, clock_.now());
  if (!secrets) {
    Outcome outcome;
    outcome.reason = "secrets_unreadable";
    outcome.detail = "its secret cannot be opened; make another one";
    co_return outcome;
  }
  net::ClientRequest request = request_of(to, call, *secrets, clock_.now());
  request.guard = &guard_;
  const auto started = std::chrono::steady_clock::now();
  const auto answer = co_await http_.send(std::move(request));
  const auto taken = std::chrono::steady_clock::now() - started;
  Outcome outcome = answer ? outcome_of(*answer) : outcome_of(answer.error());
  outcome.duration_ms = std::chrono::duration_cast<std::chrono::milliseconds>(taken).count();
  co_return outcome;
}

}  // namespace miniops::webhooks
