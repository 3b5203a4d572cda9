// From conditions in words to conditions in the numbers that stand for them. Private to the module.
#pragma once

#include "storage/events/predicate.hpp"
#include "telemetry/store.hpp"

namespace miniops::telemetry {

// The dictionary whose numbers a field of rows of this kind holds.
std::optional<store::Dictionary> dictionary_of(events::Field field, Kind kind);

// The same predicate, in which fields whose words have numbers are asked for these.
events::Matching in_numbers(sql::Transaction& tx, const AppId& appid, Kind kind, const events::Predicate& predicate);

}  // namespace miniops::telemetry
