#include "records/export_format.hpp"

#include <ctime>

#include "records/views.hpp"

namespace miniops::records {

namespace {

constexpr std::string_view utf8_mark = "\xef\xbb\xbf";
constexpr std::string_view line_end = "\r\n";
constexpr std::string_view names =
    "conversation_id,opened_at,closed_at,state,agent,group_id,openid,nickname,tags,source,score,seq,time,direction,"
    "sender_kind,sender,kind,text";

bool is_formula(std::string_view text) {
  if (text.empty()) return false;
  // Full-width forms are read as formulas, too.
  return std::string_view("=+-@\t\r").contains(text.front()) || text.starts_with("＝") || text.starts_with("＋") ||
         text.starts_with("－") || text.starts_with("＠");
}

std::string cell(std::string_view text) {
  std::string out = is_formula(text) ? "\"'" : "\"";
  for (const char c : text) {
    if (c == '"') out += c;
    out += c;
  }
  return out + '"';
}

std::string time_cell(TimeMs at) {
  if (at == 0) return "";
  const auto seconds = static_cast<std::time_t>(at / second_ms);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string conversation_cells(const ConversationRecord& one) {
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{}", one.id.str(), time_cell(one.opened_at),
                     time_cell(one.closed_at), one.state, cell(one.agent_name),
                     one.group.empty() ? "" : one.group.str(), cell(one.openid), cell(one.nickname),
                     cell(fmt::format("{}", fmt::join(one.tags, " "))), cell(one.source),
                     one.score == 0 ? "" : std::to_string(one.score));
}

std::string message_cells(const MessageRecord& one) {
  return fmt::format("{},{},{},{},{},{},{}", one.seq, time_cell(one.at), one.direction, one.sender_kind,
                     cell(one.sender_name), one.msgtype, cell(one.text));
}

std::string csv_row(const ConversationRecord& conversation, const std::optional<MessageRecord>& message) {
  return conversation_cells(conversation) + ',' + (message ? message_cells(*message) : ",,,,,,").append(line_end);
}

}  // namespace

std::string export_head(Format format) {
  if (format == Format::jsonl) return "";
  return std::string(utf8_mark).append(names).append(line_end);
}

std::string export_row(Format format, const Reader& reader, const ExportRow& row) {
  const ConversationRecord conversation = shown_to(reader, row.conversation);
  std::optional<MessageRecord> message;
  if (row.message) message = shown_to(reader, *row.message);
  if (format == Format::csv) return csv_row(conversation, message);
  json::object out{{"conversation", to_json(conversation)}, {"message", nullptr}};
  if (message) out["message"] = to_json(*message);
  return json::serialize(out) + "\n";
}

std::string_view content_type(const Export& one) {
  return one.format == Format::csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
}

std::string file_name(const Export& one) {
  return fmt::format("{}-{}.{}", word(one.kind), one.id.str(), word(one.format));
}

}  // namespace miniops::records
