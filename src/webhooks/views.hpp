// What the API shows of webhooks, deliveries and notices. Secrets are in none of them.
#pragma once

#include "webhooks/service.hpp"

namespace miniops::webhooks {

json::object to_json(const View& view);
json::object to_json(const Delivery& delivery);
json::object to_json(const DeliveryDetail& detail);
json::object to_json(const TestReport& report);
json::object to_json(const Notice& notice);

}  // namespace miniops::webhooks
