#include "gateway/sender.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/json.hpp"
#include "base/log.hpp"
#include "storage/sql/lease.hpp"

namespace miniops::gateway {

namespace {

constexpr std::string_view send_api = "message/custom/send";

std::string lease_of(std::string_view owner) { return "outbox:" + std::string(owner); }

// The stored message, with the picture's media_id where it belongs.
Result<wechat::Outgoing> outgoing_of(const OutboxRow& row, const std::string& media_id) {
  auto parsed = parse_json(row.message);
  if (!parsed) return std::unexpected(parsed.error());
  json::object& object = parsed->as_object();
  if (!media_id.empty()) {
    if (auto* image = object.if_contains("image")) image->as_object()["media_id"] = media_id;
    if (auto* card = object.if_contains("miniprogrampage")) card->as_object()["thumb_media_id"] = media_id;
  }
  return wechat::parse_outgoing(object);
}

bool is_machinery(const Error& error) {
  return error.code == "storage.full" || error.code == "storage.unavailable" || error.code == "storage.conflict" ||
         error.code == "storage.outcome_unknown";
}

}  // namespace

Sender::Sender(sql::Database& database, Outbox& outbox, MiniPrograms& programs, WeChatClient& wechat, Uploads& uploads,
               const Clock& clock, Random& random, boost::asio::any_io_executor executor, Settings settings)
    : database_(database),
      outbox_(outbox),
      programs_(programs),
      wechat_(wechat),
      uploads_(uploads),
      clock_(clock),
      random_(random),
      executor_(std::move(executor)),
      settings_(std::move(settings)) {}

int Sender::under_way() const {
  const std::scoped_lock lock(mutex_);
  int total = 0;
  for (const auto& [appid, attempts] : in_hand_) total += static_cast<int>(attempts.size());
  return total;
}

std::map<AppId, int> Sender::capacity(const std::vector<std::shared_ptr<const MiniProgram>>& programs) const {
  std::map<AppId, int> free;
  const std::scoped_lock lock(mutex_);
  for (const auto& program : programs) {
    if (!program->enabled || wechat_.paused_until(program->appid, std::string(send_api)) != 0) continue;
    const auto found = in_hand_.find(program->appid);
    const int left = settings_.at_once_per_app - (found == in_hand_.end() ? 0 : static_cast<int>(found->second.size()));
    if (left > 0) free[program->appid] = left;
  }
  return free;
}

std::vector<OutboxRow> Sender::claim(sql::Transaction& tx, const std::map<AppId, int>& capacity, TimeMs now) const {
  std::vector<OutboxRow> claimed;
  for (const auto& [appid, free] : capacity) {
    const int room = settings_.claim_max - static_cast<int>(claimed.size());
    if (room <= 0) break;
    for (OutboxRow& row : find_due(tx, appid, now, std::min(free, room))) {
      const bool first = row.state != DeliveryState::sending;
      row.state = DeliveryState::sending;
      row.claim_owner = settings_.owner;
      row.claim_until = now + settings_.claim_ms;
      ++row.attempts;
      begin_attempt(tx, row.id, row.attempts, now);
      update_row(tx, row);
      if (first && listener_) listener_->on_delivery(tx, update_of(row, now));
      claimed.push_back(std::move(row));
    }
  }
  return claimed;
}

Task<Result<int>> Sender::claim_step() {
  const auto programs = co_await programs_.all();
  const auto free = capacity(programs);
  if (free.empty()) co_return 0;
  const TimeMs now = clock_.now();
  // A look first: an idle server writes nothing.
  auto look = [&free, now](sql::Transaction& tx) -> Result<bool> {
    for (const auto& [appid, count] : free) {
      const TimeMs due = next_due(tx, appid);
      if (due != 0 && due <= now) return true;
    }
    return false;
  };
  auto due = co_await database_.read(std::move(look));
  if (!due) co_return std::unexpected(due.error());
  if (!*due) co_return 0;
  auto work = [this, &free, now](sql::Transaction& tx) -> Result<std::vector<OutboxRow>> {
    return claim(tx, free, now);
  };
  const auto held = co_await claiming_.acquire();
  auto claimed = co_await database_.write(std::move(work));
  if (!claimed) co_return std::unexpected(claimed.error());
  {
    const std::scoped_lock lock(mutex_);
    for (const OutboxRow& row : *claimed) in_hand_[row.appid].emplace(row.id, row.attempts);
  }
  for (OutboxRow& row : *claimed) boost::asio::co_spawn(executor_, deliver(std::move(row)), boost::asio::detached);
  co_return static_cast<int>(claimed->size());
}

Task<void> Sender::deliver(OutboxRow row) {
  AttemptResult result;
  try {
    result = co_await send(row);
  } catch (const std::exception& problem) {
    log::error("outbox.send_threw", {{"id", row.id.str()}, {"problem", problem.what()}});
    result.kind = AttemptResult::Kind::uncertain;
  }
  result.random = random_.number();
  {
    const std::scoped_lock lock(mutex_);
    outcomes_.push_back({std::move(row), std::move(result)});
  }
  if (outcome_waker_) outcome_waker_();
}

Task<AttemptResult> Sender::send(const OutboxRow& row) {
  std::string media_id;
  if (!row.blob.empty()) {
    if (row.uploads_again > 0 && row.reason == "picture_expired") co_await uploads_.forget(row.appid, row.blob);
    auto uploaded = co_await uploads_.media_id(row.appid, row.blob, row.blob_content_type);
    if (!uploaded) co_return uploaded.error();
    media_id = std::move(*uploaded);
  }
  auto message = outgoing_of(row, media_id);
  if (!message) {
    AttemptResult result;
    result.kind = AttemptResult::Kind::refused;
    result.errcode = 40008;
    result.errmsg = message.error().code;
    co_return result;
  }
  wechat::ApiCall call = wechat::custom_send_call(row.openid, *message);
  const CallOutcome outcome = co_await wechat_.call(row.appid, std::move(call));
  co_return attempt_of(outcome);
}

Task<Result<int>> Sender::record_step() {
  std::vector<Outcome> batch;
  {
    const std::scoped_lock lock(mutex_);
    const auto count = std::min(outcomes_.size(), static_cast<std::size_t>(settings_.record_max));
    const auto end = outcomes_.begin() + static_cast<std::ptrdiff_t>(count);
    batch.assign(std::make_move_iterator(outcomes_.begin()), std::make_move_iterator(end));
    outcomes_.erase(outcomes_.begin(), end);
  }
  if (batch.empty()) co_return 0;
  auto recorded = co_await record(batch, listener_);
  if (!recorded && is_machinery(recorded.error())) {
    const std::scoped_lock lock(mutex_);
    outcomes_.insert(outcomes_.begin(), batch.begin(), batch.end());
    co_return std::unexpected(recorded.error());
  }
  if (!recorded) {
    // One of them is refused by the listener or the engine: one by one, and the bad one without the listener, so that
    // what WeChat has accepted is never sent again.
    for (const Outcome& outcome : batch) {
      std::vector<Outcome> single{outcome};
      auto done = co_await record(single, listener_);
      if (done) continue;
      log::error("outbox.listener_failed", {{"id", outcome.row.id.str()}, {"code", done.error().code}});
      auto again = co_await record(single, nullptr);
      if (!again) log::error("outbox.not_recorded", {{"id", outcome.row.id.str()}, {"code", again.error().code}});
    }
  }
  const std::scoped_lock lock(mutex_);
  for (const auto& [row, result] : batch) in_hand_[row.appid].erase({row.id, row.attempts});
  co_return static_cast<int>(batch.size());
}

Task<Result<void>> Sender::record(std::vector<Outcome> outcomes, DeliveryListener* listener) {
  const TimeMs now = clock_.now();
  auto work = [this, listener, now, outcomes = std::move(outcomes)](sql::Transaction& tx) -> Result<void> {
    for (const Outcome& outcome : outcomes) {
      auto row = load_row(tx, outcome.row.id);
      // Taken for dead and recovered by another process: its history is written already.
      if (!row || row->claim_owner != settings_.owner || row->attempts != outcome.row.attempts) continue;
      settle_attempt(tx, outbox_, listener, std::move(*row), outcome.result, now);
    }
    return {};
  };
  co_return co_await database_.write(std::move(work));
}

Task<Result<int>> Sender::expire_step() {
  const TimeMs now = clock_.now();
  constexpr int chunk = 50;
  auto look = [now](sql::Transaction& tx) -> Result<bool> { return !find_expired(tx, now, 1).empty(); };
  auto any = co_await database_.read(std::move(look));
  if (!any) co_return std::unexpected(any.error());
  if (!*any) co_return 0;
  auto work = [this, now](sql::Transaction& tx) -> Result<int> {
    int count = 0;
    for (OutboxRow& row : find_expired(tx, now, chunk)) {
      expire_row(tx, outbox_, listener_, std::move(row), now);
      ++count;
    }
    return count;
  };
  co_return co_await database_.write(std::move(work));
}

Task<Result<void>> Sender::alive_step() {
  auto work = [this](sql::Transaction& tx) -> Result<void> {
    sql::take_lease(tx, lease_of(settings_.owner), settings_.owner, settings_.alive_ms);
    return {};
  };
  co_return co_await database_.write(std::move(work));
}

Task<Result<int>> Sender::recover_step(bool alone) {
  constexpr int chunk = 50;
  auto look = [this](sql::Transaction& tx) -> Result<bool> {
    return !find_claimed_by_others(tx, settings_.owner, 1).empty();
  };
  auto any = co_await database_.read(std::move(look));
  if (!any) co_return std::unexpected(any.error());
  if (!*any) co_return 0;
  const TimeMs now = clock_.now();
  AttemptResult lost;
  lost.kind = AttemptResult::Kind::uncertain;
  lost.errmsg = "the server stopped while this was being sent";
  lost.random = random_.number();
  auto work = [this, alone, now, lost](sql::Transaction& tx) -> Result<int> {
    int count = 0;
    for (OutboxRow& row : find_claimed_by_others(tx, settings_.owner, chunk)) {
      // Whoever lives holds a lease of its name.
      const bool dead = alone || sql::take_lease(tx, lease_of(row.claim_owner), settings_.owner, 1);
      if (!dead) continue;
      settle_attempt(tx, outbox_, listener_, std::move(row), lost, now);
      ++count;
    }
    return count;
  };
  auto recovered = co_await database_.write(std::move(work));
  if (recovered && *recovered > 0) log::warn("outbox.recovered", {{"uncertain", *recovered}});
  co_return recovered;
}

Task<Result<int>> Sender::reclaim_step() {
  const auto held = co_await claiming_.acquire();
  auto look = [this](sql::Transaction& tx) -> Result<std::vector<OutboxRow>> {
    return find_claimed_by(tx, settings_.owner);
  };
  auto rows = co_await database_.read(std::move(look));
  if (!rows) co_return std::unexpected(rows.error());
  {
    const std::scoped_lock lock(mutex_);
    std::erase_if(*rows, [this](const OutboxRow& row) { return in_hand_[row.appid].contains({row.id, row.attempts}); });
  }
  if (rows->empty()) co_return 0;
  std::vector<Outcome> lost;
  for (OutboxRow& row : *rows) {
    AttemptResult result;
    result.kind = AttemptResult::Kind::not_sent;
    result.errmsg = "the database did not answer whether this was stored";
    result.random = random_.number();
    lost.push_back({std::move(row), std::move(result)});
  }
  const int count = static_cast<int>(lost.size());
  log::warn("outbox.reclaimed", {{"messages", count}});
  auto recorded = co_await record(std::move(lost), listener_);
  if (!recorded) co_return std::unexpected(recorded.error());
  co_return count;
}

Task<Result<void>> Sender::drain() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  while (true) {
    auto claimed = co_await claim_step();
    if (!claimed) co_return std::unexpected(claimed.error());
    auto recorded = co_await record_step();
    if (!recorded) co_return std::unexpected(recorded.error());
    if (*claimed == 0 && *recorded == 0 && under_way() == 0) co_return Result<void>{};
    if (*claimed == 0 && *recorded == 0) {
      timer.expires_after(std::chrono::milliseconds(1));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
  }
}

}  // namespace miniops::gateway
