// Excel's form, by libxlsxwriter, which writes files and nothing else: into one that is only in memory. Lines go to the
// library's temporary files as they come.
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <array>

#include "base/text.hpp"
#include "reports/errors.hpp"
#include "reports/local_time.hpp"
#include "reports/sheet_kinds.hpp"

namespace miniops::reports {

namespace {

constexpr std::size_t text_chars_max = 32'767;  // Excel's
constexpr double epoch_day = 25'569;            // 1970-01-01 as Excel counts days
constexpr double column_width = 18;

// XML has no such characters, not even escaped.
std::string for_xml(std::string_view text) {
  std::string out = truncate_chars(text, text_chars_max);
  for (const std::string_view none : {"\xef\xbf\xbe", "\xef\xbf\xbf"})
    for (auto at = out.find(none); at != std::string::npos; at = out.find(none, at)) out.erase(at, none.size());
  return out;
}

class MemoryFile {
 public:
  MemoryFile() : fd_(memfd_create("sheet", MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (fd_ >= 0) close(fd_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  bool good() const { return fd_ >= 0; }
  std::string path() const { return fmt::format("/proc/self/fd/{}", fd_); }
  Result<std::string> content() const {
    std::string all;
    std::array<char, 1 << 16> part{};
    for (;;) {
      const ssize_t n = pread(fd_, part.data(), part.size(), static_cast<off_t>(all.size()));
      if (n < 0) return fail(errors::file_failed("it cannot be read back"));
      if (n == 0) return all;
      all.append(part.data(), static_cast<std::size_t>(n));
    }
  }

 private:
  const int fd_;
};

class XlsxSheet final : public Sheet {
 public:
  XlsxSheet(std::string time_zone, const std::string& name) : time_(std::move(time_zone)) {
    if (!file_.good()) return;
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    book_ = workbook_new_opt(file_.path().c_str(), &options);
    if (book_ != nullptr) sheet_ = workbook_add_worksheet(book_, name.c_str());
    if (sheet_ == nullptr) return;
    head_ = format("");
    format_set_bold(head_);
    moment_ = format("yyyy-mm-dd hh:mm:ss");
    spell_ = format("[h]:mm:ss");
    share_ = format("0.0%");
    number_ = format("0.00");
  }
  ~XlsxSheet() override {
    if (book_ != nullptr) lxw_workbook_free(book_);
  }
  XlsxSheet(const XlsxSheet&) = delete;
  XlsxSheet& operator=(const XlsxSheet&) = delete;

  void head(std::span<const Column> columns) override {
    if (sheet_ == nullptr) return;
    worksheet_set_column(sheet_, 0, static_cast<lxw_col_t>(columns.size() - 1), column_width, nullptr);
    for (const Column& one : columns) note(worksheet_write_string(sheet_, row_, column_++, one.name.c_str(), head_));
    worksheet_freeze_panes(sheet_, 1, 0);
    next_row();
  }
  void line(std::span<const Cell> cells) override {
    if (sheet_ == nullptr) return;
    for (const Cell& cell : cells) {
      note(std::visit(*this, cell));
      ++column_;
    }
    next_row();
  }
  Result<std::string> finish() override {
    if (sheet_ == nullptr) return fail(errors::file_failed("it cannot be begun"));
    note(workbook_close(std::exchange(book_, nullptr)));
    sheet_ = nullptr;
    if (failed_ != LXW_NO_ERROR) return fail(errors::file_failed(lxw_strerror(failed_)));
    return file_.content();
  }

  lxw_error operator()(std::monostate) { return LXW_NO_ERROR; }
  lxw_error operator()(const std::string& text) {
    return worksheet_write_string(sheet_, row_, column_, for_xml(text).c_str(), nullptr);
  }
  lxw_error operator()(std::int64_t number) { return write(static_cast<double>(number), nullptr); }
  lxw_error operator()(double number) { return write(number, number_); }
  lxw_error operator()(Moment moment) {
    return write(static_cast<double>(time_.local(moment.at)) / day_ms + epoch_day, moment_);
  }
  lxw_error operator()(Spell spell) { return write(spell.ms / day_ms, spell_); }
  lxw_error operator()(Share share) { return write(share.of_one, share_); }

 private:
  lxw_format* format(const char* digits) {
    lxw_format* made = workbook_add_format(book_);
    if (*digits != '\0') format_set_num_format(made, digits);
    return made;
  }
  lxw_error write(double number, lxw_format* format) {
    return worksheet_write_number(sheet_, row_, column_, number, format);
  }
  void note(lxw_error error) {
    if (failed_ == LXW_NO_ERROR) failed_ = error;
  }
  void next_row() {
    ++row_;
    column_ = 0;
  }

  LocalTime time_;
  const MemoryFile file_;
  lxw_workbook* book_ = nullptr;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format *head_ = nullptr, *moment_ = nullptr, *spell_ = nullptr, *share_ = nullptr, *number_ = nullptr;
  lxw_row_t row_ = 0;
  lxw_col_t column_ = 0;
  lxw_error failed_ = LXW_NO_ERROR;
};

}  // namespace

std::unique_ptr<Sheet> make_xlsx(std::string time_zone, std::string name) {
  return std::make_unique<XlsxSheet>(std::move(time_zone), name);
}

}  // namespace miniops::reports
