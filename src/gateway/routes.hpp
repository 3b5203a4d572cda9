// The gateway's part of the console API: mini programs, health, dead letters, tokens, pictures.
#pragma once

#include <string>

#include "gateway/dead_letters.hpp"
#include "gateway/health.hpp"
#include "gateway/media_worker.hpp"
#include "gateway/self_check.hpp"
#include "gateway/service.hpp"
#include "identity/guard.hpp"

namespace miniops::gateway {

// What the routes call; all outlive the router.
struct RouteTargets {
  MiniProgramService& programs;
  SelfCheck& self_check;
  Health& health;
  DeadLetters& dead_letters;
  Tokens& tokens;
  Tokens::Settings token_settings;
  PushStats& stats;
  Media& media;
  const Clock& clock;
  std::string public_url;  // empty: what the request says
};

void mount_mini_programs(identity::Guard& guard, std::shared_ptr<const RouteTargets> to);
void mount_operations(identity::Guard& guard, std::shared_ptr<const RouteTargets> to);
void mount_pictures(identity::Guard& guard, std::shared_ptr<const RouteTargets> to);

}  // namespace miniops::gateway
