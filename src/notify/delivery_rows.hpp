// Between the tables' rows and the values: deliveries, notifications. Private to delivery_store.cpp and
// delivery_log.cpp.
#pragma once

#include "notify/delivery_store.hpp"

namespace miniops::notify {

inline constexpr std::string_view delivery_columns =
    "d.notification_id, d.position, d.appid, d.channel_id, d.message_id, d.in_message, d.state, d.attempts, "
    "d.uncertain, d.possibly_repeated, d.falls_through, d.reason, d.detail, d.queued_at, d.due_at, d.give_up_at, "
    "d.finished_at, d.claim_owner";
inline constexpr std::size_t delivery_width = 18;

Delivery delivery_of(const sql::Row& row);

std::string content_of(const Notification& notification);  // JSON
std::string chain_text(const std::vector<ChannelId>& channels);
// Columns from `at` on: id, appid, dedupe_key, subject, chain, content.
Notification notification_of(const sql::Row& row, std::size_t at);

}  // namespace miniops::notify
