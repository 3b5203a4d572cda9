// What a query means in one mini program: templates with those that became one with them, sessions by their hash. Pure.
#pragma once

#include "logs/templates.hpp"
#include "storage/events/predicate.hpp"

namespace miniops::logs {

bool mentions(const events::Predicate& predicate, events::Field field);
events::Predicate bound(events::Predicate predicate, const Aliases& aliases);

// The template that lives on for this one.
std::int32_t living(std::int32_t number, const Aliases& aliases);

}  // namespace miniops::logs
