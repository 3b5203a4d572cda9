// The console's and the open API's part of telemetry.
#pragma once

#include "identity/guard.hpp"
#include "telemetry/service.hpp"

namespace miniops::telemetry {

// `public_url`: what phones reach the server by; empty: what the request says.
void mount(identity::Guard& guard, Service& service, const Clock& clock, std::string public_url);
// Its part about people: who is who, deleting one, all that is known of one.
void mount_people(identity::Guard& guard, Service& service, const Clock& clock);

}  // namespace miniops::telemetry
