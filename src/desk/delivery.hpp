// What became of messages: the gateway tells it in the transactions of its sender.
#pragma once

#include "desk/conversation.hpp"
#include "gateway/outbox.hpp"

namespace miniops::desk {

class Delivery final : public gateway::DeliveryListener {
 public:
  Delivery(const Clock& clock, IdSource& ids, const gateway::Outbox& outbox)
      : clock_(clock), ids_(ids), outbox_(outbox) {}

  void on_delivery(sql::Transaction& tx, const gateway::DeliveryUpdate& update) override;
  void on_budget(sql::Transaction& tx, const AppId& appid, const OpenId& openid,
                 const gateway::Budget& budget) override;

 private:
  const Clock& clock_;
  IdSource& ids_;
  const gateway::Outbox& outbox_;
};

}  // namespace miniops::desk
