#include "base/json.hpp"
#include "base/text.hpp"
#include "targets/fuzz.hpp"
#include "wechat/api.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace miniops;
  const auto value = parse_json({reinterpret_cast<const char*>(data), size});
  if (!value || !value->is_object()) return 0;
  const auto message = wechat::parse_outgoing(value->get_object());
  if (!message) return 0;
  const json::object written = wechat::outgoing_json(*message);
  const auto back = wechat::parse_outgoing(written);
  fuzz::require(back && wechat::outgoing_json(*back) == written);
  const wechat::ApiCall call = wechat::custom_send_call(OpenId("u"), *message);
  fuzz::require(call.body.find("\\u") == std::string::npos || call.body.find("\\\\u") != std::string::npos);
  fuzz::require(parse_json(call.body).has_value());
  return 0;
}
