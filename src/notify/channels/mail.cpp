#include "notify/channels/mail.hpp"

#include <fmt/chrono.h>

#include "base/encoding.hpp"
#include "base/text.hpp"

namespace miniops::notify {

namespace {

constexpr std::size_t local_bytes_max = 64;
constexpr std::size_t domain_bytes_max = 253;
constexpr std::size_t line_chars = 76;
constexpr std::size_t word_frame = 12;  // =?UTF-8?B? and ?=

constexpr std::array<std::string_view, 3> security_words = {"tls", "starttls", "plain"};

bool is_domain(std::string_view text) {
  if (text.empty() || text.size() > domain_bytes_max || !text.contains('.')) return false;
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('.', begin), text.size());
    const std::string_view label = text.substr(begin, end - begin);
    if (label.empty() || label.size() > 63 || label.starts_with('-') || label.ends_with('-')) return false;
    if (label.find_first_not_of(allowed) != std::string_view::npos) return false;
    begin = end + 1;
  }
  return true;
}

bool is_host(std::string_view text) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:";
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

std::string_view domain_of(std::string_view address) { return address.substr(address.find('@') + 1); }

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; }) && !text.contains("=?");
}

std::string html_escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\n':
        safe += "<br>\n";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string_view colour_of(const Notification& content) {
  if (content.resolved) return "#1a7f37";
  switch (content.severity) {
    case Severity::info:
      return "#0969da";
    case Severity::warning:
      return "#bc4c00";
    case Severity::critical:
      break;
  }
  return "#cf222e";
}

bool is_link(std::string_view link) { return link.starts_with("https://") || link.starts_with("http://"); }

std::string text_part(const Message& message) {
  const Notification& content = message.content;
  std::string text =
      fmt::format("[{}] {}\n\n{}\n", state_word(content, message.language), one_line(content.title), content.text);
  if (is_link(content.link)) text += "\n" + content.link + "\n";
  return text;
}

std::string html_part(const Message& message) {
  const Notification& content = message.content;
  std::string html = fmt::format(
      "<!doctype html><html><body style=\"font-family:sans-serif;font-size:14px;line-height:1.6\">\n"
      "<h3 style=\"margin:0 0 8px\"><span style=\"color:{}\">{}</span> {}</h3>\n<p>{}</p>\n",
      colour_of(content), state_word(content, message.language), html_escaped(one_line(content.title)),
      html_escaped(content.text));
  if (is_link(content.link)) {
    html += fmt::format("<p><a href=\"{}\">{}</a></p>\n", html_escaped(one_line(content.link)),
                        message.language == "en" ? "Open" : "查看详情");
  }
  return html + "</body></html>\n";
}

// Base64 in lines: no line is too long, none begins with a dot, and no line end is changed on the way.
std::string base64_lines(std::string_view bytes) {
  const std::string encoded = base64(bytes);
  std::string lines;
  for (std::size_t at = 0; at < encoded.size(); at += line_chars) lines.append(encoded, at, line_chars).append("\r\n");
  return lines;
}

std::string part(std::string_view type, std::string_view bytes) {
  return fmt::format("Content-Type: {}; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}", type,
                     base64_lines(bytes));
}

// Names of days and months are English whatever the locale.
std::string mail_date(TimeMs at) {
  constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::tm time = fmt::gmtime(static_cast<std::time_t>(at / second_ms));
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", days.at(static_cast<std::size_t>(time.tm_wday)),
                     time.tm_mday, months.at(static_cast<std::size_t>(time.tm_mon)), time.tm_year + 1900, time.tm_hour,
                     time.tm_min, time.tm_sec);
}

std::string header(std::string_view name, std::string_view text) {
  return fmt::format("{}: {}\r\n", name, encoded_header(text, name.size() + 2));
}

std::string mailbox(std::string_view name, const std::string& address, std::size_t column) {
  if (name.empty()) return address;
  return fmt::format("{}\r\n <{}>", encoded_header(name, column), address);
}

std::string recipients(const std::vector<std::string>& to) {
  std::string all;
  for (const std::string& address : to) all.append(all.empty() ? "" : ",\r\n ").append(address);
  return all;
}

Email::Security read_security(JsonInput& in) {
  const std::string word = in.optional_choice("security", {"tls", "starttls", "plain"}).value_or("tls");
  return Email::Security{static_cast<int>(std::ranges::find(security_words, word) - security_words.begin())};
}

}  // namespace

