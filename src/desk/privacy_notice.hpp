// The privacy notice 隐私政策 that a greeting carries, and who was shown which version of it, when. A customer is shown
// a version once: from when WeChat accepted the message, greetings go without it until there is another version.
//
// Within closures; stateless.
#pragma once

#include "desk/config_store.hpp"
#include "desk/conversation.hpp"

namespace miniops::desk {

struct PrivacyNotice {
  ThreadId thread;
  AppId appid;
  std::string version{}, link{};
  MessageId message{};            // that carried it
  std::string state = "sending";  // → shown | failed
  TimeMs at = 0;                  // accepted by WeChat; before that, queued
};
boost::json::object to_json(const PrivacyNotice& notice);

bool has_notice(const Settings& settings);
// Adds the notice to the first text among the replies. False: there is none in which it has room.
bool carry_notice(std::vector<ToSend>& replies, const Settings& settings, std::string_view language);
// Whether this reply is the one that carries it.
bool carries_notice(const ToSend& reply, const Settings& settings);

namespace store {

// Whether the thread was shown this version, or is being shown it.
bool notice_given(sql::Transaction& tx, ThreadId thread, std::string_view version);
void put_notice(sql::Transaction& tx, const PrivacyNotice& notice);
// What became of the message that carried one; any other changes nothing.
void notice_delivered(sql::Transaction& tx, MessageId message, bool accepted, TimeMs at);
// The newest first.
std::vector<PrivacyNotice> notices_of(sql::Transaction& tx, ThreadId thread);

}  // namespace store
}  // namespace miniops::desk
