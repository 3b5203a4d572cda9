// What became of customers and timers in the power-cut test: nobody is forgotten, no timer fires twice, none is lost.
#pragma once

#include "app/tests/powercut_program.hpp"

namespace miniops::app {

struct DeskCounts {
  std::size_t open = 0, queued = 0;      // conversations at the end
  std::size_t acts = 0;                  // of agents, of which they were told
  std::size_t warned = 0, reminded = 0;  // timers that fired
  std::size_t returned = 0, unparked = 0, closed = 0, told = 0;
  std::size_t forgotten = 0, fired_twice = 0, timers_lost = 0;
  void add(const DeskCounts& other);
  std::size_t fired() const { return warned + reminded + returned + unparked + closed + told; }
};

// When nothing is left to do. Adds a failure for each broken promise.
DeskCounts count_desk(Program& program, const World& world);

}  // namespace miniops::app
