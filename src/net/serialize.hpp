// A response as the bytes that leave, with the headers that every response carries.
#pragma once

#include <string>
#include <string_view>

#include "net/http.hpp"

namespace miniops::net {

struct Framing {
  bool http_1_0 = false;
  bool keep_alive = true;
  bool head = false;      // the request was HEAD: no body
  std::string_view date;  // as the Date header wants it
  std::string_view request_id;
};

// Appends status line and headers to `out`, and the body unless it is large: then it returns true and the body is to
// be written after it.
bool serialize(const Response& response, const Framing& framing, std::string& out);

// "Sat, 21 Nov 2026 07:10:06 GMT"
std::string http_date(TimeMs now);

}  // namespace miniops::net
