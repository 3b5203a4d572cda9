#include "powercut_world.hpp"

#include "base/json.hpp"

namespace miniops::app {

namespace {

using Answered = std::expected<net::ClientResponse, net::ClientFailure>;

Answered answer(std::string body, int status = 200) {
  net::ClientResponse response;
  response.status = status;
  response.headers.set("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

Answered errcode(int code) { return answer(R"({"errcode":)" + std::to_string(code) + R"(,"errmsg":"said so"})"); }

Answered broken(bool bytes_left) {
  net::ClientFailure failure;
  failure.kind = bytes_left ? net::ClientFailure::Kind::timeout : net::ClientFailure::Kind::connect;
  failure.bytes_left = bytes_left;
  failure.what = "as the seed wanted";
  return std::unexpected(failure);
}

}  // namespace

struct World::Call {
  net::ClientRequest request;
  std::optional<Answered> answered{};
  std::move_only_function<void()> resume;
};

std::string marker_in(std::string_view text) {
  const auto begin = text.find("[[");
  if (begin == std::string_view::npos) return {};
  const auto end = text.find("]]", begin);
  return end == std::string_view::npos ? std::string() : std::string(text.substr(begin, end + 2 - begin));
}

World::World(std::uint64_t seed, sql::PowerCutDisk& with) : random(seed), disk(with) {
  const auto count = 4 + random.below(4);
  for (std::uint64_t i = 0; i < count; ++i) customers.push_back("oCustomer" + std::to_string(i));
  written_once = 2;
}

// ---- customers ----

void World::customer_acts(const std::string& openid) {
  const auto number = std::to_string(++messages_written_);
  Push push;
  push.openid = openid;
  push.marker = "[[c" + number + "]]";
  json::object body{{"ToUserName", "gh_test"}, {"FromUserName", openid}, {"CreateTime", clock.now() / second_ms}};
  const bool enters =
      static_cast<std::size_t>(std::ranges::find(customers, openid) - customers.begin()) >= written_once && chance(8);
  if (enters) {
    body["MsgType"] = "event";
    body["Event"] = "user_enter_tempsession";
    body["SessionFrom"] = push.marker;
  } else {
    body["MsgType"] = "text";
    body["Content"] = push.marker;
    body["MsgId"] = 1000 + messages_written_;
    windows_[openid] = {5, clock.now() + 48 * hour_ms};
  }
  if (enters && windows_[openid].expires_at <= clock.now()) windows_[openid] = {2, clock.now() + minute_ms};
  push.body = json::serialize(body);
  pushes.push_back(std::move(push));
}

Push* World::next_push() {
  std::vector<Push*> open;
  for (Push& push : pushes) {
    if (!push.under_way && push.acknowledged_at == 0 && push.tries < tries_max) open.push_back(&push);
  }
  if (!pushes.empty() && chance(3)) {
    Push& again = pushes[random.below(pushes.size())];
    if (!again.under_way && again.acknowledged_at != 0) open.push_back(&again);
  }
  if (open.empty()) return nullptr;
  // Mostly in the order in which they were written.
  return chance(75) ? open.front() : open[random.below(open.size())];
}

// ---- agents ----

Answer* World::next_answer() {
  for (Answer& one : answers) {
    if (!one.under_way && one.promised.empty() && one.tries < 4 && chance(40)) return &one;
  }
  if (calm) return nullptr;
  Answer fresh;
  fresh.text = "[[a" + std::to_string(answers.size() + 1) + "]]";
  fresh.openid = customers[random.below(customers.size())];
  return &answers.emplace_back(std::move(fresh));
}

// ---- the network ----

Task<Answered> World::send(net::ClientRequest request) {
  // Bytes that were to leave when the power was gone are nowhere.
  if (!connected_ || !disk.has_power()) co_return broken(true);
  auto call = std::make_shared<Call>();
  call->request = std::move(request);
  auto initiate = [&](auto handler) {
    auto executor = boost::asio::get_associated_executor(handler);
    auto held = std::make_shared<decltype(handler)>(std::move(handler));
    call->resume = [held, executor] { boost::asio::post(executor, [held] { std::move (*held)(); }); };
    calls_.push_back(call);
  };
  auto token = boost::asio::use_awaitable;
  auto waited = boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(initiate, token);
  co_await std::move(waited);
  co_return std::move(*call->answered);
}

void World::answer_calls(bool all) {
  std::vector<std::shared_ptr<Call>> now, later;
  for (auto& call : calls_) (all || chance(60) ? now : later).push_back(call);
  calls_ = std::move(later);
  for (auto& call : now) {
    call->answered = decide(call->request);
    std::exchange(call->resume, {})();
  }
}

void World::hang_up() {
  connected_ = false;
  for (auto& call : std::exchange(calls_, {})) {
    if (chance(50)) (void)decide(call->request);
    call->answered = broken(true);
    std::exchange(call->resume, {})();
  }
}

Answered World::decide(const net::ClientRequest& request) {
  if (request.url.starts_with(backend_url)) return backend_call(request);
  if (request.url.find("/cgi-bin/stable_token") != std::string::npos) return token_call();
  if (request.url.find("/cgi-bin/message/custom/send") != std::string::npos) return message_call(request);
  return errcode(0);
}

Answered World::token_call() {
  if (!calm && chance(4)) return broken(chance(50));
  if (!calm && chance(4)) return errcode(-1);
  return answer(R"({"access_token":")" + current_token() + R"(","expires_in":7200})");
}

bool World::accept(const std::string& openid, const std::string& text) {
  Window& window = windows_[openid];
  if (window.expires_at <= clock.now() || window.remaining <= 0) return false;
  --window.remaining;
  phone.push_back({openid, text});
  return true;
}

Answered World::message_call(const net::ClientRequest& request) {
  const auto body = parse_json(request.body).value().as_object();
  const std::string openid(body.at("touser").as_string());
  const std::string text(body.at("text").as_object().at("content").as_string());
  const auto dice = calm ? 99 : random.below(100);
  if (request.url.find("access_token=" + current_token()) == std::string::npos) return errcode(40001);
  if (dice < 4) return broken(false);
  if (dice < 6) return errcode(-1);
  if (dice < 7) return errcode(45011);
  if (dice < 8) return errcode(40003);
  if (dice < 9) return errcode(chance(50) ? 45015 : 45047);
  if (dice < 11) {
    ++tokens_;
    return errcode(40001);
  }
  if (dice < 20) {  // the answer is lost, or a proxy's; the message has arrived or not
    ++answers_lost[text];
    if (chance(60)) accept(openid, text);
    return dice < 18 ? broken(true) : answer("<html>bad gateway</html>", 502);
  }
  const bool open = windows_[openid].expires_at > clock.now();
  if (accept(openid, text)) return errcode(0);
  ++refused_by_budget;
  return errcode(open ? 45047 : 45015);
}

Answered World::backend_call(const net::ClientRequest& request) {
  const auto dice = calm ? 99 : random.below(100);
  if (dice < 10) return broken(false);
  const std::string marker = marker_in(request.body);
  std::string openid;
  for (const Push& push : pushes) {
    if (push.marker == marker && push.body == request.body) openid = push.openid;
  }
  const auto take = [&] {
    auto& seen = backend[openid];
    if (std::ranges::find(seen, marker) == seen.end()) seen.push_back(marker);
  };
  if (dice < 20) {
    if (chance(50)) take();
    return broken(true);
  }
  if (dice < 28) return answer("no", 500);
  take();
  return answer("success");
}

}  // namespace miniops::app
