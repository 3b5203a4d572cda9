#include "telemetry/regions.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.hpp"

namespace miniops::telemetry {

namespace fs = std::filesystem;

namespace {

// The file: 256 bytes of header; 256 × 256 pairs (first, last) by the address' first two bytes; sorted segments (first
// address, last address, length and place of the text). Little-endian.
constexpr std::size_t header_bytes = 256;
constexpr std::size_t pair_bytes = 8;
constexpr std::size_t index_bytes = 256 * 256 * pair_bytes;
constexpr std::size_t segment_bytes = 14;

std::uint32_t number_at(std::string_view bytes, std::size_t at, int length = 4) {
  std::uint32_t number = 0;
  if (at + static_cast<std::size_t>(length) > bytes.size()) return number;
  for (int i = length; i-- > 0;)
    number = number << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
  return number;
}

std::optional<std::uint32_t> ipv4_of(std::string_view address) {
  static constexpr std::string_view mapped = "::ffff:";
  if (address.starts_with(mapped)) address.remove_prefix(mapped.size());
  in_addr parsed{};
  if (::inet_pton(AF_INET, std::string(address).c_str(), &parsed) != 1) return std::nullopt;
  return ntohl(parsed.s_addr);
}

// "中国|0|广东省|深圳市|电信": country, -, province, city, line; "0" for what is unknown.
std::string region_of(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find('|', from), text.size());
    parts.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  const auto part = [&](std::size_t i) { return i < parts.size() && parts[i] != "0" ? std::string(parts[i]) : ""; };
  const std::string country = part(0);
  return country == "中国" && !part(2).empty() ? part(2) : country;
}

}  // namespace

Regions Regions::open(std::span<const fs::path> places) {
  for (const fs::path& place : places) {
    const int file = ::open(place.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) continue;
    std::error_code problem;
    const auto size = fs::file_size(place, problem);
    void* mapped = problem || size < header_bytes + index_bytes
                       ? MAP_FAILED
                       : ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    ::close(file);
    if (mapped != MAP_FAILED) return Regions(std::string_view(static_cast<const char*>(mapped), size));
  }
  log::warn("telemetry.no_regions", {});
  return {};
}

Regions::~Regions() {
  if (known()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

std::string Regions::of(std::string_view address) const {
  const auto wanted = known() ? ipv4_of(address) : std::nullopt;
  if (!wanted) return {};
  const std::size_t pair = header_bytes + (*wanted >> 16) * pair_bytes;
  const std::size_t first = number_at(bytes_, pair);
  const std::size_t last = number_at(bytes_, pair + 4);
  if (last < first || last + segment_bytes > bytes_.size()) return {};
  std::size_t low = 0;
  std::size_t high = (last - first) / segment_bytes + 1;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const std::size_t at = first + middle * segment_bytes;
    if (*wanted < number_at(bytes_, at)) {
      high = middle;
    } else if (*wanted > number_at(bytes_, at + 4)) {
      low = middle + 1;
    } else {
      const std::size_t length = number_at(bytes_, at + 8, 2);
      const std::size_t text = number_at(bytes_, at + 10);
      return text + length <= bytes_.size() ? region_of(bytes_.substr(text, length)) : "";
    }
  }
  return {};
}

std::vector<fs::path> region_places() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  std::vector<fs::path> places;
  // The program's own folder, and what lies beside the folders of the tests' programs.
  for (fs::path folder = program.parent_path(); !error && folder.has_relative_path() && places.size() < 4;
       folder = folder.parent_path())
    places.push_back(folder / "lib/ip2region.xdb");
  return places;
}

}  // namespace miniops::telemetry
