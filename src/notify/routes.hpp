// The API under /api/v1/miniprograms/{appid}/notify/.
#pragma once

#include "identity/guard.hpp"
#include "notify/service.hpp"

namespace miniops::notify {

// `service` must outlive the router.
void mount(identity::Guard& guard, Service& service);

}  // namespace miniops::notify
