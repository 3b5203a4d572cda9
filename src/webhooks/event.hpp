// Events 事件: what happened in a mini program and can be told to other programs. Values, without I/O.
#pragma once

#include <array>
#include <bitset>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/words.hpp"

namespace miniops::webhooks {

using EventId = NumberId<struct EventIdTag>;
using SubscriptionId = NumberId<struct SubscriptionIdTag>;

enum class Kind {
  conversation_opened,
  conversation_assigned,
  conversation_transferred,
  conversation_queued,
  conversation_parked,
  conversation_reopened,
  conversation_closed,
  message_received,
  message_sent,
  message_failed,
  customer_changed,
  service_level_warned,
  service_level_breached,
  satisfaction_scored,
  conversation_transfer_asked,
  conversation_routed,
  conversation_changed,
  conversation_window_closing,
  conversation_reminded,
  conversation_reply_refused,
  message_noted,
  customer_blocked,
  customer_unblocked,
  customer_linked,
  customer_unlinked,
  satisfaction_asked,
  agent_presence_changed,
  automation_fired,
  automation_paused,
  records_exported,
  records_erased
};
inline constexpr std::size_t kind_count = 31;
inline constexpr std::array<std::string_view, kind_count> kind_words{
    "conversation.opened",    "conversation.assigned",      "conversation.transferred",
    "conversation.queued",    "conversation.parked",        "conversation.reopened",
    "conversation.closed",    "message.received",           "message.sent",
    "message.failed",         "customer.changed",           "service_level.warned",
    "service_level.breached", "satisfaction.scored",        "conversation.transfer_asked",
    "conversation.routed",    "conversation.changed",       "conversation.window_closing",
    "conversation.reminded",  "conversation.reply_refused", "message.noted",
    "customer.blocked",       "customer.unblocked",         "customer.linked",
    "customer.unlinked",      "satisfaction.asked",         "agent.presence_changed",
    "automation.fired",       "automation.paused",          "records.exported",
    "records.erased"};
inline std::span<const std::string_view> words_of(Kind) { return kind_words; }

// A set of kinds, by their numbers.
using Kinds = std::bitset<kind_count>;
inline bool has(const Kinds& kinds, Kind kind) { return kinds.test(static_cast<std::size_t>(kind)); }
// Their words, separated by blanks: as they are stored. A word that is none is skipped.
std::string kinds_text(const Kinds& kinds);
Kinds parse_kinds(std::string_view text);

struct Event {
  Kind kind{};
  AppId appid{};
  OpenId openid{};      // whom it is about, so that it is deleted with them; none: nobody
  TimeMs at = 0;        // of the transaction that tells it
  json::object data{};  // with personal data masked: it leaves the house
};

// That something was told of somebody, and when.
struct Told {
  EventId id{};
  OpenId openid{};
  TimeMs at = 0;
};

inline constexpr std::size_t body_bytes_max = 64 << 10;
// What is sent of an event: {id, kind, appid, at, data}. Data that would be too large is left out: {"omitted": true}.
std::string body_of(EventId id, std::string_view kind, const AppId& appid, TimeMs at, const json::object& data);

}  // namespace miniops::webhooks
