// The module's part of the console API.
#pragma once

#include "automation/service.hpp"
#include "identity/guard.hpp"

namespace miniops::automation {

void mount(identity::Guard& guard, Service& service);

}  // namespace miniops::automation
