#include "storage/spool/reader.hpp"

namespace miniops::spool {

Reading Reader::read(Position from, std::size_t bytes_max) {
  Reading out;
  out.next = from;
  auto left = static_cast<std::int64_t>(std::max<std::size_t>(1, bytes_max));
  while (left > 0) {
    const auto extent = advance(out);
    if (!extent) break;
    if (!enter(*extent, out)) {
      if (!out.problem.empty()) break;
      continue;
    }
    if (!segment_->read(*extent, left, out)) break;
    left_at_ = out.next.offset;
  }
  return out;
}

// The extent that out.next lies in, or the next one, into which it is moved; nullopt when there is nothing more.
std::optional<Extent> Reader::advance(Reading& out) const {
  Position& at = out.next;
  std::int64_t expected = at.segment;
  auto extent = catalogue_.at_or_after(expected);
  if (extent && extent->number == at.segment) {
    if (at.offset < extent->end) return extent;
    if (extent->newest) return std::nullopt;
    extent = catalogue_.at_or_after(++expected);
  }
  if (!extent) return std::nullopt;
  // The writer may take back a segment that holds no block yet, and use its number again: nobody may stand in it.
  if (extent->newest && extent->end <= first_frame) return std::nullopt;
  if (at.segment > 0 && extent->number > expected)
    out.damage.push_back({expected, 0, 0, "missing", extent->number - expected});
  at = {extent->number, first_frame};
  return extent;
}

// False when its file is gone (somebody removed it: it is forgotten, and the next turn finds it missing), or cannot be
// opened now, as out.problem says then.
bool Reader::enter(const Extent& extent, Reading& out) {
  // What a SegmentReader has learned holds from where it began.
  if (segment_ && segment_->number() == extent.number && out.next.offset >= left_at_) return true;
  segment_.reset();
  auto file = disk_.open(folder_ / segment_name(extent.number));
  if (file) {
    segment_ = std::make_unique<SegmentReader>(std::move(*file), extent.number);
    return true;
  }
  const auto there = has_segment(disk_, folder_, extent.number);
  if (there && !*there) {
    catalogue_.forget(extent.number);
  } else {
    out.problem = file.error().message;
  }
  return false;
}

}  // namespace miniops::spool
