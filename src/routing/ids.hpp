// The ids that routing speaks of. Those of accounts and conversations belong to modules above; naming their tags makes
// them the same types, without including those modules.
#pragma once

#include "base/ids.hpp"

namespace miniops::identity {
struct AccountIdTag;
}
namespace miniops::desk {
struct ConversationIdTag;
}

namespace miniops::routing {

using GroupId = NumberId<struct GroupIdTag>;
using SkillId = NumberId<struct SkillIdTag>;
using RuleId = NumberId<struct RuleIdTag>;
using AccountId = NumberId<identity::AccountIdTag>;
using ConversationId = NumberId<desk::ConversationIdTag>;

}  // namespace miniops::routing
