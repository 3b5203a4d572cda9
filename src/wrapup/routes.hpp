// The module's part of the console API.
#pragma once

#include "identity/guard.hpp"
#include "wrapup/service.hpp"

namespace miniops::wrapup {

void mount(identity::Guard& guard, Service& service);

}  // namespace miniops::wrapup
