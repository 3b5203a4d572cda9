// The module's part of the API.
#pragma once

#include "content_check/service.hpp"
#include "identity/guard.hpp"

namespace miniops::content_check {

// `service` must outlive the routes.
void mount(identity::Guard& guard, Service& service);

}  // namespace miniops::content_check
