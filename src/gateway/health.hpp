// What the gateway page shows, per mini program and for the instance.
#pragma once

#include <boost/json/object.hpp>

#include "gateway/miniprograms.hpp"
#include "gateway/push_stats.hpp"
#include "gateway/tokens.hpp"
#include "gateway/wechat_client.hpp"

namespace miniops::gateway {

class Health {
 public:
  Health(sql::Database& database, MiniPrograms& programs, const PushStats& stats, const Tokens::Settings& tokens,
         const WeChatClient& wechat, const Sealer& sealer, const Clock& clock)
      : database_(database),
        programs_(programs),
        stats_(stats),
        tokens_(tokens),
        wechat_(wechat),
        sealer_(sealer),
        clock_(clock) {}

  void add_consumer(std::string name) { consumers_.push_back(std::move(name)); }
  const std::vector<std::string>& consumers() const { return consumers_; }

  Task<Result<boost::json::object>> of(AppId appid);
  Task<Result<boost::json::object>> all();

  struct Backlog {
    std::int64_t journal_lag = 0, outbox_open = 0, dead_letters = 0;
  };
  Task<Result<Backlog>> backlog();

  // Notes that this process lives, every 10 s; a gap is down time. Also forgets old rows.
  Task<Result<void>> beat_step();

 private:
  boost::json::object pushes(sql::Transaction& tx, const AppId& appid, TimeMs now) const;
  boost::json::object journal(sql::Transaction& tx, const AppId& appid) const;
  boost::json::object outbox(sql::Transaction& tx, const AppId& appid, TimeMs now) const;
  boost::json::object relay(sql::Transaction& tx, const MiniProgram& program) const;
  boost::json::object storage() const;
  Result<boost::json::object> one(sql::Transaction& tx, const MiniProgram& program, TimeMs now) const;

  sql::Database& database_;
  MiniPrograms& programs_;
  const PushStats& stats_;
  const Tokens::Settings tokens_;
  const WeChatClient& wechat_;
  const Sealer& sealer_;
  const Clock& clock_;
  std::vector<std::string> consumers_;
};

boost::json::object token_json(const TokenRow& row, const Tokens::Settings& settings, TimeMs now);

}  // namespace miniops::gateway
