#include "logs/export_format.hpp"

namespace miniops::logs {

namespace {

constexpr std::string_view utf8_mark = "\xef\xbb\xbf";
constexpr std::string_view line_end = "\r\n";

std::string cell(std::string text) {
  // Full-width forms are read as formulas, too.
  const bool formula =
      !text.empty() && (std::string_view("=+-@\t\r").contains(text.front()) || text.starts_with("＝") ||
                        text.starts_with("＋") || text.starts_with("－") || text.starts_with("＠"));
  if (formula) text.insert(0, "'");
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += c;
    out += c;
  }
  return out + '"';
}

template <class TextOf>
std::string row(const std::vector<std::string>& columns, TextOf text_of) {
  std::string out;
  for (const std::string& name : columns) {
    if (&name != &columns.front()) out += ',';
    out += cell(text_of(name));
  }
  return out.append(line_end);
}

}  // namespace

std::vector<std::string> default_columns() {
  return {"time", "level", "tag", "text", "page", "release", "session", "trace", "properties"};
}

std::string export_head(const ExportWish& wish) {
  if (wish.format == Format::jsonl) return "";
  return std::string(utf8_mark) + row(wish.columns, [](const std::string& name) { return name; });
}

std::string export_line(const ExportWish& wish, const Line& line) {
  if (wish.format == Format::csv)
    return row(wish.columns, [&](const std::string& name) { return column_text(line, name); });
  json::object out;
  for (const std::string& name : wish.columns) out[name] = column(line, name);
  return json::serialize(out) + "\n";
}

std::string_view content_type(const ExportWish& wish) {
  if (wish.gzip) return "application/gzip";
  return wish.format == Format::csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
}

std::string file_name(const Export& one) {
  return fmt::format("logs-{}.{}{}", one.id, to_string(one.wish.format), one.wish.gzip ? ".gz" : "");
}

}  // namespace miniops::logs
