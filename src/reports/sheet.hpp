// A table as it leaves for a spreadsheet, line by line: as CSV, or as a workbook of Excel's.
//
// Texts are texts, whatever they look like: no program that opens the file takes one for a formula. Not for several
// threads. It may hold a thread for long: not for io threads.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/words.hpp"

namespace miniops::reports {

enum class FileFormat { csv, xlsx };

struct Moment {
  TimeMs at = 0;  // in CSV to the minute
};
struct Spell {
  double ms = 0;  // in CSV whole milliseconds
};
struct Share {
  double of_one = 0;
};
// Nothing, a text (also of digits only: an id is no number), a count, a number, …
using Cell = std::variant<std::monostate, std::string, std::int64_t, double, Moment, Spell, Share>;

struct Column {
  std::string name;
  bool spells = false;  // in CSV the name ends in _ms
};

class Sheet {
 public:
  virtual ~Sheet() = default;
  // First, and once.
  virtual void head(std::span<const Column> columns) = 0;
  virtual void line(std::span<const Cell> cells) = 0;
  // The whole file; last, and once. reports.file_failed
  virtual Result<std::string> finish() = 0;
};

// Moments are shown as clocks of that time zone do. `name`: of the workbook's only sheet, ASCII, at most 31 characters.
std::unique_ptr<Sheet> make_sheet(FileFormat format, std::string time_zone, std::string name);

// What such a file holds besides its heading; Excel shows no more than 1,048,576.
inline constexpr std::size_t lines_max = 1'000'000;

inline constexpr std::array<std::string_view, 2> format_words{"csv", "xlsx"};
inline std::span<const std::string_view> words_of(FileFormat) { return format_words; }

}  // namespace miniops::reports
