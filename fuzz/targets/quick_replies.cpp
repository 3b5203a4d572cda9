// The input is a file of quick replies: what is accepted survives being written, and no cell of that is a formula. And
// it is a text: with its variables filled in it is text still.
#include "base/text.hpp"
#include "quick_replies/csv.hpp"
#include "quick_replies/exchange.hpp"
#include "quick_replies/variables.hpp"
#include "targets/fuzz.hpp"

namespace {

using namespace miniops::quick_replies;

void check_table(std::string_view text) {
  const auto table = read_table(text);
  if (!table) {
    miniops::fuzz::require(table.error().code == "quick_replies.invalid_csv");
    return;
  }
  std::vector<Listed> replies;
  for (const ImportRow& row : table->rows) replies.push_back({row.reply});
  const std::string written = write_table(replies);
  for (const CsvRow& row : read_csv(written, import_rows_max + 1))
    for (const std::string& cell : row.cells)
      miniops::fuzz::require(cell.empty() || !std::string_view("=+-@\t\r").contains(cell.front()));
  const auto again = read_table(written);
  miniops::fuzz::require(again && again->rejected.empty() && again->rows.size() == table->rows.size());
  for (std::size_t i = 0; i < table->rows.size(); ++i) {
    const QuickReply &one = table->rows[i].reply, &other = again->rows[i].reply;
    miniops::fuzz::require(one.content == other.content && one.title == other.title && one.folder == other.folder &&
                           one.shortcut == other.shortcut && one.initials == other.initials &&
                           one.picture_id == other.picture_id);
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_table(text);
  if (!miniops::valid_utf8(text)) return 0;
  const std::string filled = fill(text, {{Variable::customer_nickname, "{{date}}"}});
  miniops::fuzz::require(miniops::valid_utf8(filled));
  if (!check_variables(text)) miniops::fuzz::require(filled == text);
  return 0;
}
