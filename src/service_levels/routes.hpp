// The module's part of the console API.
#pragma once

#include "identity/guard.hpp"
#include "service_levels/service.hpp"

namespace miniops::service_levels {

void mount(identity::Guard& guard, Service& service, const Clock& clock);

}  // namespace miniops::service_levels
