// What the fuzz targets share. A target states properties with `require`: a finding is a crash, a sanitizer's report,
// or a property that does not hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace miniops::fuzz {

inline void require(bool holds) {
  if (!holds) __builtin_trap();
}

// The input, taken apart from the front.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  // A number below `bound`; 0 when nothing is left.
  unsigned choice(unsigned bound) {
    if (rest_.empty()) return 0;
    const unsigned value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return value % bound;
  }
  // Up to the next line feed, which is dropped.
  std::string_view line() {
    const std::size_t end = rest_.find('\n');
    const std::string_view out = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return out;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace miniops::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
