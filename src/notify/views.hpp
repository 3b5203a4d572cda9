// What the API shows of channels, deliveries and consents.
#pragma once

#include "notify/service.hpp"

namespace miniops::notify {

// Phones are seen by those who may enter them, and by those who may see personal data; secrets by nobody.
json::object shown(const ChannelView& view, const Access& access);
json::object shown(const TestReport& report);
json::object shown(const LoggedDelivery& logged);
json::object shown(const DeliveryDetail& detail);
json::object shown(const Consent& consent);

}  // namespace miniops::notify
