// A heat map: one figure for each pair of a row and a column. Values only.
#pragma once

#include "performance/spread.hpp"

namespace miniops::performance {

struct HeatCell {
  std::string row, column;
  double count = 0, ms = 0;
  Grade grade = Grade::good;
};
struct Heat {
  std::vector<std::string> rows{}, columns{};
  std::vector<HeatCell> cells{};  // by row, then column; those without records are left out
};

// A column and what its values are held against.
struct HeatColumn {
  std::string name;
  Limits limits;
};

// spreads[row][column]. Of the rows the most frequent ones, at most `rows_max`, those first; columns as they are given.
Heat heat_of(const std::map<std::string, Spreads>& spreads, const std::vector<HeatColumn>& columns, double quantile,
             std::size_t rows_max);

}  // namespace miniops::performance
