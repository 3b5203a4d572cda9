#include <charconv>

#include "storage/events/event_store.hpp"

namespace miniops::events {

std::optional<Id128> parse_id128(std::string_view digits) {
  if (digits.size() != 32) return std::nullopt;
  Id128 id;
  const auto read = [&](std::size_t from, std::uint64_t& part) {
    const char* end = digits.data() + from + 16;
    const auto [stop, problem] = std::from_chars(digits.data() + from, end, part, 16);
    return problem == std::errc{} && stop == end;
  };
  if (!read(0, id.high) || !read(16, id.low)) return std::nullopt;
  return id;
}

}  // namespace miniops::events
