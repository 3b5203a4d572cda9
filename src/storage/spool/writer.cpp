#include "storage/spool/writer.hpp"

#include "base/log.hpp"

namespace miniops::spool {

Result<std::vector<Position>> Writer::write(const std::vector<Pending>& group) {
  if (auto ready = prepare(); !ready) return std::unexpected(ready.error());
  std::vector<Position> places;
  buffer_.clear();
  for (const Pending& pending : group) {
    const std::int64_t at = end_ + static_cast<std::int64_t>(buffer_.size());
    const auto length = static_cast<std::uint32_t>(pending.block.size());
    places.push_back({header_.number, at});
    append_frame(buffer_, header_.marker,
                 {Frame::Kind::block, length, pending.checksum, pending.appended_at, at, end_});
    buffer_ += pending.block;
  }
  if (auto stored = store(buffer_); !stored) {
    abandon();
    return std::unexpected(stored.error());
  }
  return places;
}

Result<void> Writer::store(std::string_view bytes) {
  if (auto appended = file_->append(bytes); !appended) return appended;
  if (auto synced = file_->sync(); !synced) return synced;
  end_ += static_cast<std::int64_t>(bytes.size());
  catalogue_.grow(header_.number, end_);
  return {};
}

Result<void> Writer::prepare() {
  if (file_) {
    // A segment goes as a whole: with little traffic one must not last for weeks.
    const bool old = clock_.now() - header_.created_at >= std::max(options_.kept_ms, minute_ms);
    if (old || end_ >= options_.segment_bytes || !catalogue_.writable(header_.number)) finish();
  }
  if (file_) return {};
  return begin();
}

Result<void> Writer::begin() {
  const std::int64_t number = catalogue_.next_number();
  header_ = {format_version, number, clock_.now(), random_.number(), catalogue_.durable_end(number - 1)};
  auto file = disk_.create(folder_ / segment_name(header_.number));
  if (!file) {
    // Is the name taken? Then by nothing of ours that was acknowledged: the next number is tried with the next group.
    const auto taken = has_segment(disk_, folder_, header_.number);
    if (taken && *taken) catalogue_.begin(header_.number, header_.created_at, 0);
    return std::unexpected(file.error());
  }
  // Synced before the first frame is written: where there are frames, there is a header.
  const std::string bytes = encode(header_);
  auto stored = (*file)->append(bytes);
  if (stored) stored = (*file)->sync();
  catalogue_.begin(header_.number, header_.created_at, first_frame);
  if (!stored) {
    take_back(header_.number);
    return stored;
  }
  file_ = std::move(*file);
  end_ = first_frame;
  return {};
}

void Writer::finish() {
  if (!file_) return;
  // It says that all before it is durable, and so may be written only when that is true.
  buffer_.clear();
  append_frame(buffer_, header_.marker, {Frame::Kind::end, 0, 0, clock_.now(), end_, end_});
  if (auto stored = store(buffer_); !stored) {
    // Nothing is lost: it will be read like a segment whose writer crashed.
    log::warn("spool.segment_not_ended", {{"segment", header_.number}, {"code", stored.error().code}});
    abandon();
  }
  file_.reset();
}

void Writer::abandon() {
  const auto size = file_->size();
  catalogue_.abandon(header_.number, size.value_or(end_ + static_cast<std::int64_t>(buffer_.size())));
  file_.reset();
  if (end_ == first_frame) take_back(header_.number);
}

// Otherwise every group that fails on a full disk would leave a file.
void Writer::take_back(std::int64_t number) {
  if (disk_.remove(folder_ / segment_name(number))) catalogue_.undo(number);
}

}  // namespace miniops::spool
