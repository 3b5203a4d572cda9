#include "quick_replies/exchange.hpp"

#include "base/text.hpp"
#include "quick_replies/csv.hpp"
#include "quick_replies/errors.hpp"

namespace miniops::quick_replies {

namespace {

struct Column {
  std::string_view name;
  std::string QuickReply::* field;
  std::size_t chars_max;
};
constexpr std::array<Column, 6> columns{{{"folder", &QuickReply::folder, 128},
                                         {"shortcut", &QuickReply::shortcut, shortcut_rule.chars_max},
                                         {"title", &QuickReply::title, title_rule.chars_max},
                                         {"content", &QuickReply::content, content_rule.chars_max},
                                         {"initials", &QuickReply::initials, 64},
                                         {"picture_id", &QuickReply::picture_id, picture_rule.chars_max}}};

// Which column each cell of a row is; nullptr: one that does not matter.
using Header = std::vector<const Column*>;

Header header_of(const CsvRow& row) {
  Header header;
  for (const std::string& cell : row.cells) {
    const auto known = std::ranges::find(columns, std::string_view(cell), &Column::name);
    header.push_back(known == columns.end() ? nullptr : &*known);
  }
  return header;
}

bool names(const Header& header, std::string_view name) {
  return std::ranges::any_of(header, [&](const Column* one) { return one != nullptr && one->name == name; });
}

// Why a row is none, for a person.
std::expected<QuickReply, std::string> reply_of(const CsvRow& row, const Header& header) {
  if (!row.closed) return std::unexpected("a quote is not closed");
  QuickReply reply;
  for (std::size_t i = 0; i < std::min(header.size(), row.cells.size()); ++i) {
    if (header[i] == nullptr) continue;
    std::string cell = plain_cell(row.cells[i]);
    if (!valid_utf8(cell)) return std::unexpected(fmt::format("{} is not UTF-8", header[i]->name));
    if (count_chars(cell) > header[i]->chars_max)
      return std::unexpected(fmt::format("{} has more than {} characters", header[i]->name, header[i]->chars_max));
    reply.*header[i]->field = std::move(cell);
  }
  auto good = checked(std::move(reply));
  if (!good) return std::unexpected(good.error().message);
  return std::move(*good);
}

}  // namespace

Result<ImportTable> read_table(std::string_view text) {
  const auto rows = read_csv(text, import_rows_max + 2);  // the header, and one to see that there are more
  if (rows.empty()) return fail(errors::invalid_csv("it is empty"));
  const Header header = header_of(rows.front());
  if (!names(header, "content") && !names(header, "picture_id"))
    return fail(errors::invalid_csv("the first line must name the columns, content among them"));
  ImportTable table;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (i > import_rows_max) {
      table.rejected.push_back({rows[i].line, "only 2000 rows are read"});
      break;
    }
    auto reply = reply_of(rows[i], header);
    if (reply) table.rows.push_back({rows[i].line, std::move(*reply)});
    if (!reply) table.rejected.push_back({rows[i].line, reply.error()});
  }
  return table;
}

std::string write_table(const std::vector<Listed>& replies) {
  std::vector<std::string> cells{"scope", "uses"};
  for (const Column& column : columns) cells.emplace_back(column.name);
  std::string out = "\xef\xbb\xbf" + csv_line(cells);
  for (const Listed& one : replies) {
    cells = {one.reply.owner.empty() ? "shared" : "personal", std::to_string(one.uses)};
    for (const Column& column : columns) cells.push_back(one.reply.*column.field);
    out += csv_line(cells);
  }
  return out;
}

}  // namespace miniops::quick_replies
