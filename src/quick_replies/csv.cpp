#include "quick_replies/csv.hpp"

namespace miniops::quick_replies {

namespace {

constexpr std::size_t cells_max = 32;

// Also behind apostrophes, so that plain_cell() gives back what csv_line() got. Full-width forms are formulas, too.
bool looks_like_formula(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of('\''), text.size()));
  return !text.empty() && (std::string_view("=+-@\t\r").contains(text.front()) || text.starts_with("＝") ||
                           text.starts_with("＋") || text.starts_with("－") || text.starts_with("＠"));
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
  }
  bool done() const { return at_ >= text_.size(); }

  CsvRow row() {
    CsvRow out{line_};
    for (bool more = true; more;) {
      std::string cell = peek() == '"' ? quoted(out) : plain();
      if (out.cells.size() < cells_max) out.cells.push_back(std::move(cell));
      more = peek() == ',';
      if (more) ++at_;
    }
    end_line();
    return out;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\n'; }

  std::string plain() {
    const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    std::string cell(text_.substr(at_, end - at_));
    at_ = end;
    return cell;
  }

  std::string quoted(CsvRow& row) {
    std::string cell;
    for (++at_;; ++at_) {
      if (done()) {
        row.closed = false;
        return cell;
      }
      if (text_[at_] == '"' && text_.substr(at_ + 1, 1) != "\"") break;
      if (text_[at_] == '"') ++at_;
      if (text_[at_] == '\n') ++line_;
      cell += text_[at_];
    }
    ++at_;
    return cell += plain();  // what stands behind the closing quote by mistake
  }

  void end_line() {
    if (peek() == '\r') ++at_;
    if (done()) return;
    if (text_[at_] == '\n') ++at_;
    ++line_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
};

}  // namespace

std::vector<CsvRow> read_csv(std::string_view text, std::size_t rows_max) {
  std::vector<CsvRow> rows;
  for (Reader reader(text); !reader.done() && rows.size() < rows_max;) {
    CsvRow row = reader.row();
    if (row.cells.size() > 1 || !row.cells.front().empty()) rows.push_back(std::move(row));
  }
  return rows;
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string out;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) out += ',';
    out += '"';
    if (looks_like_formula(cell)) out += '\'';
    for (const char c : cell) {
      if (c == '"') out += c;
      out += c;
    }
    out += '"';
  }
  return out += "\r\n";
}

std::string plain_cell(std::string cell) {
  if (cell.starts_with('\'') && looks_like_formula(cell)) cell.erase(0, 1);
  return cell;
}

}  // namespace miniops::quick_replies
