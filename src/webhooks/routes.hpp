// The module's part of the console API.
#pragma once

#include "identity/guard.hpp"
#include "webhooks/service.hpp"

namespace miniops::webhooks {

// Webhooks tell of all conversations: besides desk.configure each route needs desk.records_all.
void mount(identity::Guard& guard, Service& service);

}  // namespace miniops::webhooks
