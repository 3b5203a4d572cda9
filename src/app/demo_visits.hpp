// What one visit to the example shop (examples/shop) sends: the batch of our SDK that the real mini program would have
// sent, with the faults that the demo tells of. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace miniops::app {

struct Visit {
  TimeMs at = 0;       // when it began
  TimeMs sent_at = 0;  // when its batch is sent
  std::string openid;  // "" for somebody new
};

// The story: 1.4.2 came out a day before `now`, reaches everybody within that day, and its pay page fails on some
// iPhones; the order API is slow on 4g.
boost::json::object visit_batch(Random& random, const Visit& visit, TimeMs now);

// How busy the hour of `at` is, 0 … 1, on China's clock: a shop's day, with its evening.
double busy_at(TimeMs at);

}  // namespace miniops::app
