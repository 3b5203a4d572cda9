// The module's part of the console API.
#pragma once

#include "identity/guard.hpp"
#include "reports/service.hpp"

namespace miniops::reports {

void mount(identity::Guard& guard, ReportService& service);

}  // namespace miniops::reports
