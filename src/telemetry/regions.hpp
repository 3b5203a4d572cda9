// Where an address is: the province within China, else the country. From ip2region's file (xdb, version 2), which lies
// in lib/ beside the program. The address itself is not kept.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace miniops::telemetry {

// Read-only after it is made: safe from any thread.
class Regions {
 public:
  Regions() = default;  // knows nothing
  // The first of the files that can be read; without one it knows nothing, and says so in the log.
  static Regions open(std::span<const std::filesystem::path> places);
  ~Regions();
  Regions(Regions&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  Regions& operator=(Regions&&) = delete;

  bool known() const { return !bytes_.empty(); }
  // "广东省", "美国"; "" for private addresses, those that it does not know, and IPv6.
  std::string of(std::string_view address) const;

 private:
  explicit Regions(std::string_view bytes) : bytes_(bytes) {}
  std::string_view bytes_;  // the file, mapped
};

// lib/ip2region.xdb beside the program, or beside its folder.
std::vector<std::filesystem::path> region_places();

}  // namespace miniops::telemetry
