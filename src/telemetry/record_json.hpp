// A record as the API shows it.
#pragma once

#include "base/json.hpp"
#include "telemetry/service.hpp"

namespace miniops::telemetry {

// `personal`: for eyes that may see personal data; otherwise what looks like it is masked.
json::object shown(const NamedRow& named, bool personal);

}  // namespace miniops::telemetry
