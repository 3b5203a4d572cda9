#include <cstring>

#include "base/text.hpp"
#include "targets/fuzz.hpp"
#include "wechat/errors.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace miniops;
  const auto address = wechat::ip_not_allowed({reinterpret_cast<const char*>(data), size});
  if (address)
    fuzz::require(!address->empty() && address->find_first_not_of("0123456789abcdefABCDEF.:") == std::string::npos);
  int errcode = 0;
  if (size >= sizeof errcode) std::memcpy(&errcode, data, sizeof errcode);
  for (const char* language : {"zh", "en"}) fuzz::require(valid_utf8(wechat::explain(errcode, language)));
  fuzz::require((wechat::policy_of(errcode, false) == wechat::Policy::ok) == (errcode == 0));
  return 0;
}
