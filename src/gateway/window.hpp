// What may still be sent to one user: WeChat's reply window and its budget. Pure rules, and the row that holds them.
#pragma once

#include "gateway/outbox.hpp"

namespace miniops::gateway {

struct Window {
  int remaining = 0;  // not yet reserved
  TimeMs expires_at = 0;
  std::string opened_by{};
  std::int64_t last_seq = 0;  // of the last message queued for this user

  bool open(TimeMs now) const { return now < expires_at; }
};

// A trigger sets the count to the larger and the deadline to the later; counts do not add. `reserved` messages are
// queued and will be spent from the new count.
Window open_window(Window window, const Outbox::Settings& settings, bool by_message, int reserved, TimeMs now);
Budget budget_of(const Window& window, TimeMs now);

Window load_window(sql::Transaction& tx, const AppId& appid, const OpenId& openid);
void store_window(sql::Transaction& tx, const AppId& appid, const OpenId& openid, const Window& window);

}  // namespace miniops::gateway
