#include "base/ids.hpp"

#include <charconv>
#include <stdexcept>

namespace miniops {

namespace {
constexpr TimeMs epoch = 1704067200000;  // 2024-01-01T00:00:00Z
constexpr int sequence_bits = 12;
constexpr int node_bits = 10;
}  // namespace

std::optional<std::int64_t> parse_id(std::string_view text) {
  if (text.empty() || text.size() > 19 || text.front() < '1' || text.front() > '9') return std::nullopt;
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

IdSource::IdSource(const Clock& clock, int node) : clock_(clock), node_(node) {
  if (node < 0 || node >= (1 << node_bits)) throw std::invalid_argument("node number out of range");
}

std::int64_t IdSource::next() {
  std::int64_t last = last_.load();
  for (;;) {
    const std::int64_t from_clock = (clock_.now() - epoch) << sequence_bits;
    const std::int64_t next = std::max(from_clock, last + 1);  // a full millisecond borrows from the next
    if (last_.compare_exchange_weak(last, next)) {
      const std::int64_t time = next >> sequence_bits;
      const std::int64_t sequence = next & ((1 << sequence_bits) - 1);
      return (time << (node_bits + sequence_bits)) | (node_ << sequence_bits) | sequence;
    }
  }
}

std::int64_t IdSource::first_at(TimeMs time) {
  constexpr TimeMs last = (TimeMs{1} << 41) - 1;
  return std::clamp<TimeMs>(time - epoch, 0, last) << (node_bits + sequence_bits);
}

}  // namespace miniops
