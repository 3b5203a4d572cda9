// Words that mean something to the miner, whatever program wrote the line.
#pragma once

#include <string_view>

namespace miniops::logs::mining {

bool is_unit(std::string_view word);  // of time and size: what follows a number
bool is_zone(std::string_view word);  // UTC, PM: what follows a time
bool is_month(std::string_view word);
bool is_weekday(std::string_view word);
bool is_domain(std::string_view label);  // of the top level

// What tells two events apart however often it changes: nothing with this in its place becomes a parameter.
bool is_truth_value(std::string_view word);

// A word that says what happened rather than to whom: started, from, failure.
bool is_event_word(std::string_view word);

}  // namespace miniops::logs::mining
