#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/local_time.hpp"
#include "reports/sheet_kinds.hpp"

namespace miniops::reports {

namespace {

// Tells spreadsheets that it is UTF-8.
constexpr std::string_view utf8_mark = "\xef\xbb\xbf";

// What one would take for a formula gets a ' in front; full-width forms are taken for formulas, too.
std::string csv_text(std::string_view text) {
  const bool formula =
      !text.empty() && (std::string_view("=+-@\t\r\n").contains(text.front()) || text.starts_with("＝") ||
                        text.starts_with("＋") || text.starts_with("－") || text.starts_with("＠"));
  std::string out = formula ? "\"'" : "\"";
  for (const char c : text) {
    if (c == '"') out += c;
    out += c;
  }
  return out + '"';
}

class CsvSheet final : public Sheet {
 public:
  explicit CsvSheet(std::string time_zone) : time_(std::move(time_zone)) {}

  void head(std::span<const Column> columns) override {
    std::vector<std::string> names;
    for (const Column& one : columns) names.push_back(one.spells ? one.name + "_ms" : one.name);
    text_ += fmt::format("{}\r\n", fmt::join(names, ","));
  }
  void line(std::span<const Cell> cells) override {
    std::string_view between;
    for (const Cell& cell : cells) {
      text_ += between;
      text_ += std::visit(*this, cell);
      between = ",";
    }
    text_ += "\r\n";
  }
  Result<std::string> finish() override { return std::move(text_); }

  std::string operator()(std::monostate) { return {}; }
  std::string operator()(const std::string& text) { return csv_text(text); }
  std::string operator()(std::int64_t number) { return std::to_string(number); }
  std::string operator()(double number) { return fmt::format("{:.4f}", number); }
  std::string operator()(Moment moment) { return csv_text(time_.text(moment.at)); }
  std::string operator()(Spell spell) { return fmt::format("{:.0f}", spell.ms); }
  std::string operator()(Share share) { return fmt::format("{:.4f}", share.of_one); }

 private:
  LocalTime time_;
  std::string text_{utf8_mark};
};

}  // namespace

std::unique_ptr<Sheet> make_csv(std::string time_zone) { return std::make_unique<CsvSheet>(std::move(time_zone)); }

std::unique_ptr<Sheet> make_sheet(FileFormat format, std::string time_zone, std::string name) {
  if (format == FileFormat::xlsx) return make_xlsx(std::move(time_zone), std::move(name));
  return make_csv(std::move(time_zone));
}

}  // namespace miniops::reports
