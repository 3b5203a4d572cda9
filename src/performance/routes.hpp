// The console's and the open API's part of performance.
#pragma once

#include "identity/guard.hpp"
#include "performance/service.hpp"

namespace miniops::performance {

// Both must outlive the guard's routes.
void mount(identity::Guard& guard, Service& service, const Clock& clock);

}  // namespace miniops::performance
