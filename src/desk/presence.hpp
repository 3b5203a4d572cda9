// Whether an agent is there 在线状态, in routing's words: only who is online gets customers; who is busy or away keeps
// those they have.
#pragma once

#include "routing/agents.hpp"

namespace miniops::desk {

using routing::Presence;

}  // namespace miniops::desk
