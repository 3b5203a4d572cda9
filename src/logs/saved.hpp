// What people keep: saved queries 查询模板 and exports 导出任务. Values.
#pragma once

#include "identity/access.hpp"
#include "logs/source.hpp"

namespace miniops::logs {

struct SavedQuery {
  std::int64_t id = 0;
  std::string name, query;
  Source source = Source::log;
  telemetry::Level level = telemetry::Level::none;
  std::vector<std::string> columns{};
  identity::AccountId account{};
  std::string username;
  TimeMs created_at = 0, updated_at = 0;
};

enum class ExportState { waiting, running, done, failed, cancelled, interrupted };
std::string_view to_string(ExportState state);
ExportState parse_export_state(std::string_view text);
inline bool has_ended(ExportState state) { return state != ExportState::waiting && state != ExportState::running; }

enum class Format { csv, jsonl };
std::string_view to_string(Format format);

// What is exported, and how.
struct ExportWish {
  std::string query;
  Source source = Source::log;
  telemetry::Level level = telemetry::Level::none;
  TimeMs from = 0, to = 0;
  Format format = Format::csv;
  bool gzip = false;
  std::vector<std::string> columns{};
};

// How far it is.
struct ExportProgress {
  std::int64_t lines = 0;
  std::optional<std::int64_t> lines_expected{};
  std::int64_t bytes = 0;
  bool cut = false;  // it ended at a limit
};

struct Export {
  std::int64_t id = 0;
  AppId appid;
  ExportState state = ExportState::waiting;
  ExportWish wish{};
  ExportProgress progress{};
  bool masked = true;   // personal data
  std::string problem;  // the code of the error
  identity::AccountId account{};
  std::string username;
  TimeMs created_at = 0, ended_at = 0, expires_at = 0;
};

}  // namespace miniops::logs
