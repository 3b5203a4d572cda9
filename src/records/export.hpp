// Exports 导出任务: records, or all that is kept of one person, written to a file of several parts in the background.
#pragma once

#include <array>

#include "base/words.hpp"
#include "records/record.hpp"

namespace miniops::records {

using ExportId = NumberId<struct ExportIdTag>;

enum class ExportKind { records, person };
// withdrawn: a person whose data may be in it was deleted meanwhile.
enum class ExportState { waiting, running, done, failed, cancelled, withdrawn };
enum class Format { csv, jsonl };

inline constexpr std::array<std::string_view, 2> export_kind_words{"records", "person"};
inline constexpr std::array<std::string_view, 6> export_state_words{"waiting", "running",   "done",
                                                                    "failed",  "cancelled", "withdrawn"};
inline constexpr std::array<std::string_view, 2> format_words{"csv", "jsonl"};
inline std::span<const std::string_view> words_of(ExportKind) { return export_kind_words; }
inline std::span<const std::string_view> words_of(ExportState) { return export_state_words; }
inline std::span<const std::string_view> words_of(Format) { return format_words; }

inline constexpr std::int64_t export_rows_max = 1'000'000;
inline constexpr std::int64_t export_bytes_max = 512 << 20;
inline constexpr TimeMs export_kept_ms = day_ms;
inline constexpr std::int64_t exports_at_once = 3;  // of one mini program
inline constexpr std::int64_t exports_kept = 30;    // of one mini program

struct Export {
  ExportId id{};
  AppId appid{};
  ExportKind kind{};
  ExportState state = ExportState::waiting;
  Format format{};
  Question question{};   // of records
  std::string openid{};  // of a person, until it has ended
  Reader reader{};       // whoever asked, as far as they could read then
  std::string place{};   // where the next part begins
  std::int64_t parts = 0, rows = 0, bytes = 0;
  TimeMs reached_at = 0;  // of records: the newest are written first, and these were the last
  bool cut = false;       // a limit was reached
  std::string problem{};  // why it failed: an error code
  AccountId account{};
  std::string username{};
  TimeMs created_at = 0, ended_at = 0, expires_at = 0;
  std::int64_t version = 1;  // compared and set by the worker

  bool has_ended() const { return state != ExportState::waiting && state != ExportState::running; }
};

json::object to_json(const Export& one);

}  // namespace miniops::records