Email read_email(JsonInput& in) {
  constexpr std::array<std::int64_t, 3> usual_ports = {465, 587, 25};
  Email email;
  email.host = in.text("host", {1, 253});
  email.security = read_security(in);
  email.port = in.optional_integer("port", 1, 65535).value_or(usual_ports.at(static_cast<std::size_t>(email.security)));
  email.username = in.optional_text("username", {0, 254}).value_or("");
  email.from = in.text("from", {1, 254});
  email.from_name = one_line(in.optional_text("from_name", {0, 64}).value_or(""));
  email.to = in.optional_texts("to", 50, {1, 254});
  email.ca_certificate = in.optional_text("ca_certificate", {0, 20'000}).value_or("");
  if (!email.host.empty() && !is_host(email.host)) in.mistake("host", "must be a name or an address");
  if (!email.from.empty() && !is_address(email.from)) in.mistake("from", "must be an address such as ops@example.com");
  if (email.to.empty()) in.mistake("to", "give at least one");
  if (!std::ranges::all_of(email.to, is_address)) in.mistake("to", "must be addresses such as ops@example.com");
  if (email.security == Email::Security::plain && !email.username.empty())
    in.mistake("username", "a login is never sent without TLS");
  return email;
}

json::object to_json(const Email& email) {
  return {{"host", email.host},
          {"port", email.port},
          {"security", security_words.at(static_cast<std::size_t>(email.security))},
          {"username", email.username},
          {"from", email.from},
          {"from_name", email.from_name},
          {"to", json::array(email.to.begin(), email.to.end())},
          {"ca_certificate", email.ca_certificate}};
}

bool is_address(std::string_view text) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.";
  const auto at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at > local_bytes_max) return false;
  const std::string_view local = text.substr(0, at);
  if (local.find_first_not_of(allowed) != std::string_view::npos) return false;
  if (local.starts_with('.') || local.ends_with('.') || local.contains("..")) return false;
  return is_domain(text.substr(at + 1));
}

std::string encoded_header(std::string_view text, std::size_t column) {
  const std::string line = one_line(text);
  if (is_plain(line) && column + line.size() <= line_chars) return line;
  std::string encoded;
  for (std::size_t begin = 0; begin < line.size();) {
    // The first word shares its line with the header's name; 4 letters carry 3 bytes.
    const std::size_t taken = (begin == 0 ? column : 1) + word_frame;
    std::size_t end = std::min(begin + (line_chars - taken) / 4 * 3, line.size());
    while (end < line.size() && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
    encoded.append(encoded.empty() ? "" : "\r\n ");
    encoded.append("=?UTF-8?B?").append(base64(std::string_view(line).substr(begin, end - begin))).append("?=");
    begin = end;
  }
  return encoded;
}

std::string mail_of(const Email& email, const Message& message) {
  const Notification& content = message.content;
  const std::string_view domain = domain_of(email.from);
  const std::string boundary = "=_" + hex(sha256("boundary " + message.id)).substr(0, 32);
  std::string mail;
  mail += fmt::format("Date: {}\r\n", mail_date(content.at));
  mail += fmt::format("From: {}\r\n", mailbox(email.from_name, email.from, 6));
  mail += fmt::format("To: {}\r\n", recipients(email.to));
  mail += header("Subject", fmt::format("[{}] {}", state_word(content, message.language), content.title));
  mail += fmt::format("Message-ID: <{}@{}>\r\n", message.id, domain);
  if (!content.subject.empty()) {  // what is about the same makes one thread
    const std::string thread = hex(sha256(content.appid.str() + " " + content.subject)).substr(0, 32);
    mail += fmt::format("References: <{}@{}>\r\nIn-Reply-To: <{}@{}>\r\n", thread, domain, thread, domain);
  }
  mail += "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\n";
  mail += fmt::format("Content-Type: multipart/alternative; boundary=\"{}\"\r\n\r\n", boundary);
  mail += fmt::format("--{}\r\n{}", boundary, part("text/plain", text_part(message)));
  mail += fmt::format("--{}\r\n{}", boundary, part("text/html", html_part(message)));
  mail += fmt::format("--{}--\r\n", boundary);
  return mail;
}

}  // namespace miniops::notify
