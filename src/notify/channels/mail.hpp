// A mail as RFC 5322 and MIME want it: text and HTML, Chinese anywhere, nothing of a notification can become a header.
// Pure.
#pragma once

#include "base/json.hpp"
#include "notify/channels/message.hpp"

namespace miniops::notify {

struct Email {
  enum class Security { tls, starttls, plain };
  std::string host;
  std::int64_t port = 0;
  Security security = Security::tls;
  std::string username;  // empty: no login
  std::string from, from_name;
  std::vector<std::string> to;
  std::string ca_certificate;  // PEM, besides the system's authorities
};
Email read_email(JsonInput& in);
json::object to_json(const Email& email);

// local@domain in ASCII: letters, digits and a few signs, no quoting, no comment, a domain with a dot.
bool is_address(std::string_view text);
// ASCII as it is; else "=?UTF-8?B?…?=" words of whole characters, one a line, no line longer than 76. `column` is where
// the value begins, at most 40.
std::string encoded_header(std::string_view text, std::size_t column);

// The whole mail with CRLF line ends, ready for DATA but for the dots. The same message gives the same bytes.
std::string mail_of(const Email& email, const Message& message);

}  // namespace miniops::notify
