// Who is shown a customer, what they sent and how content they were: whoever reads one of their conversations (ADR
// 0029). For the modules that keep these.
#pragma once

#include "desk/read_scope.hpp"
#include "gateway/media.hpp"
#include "people/visibility.hpp"

namespace miniops::desk {

// Safe from any thread.
class Sight final : public people::Visibility, public gateway::MediaReaders {
 public:
  explicit Sight(const teams::Setups& setups) : setups_(setups) {}

  std::string condition(const identity::Access& access, std::string_view profile, sql::Params& params) const override;
  // desk.other_group. What came with no message that is known is for who reads all.
  Result<void> may_see_media(sql::Transaction& tx, const identity::Access& access,
                             const std::string& media_id) const override;
  // Its conversation's; of what is in none, everybody.
  live::Audience audience_of_media(sql::Transaction& tx, const AppId& appid,
                                   const std::string& media_id) const override;
  // desk.other_group. Of what is no conversation there is nothing to see.
  Result<void> may_see_conversation(sql::Transaction& tx, const identity::Access& access, ConversationId id) const;

 private:
  const teams::Setups& setups_;
};

// desk.other_group unless one of the thread's conversations is read.
Result<void> may_see(sql::Transaction& tx, const ReadScope& scope, ThreadId thread);

}  // namespace miniops::desk
