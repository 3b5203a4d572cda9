// What became of messages: the gateway tells it in the transactions of its sender.
#pragma once

#include <mutex>
#include <vector>

#include "desk/recorder.hpp"

namespace miniops::desk {

// Whether news of a budget may stay untold within a transaction, because its closure tells the whole conversation at
// its end anyway. Safe from any thread.
class BudgetNews {
 public:
  class Hushed {
   public:
    Hushed(BudgetNews& news, const sql::Transaction& tx);
    ~Hushed();
    Hushed(const Hushed&) = delete;
    Hushed& operator=(const Hushed&) = delete;

   private:
    BudgetNews& news_;
    const sql::Transaction& tx_;
  };
  bool wanted(const sql::Transaction& tx) const;

 private:
  mutable std::mutex mutex_;
  std::vector<const sql::Transaction*> hushed_;
};

class Delivery final : public gateway::DeliveryListener {
 public:
  Delivery(const Clock& clock, const Common& common, const BudgetNews& news)
      : clock_(clock), common_(common), news_(news) {}

  void on_delivery(sql::Transaction& tx, const gateway::DeliveryUpdate& update) override;
  void on_budget(sql::Transaction& tx, const AppId& appid, const OpenId& openid,
                 const gateway::Budget& budget) override;

 private:
  void answered(sql::Transaction& tx, Recorder& recorder, const Message& message, Conversation& conversation);

  const Clock& clock_;
  const Common& common_;
  const BudgetNews& news_;
};

}  // namespace miniops::desk
