#include "records/export_format.hpp"

#include <ctime>

#include "records/views.hpp"

namespace miniops::records {

namespace {

constexpr std::string_view utf8_mark = "\xef\xbb\xbf";
constexpr std::string_view line_end = "\r\n";
constexpr std::string_view names =
    "conversation_id,opened_at,closed_at,state,agent,group_id,reason,tags,openid,nickname,customer_tags,source,score,"
    "seq,time,direction,sender_kind,sender,kind,text";

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

std::string words_cell(const std::vector<std::string>& words) { return cell(fmt::format("{}", fmt::join(words, " "))); }

std::string conversation_cells(const ConversationRecord& one) {
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{}", one.id.str(), time_cell(one.opened_at),
                     time_cell(one.closed_at), one.state, cell(one.agent_name),
                     one.group.empty() ? "" : one.group.str(), cell(one.reason_name), words_cell(one.tags),
                     cell(one.openid), cell(one.nickname), words_cell(one.customer_tags), cell(one.source),
                     one.score == 0 ? "" : std::to_string(one.score));
}

std::string message_cells(const MessageRecord& one) {
  return fmt::format("{},{},{},{},{},{},{}", one.seq, time_cell(one.at), one.direction, one.sender_kind,
                     cell(one.sender_name), one.msgtype, cell(one.text));
}

std::string csv_row(const ConversationRecord& conversation, const std::optional<MessageRecord>& message) {
  return conversation_cells(conversation) + ',' + (message ? message_cells(*message) : ",,,,,,").append(line_end);
}

json::value or_null(TimeMs at) { return at == 0 ? json::value(nullptr) : json::value(at); }
json::value or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

// What a message's figures are made of stands beside what it says.
json::object line_of(const MessageRecord& one) {
  json::object out = to_json(one);
  out["sender_id"] = or_null(one.sender_id);
  out["cause"] = or_null(one.cause);
  out["queued_at"] = or_null(one.queued_at);
  out["accepted_at"] = or_null(one.accepted_at);
  return out;
}

json::object line_of(const EventRecord& one) {
  return {{"id", std::to_string(one.id)},
          {"at", one.at},
          {"kind", one.kind},
          {"from", or_null(one.from)},
          {"to", or_null(one.to)},
          {"actor_kind", one.actor_kind},
          {"actor_id", or_null(one.actor_id)},
          {"actor_name", or_null(one.actor_name)},
          {"seq", one.seq}};
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
  if (message) out["message"] = line_of(*message);
  if (row.event) out["event"] = line_of(shown_to(reader, *row.event));
  return json::serialize(out) + "\n";
}

std::string_view content_type(const Export& one) {
  return one.format == Format::csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
}

std::string file_name(const Export& one) {
  return fmt::format("{}-{}.{}", word(one.kind), one.id.str(), word(one.format));
}

}  // namespace miniops::records
