// Settings of a mini program as the control calls give them. Decoded first, applied only when nothing is wrong.
#pragma once

#include <functional>
#include <vector>

#include "base/json.hpp"
#include "sandbox/sealed_push.hpp"
#include "sandbox/world.hpp"

namespace miniops::sandbox {

// What is to be changed on an app; the caller applies it inside World::locked.
using AppChange = std::function<void(App&)>;

// The fields of POST /sandbox/apps that are present.
std::vector<AppChange> read_config(JsonInput& in);
// The switches of PATCH /sandbox/apps/{appid}: secret_frozen, wrong_secret_errcode, ip_whitelist, blocked_words,
// risky_words, review_words, unauthorized_apis, token_life_s, window, push, push_faults, quotas.
std::vector<AppChange> read_switches(JsonInput& in);

// sandbox.bad_aes_key when an encrypting mode has no good key.
Result<void> check_config(const AppConfig& config);
// Changes the app, all or nothing.
Result<void> apply(App& app, const std::vector<AppChange>& changes);

Fault read_fault(JsonInput& in);
PushSwitches read_push_switches(JsonInput& in);

}  // namespace miniops::sandbox
