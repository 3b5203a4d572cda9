#include "targets/message.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  miniops::fuzz::check_message(miniops::wechat::Format::xml, {reinterpret_cast<const char*>(data), size});
  return 0;
}
