// The console's and the open API's part of logs.
#pragma once

#include "identity/guard.hpp"
#include "logs/exports.hpp"
#include "logs/service.hpp"

namespace miniops::logs {

void mount(identity::Guard& guard, Service& service, const Clock& clock);
void mount_saved(identity::Guard& guard, Service& service);
void mount_exports(identity::Guard& guard, Exports& exports);

}  // namespace miniops::logs
