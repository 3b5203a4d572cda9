#include "net/http.hpp"
#include "targets/fuzz.hpp"
#include "wechat/push.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace miniops;
  const std::string_view query(reinterpret_cast<const char*>(data), size);
  std::size_t bytes = 0;
  for (const auto& [name, value] : net::parse_query(query)) bytes += name.size() + value.size();
  fuzz::require(bytes <= size);
  const wechat::PushQuery push = wechat::parse_push_query(query);
  fuzz::require(push.signature.size() + push.echostr.size() + push.nonce.size() <= size);
  (void)wechat::verify_url(push, {"token", ""});
  net::Request request;
  request.query = query;
  if (const auto page = net::page_of(request)) fuzz::require(page->limit >= 1 && page->limit <= 100);
  (void)net::read_cursor(query);
  (void)request.query_value("a");
  return 0;
}
