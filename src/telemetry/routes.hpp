// The console's and the open API's part of telemetry.
#pragma once

#include "identity/guard.hpp"
#include "telemetry/service.hpp"

namespace miniops::telemetry {

// `public_url`: what phones reach the server by; empty: what the request says.
void mount(identity::Guard& guard, Service& service, const Clock& clock, std::string public_url);

}  // namespace miniops::telemetry
