#include "storage/spool/segment_reader.hpp"

#include "storage/spool/checksum.hpp"
#include "storage/spool/segment_file.hpp"

namespace miniops::spool {

namespace {

constexpr std::int64_t read_ahead = 1 << 20;
constexpr std::int64_t search_step = 64 << 10;
constexpr std::int64_t page = 4096;
// Each may take a failing disk seconds.
constexpr int failed_pages_max = 256;

}  // namespace

bool SegmentReader::read(const Extent& extent, std::int64_t& bytes_max, Reading& out) {
  end_ = extent.end;
  synced_to_ = std::max(synced_to_, extent.durable);
  std::int64_t& at = out.next.offset;
  at = std::max(at, std::min(first_frame, end_));
  if (at >= end_) return true;
  if (!header_ && !know_header(out)) return false;
  if (header_damaged_) {
    out.damage.push_back({number_, 0, end_, "unreadable"});
    bytes_max -= end_ - at;
    at = end_;
  }
  while (at < end_ && bytes_max > 0) {
    if (!step(bytes_max, out)) return false;
  }
  return true;
}

bool SegmentReader::know_header(Reading& out) {
  auto header = read_segment_header(*file_, number_);
  if (!header) {
    out.problem = header.error().message;
    return false;
  }
  header_ = *header;
  // It was synced before the first frame was written: no crash left it like this.
  header_damaged_ = !header_ || header_->version != format_version;
  if (header_) marker_ = marker_bytes(header_->marker);
  return true;
}

// One frame, or one hole.
bool SegmentReader::step(std::int64_t& bytes_max, Reading& out) {
  std::int64_t& at = out.next.offset;
  const std::int64_t begin = at;
  disk_failed_ = false;
  const auto frame = frame_at(at);
  if (!frame) {
    if (!tell_hole(next_frame(at + 1), "checksum", out)) return false;
  } else if (frame->kind == Frame::Kind::end) {
    at = end_;
  } else {
    const auto payload = bytes(at + std::int64_t{frame_bytes}, frame->length);
    const std::int64_t next = at + size_of(*frame);
    if (payload && crc32c(*payload) == frame->checksum) {
      out.blocks.push_back({out.next, {number_, next}, frame->appended_at, std::string(*payload)});
      at = next;
    } else if (!tell_hole(next, "checksum", out)) {
      return false;
    }
  }
  bytes_max -= at - begin;
  return true;
}

bool SegmentReader::tell_hole(std::int64_t to, const char* what, Reading& out) {
  std::int64_t& from = out.next.offset;
  const bool by_disk = disk_failed_;
  if (ahead_ < to) ahead_ = to;
  while (ahead_ < end_ && (synced_to_ <= from || last_frame_ < to)) look_ahead(ahead_);
  const bool followed = last_frame_ >= to;
  if (by_disk && !followed) {
    // Perhaps the whole disk is gone for now: that must not count as read.
    out.problem = problem_;
    return false;
  }
  if (from < synced_to_) {
    out.damage.push_back({number_, from, to, by_disk ? "unreadable" : what});
  } else if (followed) {
    out.damage.push_back({number_, from, to, "torn"});
  }
  from = to;
  return true;
}

void SegmentReader::look_ahead(std::int64_t from) {
  const auto frame = frame_at(from);
  ahead_ = frame ? from + size_of(*frame) : next_frame(from + 1);
}

std::optional<Frame> SegmentReader::frame_at(std::int64_t offset) {
  const auto header = bytes(offset, frame_bytes);
  if (!header) return std::nullopt;
  const auto frame = decode_frame(*header, header_->marker, offset);
  if (!frame || offset + size_of(*frame) > end_) return std::nullopt;
  last_frame_ = std::max(last_frame_, offset);
  synced_to_ = std::max(synced_to_, frame->group);
  return frame;
}

// The next place from `from` on where a whole header stands, or the end.
std::int64_t SegmentReader::next_frame(std::int64_t from) {
  const auto overlap = static_cast<std::int64_t>(marker_.size()) - 1;
  int failed_pages = 0;
  while (from + std::int64_t{frame_bytes} <= end_) {
    auto stretch = bytes(from, std::min(search_step, end_ - from));
    if (!stretch) stretch = bytes(from, std::min(page - from % page, end_ - from));
    if (!stretch) {
      if (++failed_pages > failed_pages_max) return end_;
      from += page - from % page;
      continue;
    }
    const auto found = stretch->find(marker_);
    if (found == std::string_view::npos) {
      from += std::max(std::int64_t{1}, static_cast<std::int64_t>(stretch->size()) - overlap);
      continue;
    }
    from += static_cast<std::int64_t>(found);
    if (frame_at(from)) return from;
    ++from;
  }
  return end_;
}

std::optional<std::string_view> SegmentReader::bytes(std::int64_t offset, std::int64_t size) {
  if (offset + size > end_) return std::nullopt;
  const auto window_end = window_at_ + static_cast<std::int64_t>(window_.size());
  if (offset < window_at_ || offset + size > window_end) {
    // Never beyond the end: what lies behind it is being written.
    const std::int64_t wanted = std::max(size, std::min(read_ahead, end_ - offset));
    auto read = file_->read(offset, static_cast<std::size_t>(wanted));
    if (!read && wanted > size) read = file_->read(offset, static_cast<std::size_t>(size));
    if (!read) {
      disk_failed_ = true;
      problem_ = read.error().message;
      return std::nullopt;
    }
    window_ = std::move(*read);
    window_at_ = offset;
    // A file that was cut short is one that ends with zeros.
    if (static_cast<std::int64_t>(window_.size()) < size) window_.resize(static_cast<std::size_t>(wanted), '\0');
  }
  return std::string_view(window_).substr(static_cast<std::size_t>(offset - window_at_),
                                          static_cast<std::size_t>(size));
}

}  // namespace miniops::spool
