#include "storage/spool/catalogue.hpp"

#include <chrono>

namespace miniops::spool {

void Catalogue::found(const FoundSegment& segment, TimeMs now) {
  const std::lock_guard lock(mutex_);
  const auto before = segments_.find(segment.number - 1);
  if (before != segments_.end() && segment.previous_end > 0) {
    count(*before, -1);
    before->second.end = before->second.durable = segment.previous_end;
    count(*before, 1);
  }
  const auto [at, added] = segments_.try_emplace(segment.number);
  // Of unknown age it counts as new, so that it is rather kept too long.
  at->second = {segment.created_at.value_or(now), segment.bytes, segment.ended ? segment.bytes : 0, segment.bytes};
  newest_ = segment.number;
  count(*at, 1);
}

// ---- the writer ----

std::int64_t Catalogue::next_number() const {
  const std::lock_guard lock(mutex_);
  return std::max(newest_, believed_) + 1;
}

std::int64_t Catalogue::durable_end(std::int64_t number) const {
  const std::lock_guard lock(mutex_);
  const auto segment = segments_.find(number);
  return segment == segments_.end() ? 0 : segment->second.durable;
}

void Catalogue::begin(std::int64_t number, TimeMs now, std::int64_t end) {
  const std::lock_guard lock(mutex_);
  const auto [at, added] = segments_.try_emplace(number);
  at->second = {now, end, end, end};
  newest_ = number;
  count(*at, 1);
}

void Catalogue::grow(std::int64_t number, std::int64_t end) {
  const std::lock_guard lock(mutex_);
  const auto segment = segments_.find(number);
  if (segment == segments_.end()) return;
  count(*segment, -1);
  segment->second.end = segment->second.durable = segment->second.bytes = end;
  count(*segment, 1);
  grown_.notify_all();
}

void Catalogue::abandon(std::int64_t number, std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  const auto segment = segments_.find(number);
  if (segment == segments_.end()) return;
  count(*segment, -1);
  segment->second.bytes = std::max(bytes, segment->second.end);
  count(*segment, 1);
}

void Catalogue::undo(std::int64_t number) {
  const std::lock_guard lock(mutex_);
  erase(number);
  if (newest_ == number) newest_ = number - 1;
}

bool Catalogue::writable(std::int64_t number) const {
  const std::lock_guard lock(mutex_);
  return number > believed_ && segments_.contains(number);
}

bool Catalogue::has_room(std::int64_t bytes) const {
  const std::lock_guard lock(mutex_);
  // Before the first release() nobody knows what earlier processes left unread: that they left much must not refuse
  // what comes now, and that they come and go must not fill the disk.
  if (!loaded_) return bytes_ + bytes <= options_.kept_bytes_max + options_.unread_bytes_max;
  return unread_bytes_ + bytes <= options_.unread_bytes_max;
}

// ---- the reader ----

std::optional<Extent> Catalogue::at_or_after(std::int64_t number) const {
  const std::lock_guard lock(mutex_);
  const auto segment = segments_.lower_bound(number);
  if (segment == segments_.end()) return std::nullopt;
  return Extent{segment->first, segment->second.end, segment->second.durable, std::next(segment) == segments_.end()};
}

Position Catalogue::oldest() const {
  const std::lock_guard lock(mutex_);
  if (segments_.empty()) return {};
  return {segments_.begin()->first, first_frame};
}

bool Catalogue::readable(Position from) const {
  for (auto segment = segments_.lower_bound(from.segment); segment != segments_.end(); ++segment) {
    const std::int64_t begin = segment->first == from.segment ? std::max(from.offset, first_frame) : first_frame;
    if (segment->second.end > begin) return true;
  }
  return false;
}

bool Catalogue::wait(Position from, int for_ms) {
  std::unique_lock lock(mutex_);
  grown_.wait_for(lock, std::chrono::milliseconds(for_ms), [&] { return stopped_ || readable(from); });
  return readable(from);
}

void Catalogue::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  grown_.notify_all();
}

// ---- retention ----

void Catalogue::release(Position loaded) {
  const std::lock_guard lock(mutex_);
  loaded_ = loaded;
  // The store remembers more than the folder holds, which was emptied or restored: blocks under those numbers would be
  // taken for read.
  if (loaded.segment > newest_) believed_ = loaded.segment;
  unread_bytes_ = 0;
  for (const auto& [number, segment] : segments_) unread_bytes_ += unread(number, segment);
}

void Catalogue::turn() {
  const std::lock_guard lock(mutex_);
  believed_ = std::max(believed_, newest_);
}

bool Catalogue::is_read(Segments::const_iterator segment) const {
  // The newest stays even when it is read: it holds the place of the numbers.
  return loaded_ && segment != segments_.end() && segment->first < loaded_->segment &&
         std::next(segment) != segments_.end();
}

std::optional<std::int64_t> Catalogue::expired(TimeMs now) const {
  const std::lock_guard lock(mutex_);
  const auto oldest = segments_.begin();
  if (!is_read(oldest)) return std::nullopt;
  // Nothing was appended to it after the next one began.
  const bool old = now - std::next(oldest)->second.created_at >= options_.kept_ms;
  if (!old && bytes_ <= options_.kept_bytes_max) return std::nullopt;
  return oldest->first;
}

std::optional<std::int64_t> Catalogue::dispensable() const {
  const std::lock_guard lock(mutex_);
  if (!is_read(segments_.begin())) return std::nullopt;
  return segments_.begin()->first;
}

void Catalogue::forget(std::int64_t number) {
  const std::lock_guard lock(mutex_);
  erase(number);
}

void Catalogue::erase(std::int64_t number) {
  const auto segment = segments_.find(number);
  if (segment == segments_.end()) return;
  count(*segment, -1);
  segments_.erase(segment);
}

// ---- sums ----

std::int64_t Catalogue::unread(std::int64_t number, const Segment& segment) const {
  std::int64_t begin = first_frame;
  if (loaded_ && number < loaded_->segment) begin = segment.end;
  if (loaded_ && number == loaded_->segment) begin = std::max(begin, loaded_->offset);
  return std::max(std::int64_t{0}, segment.end - begin);
}

void Catalogue::count(const Segments::value_type& segment, int sign) {
  bytes_ += sign * segment.second.bytes;
  unread_bytes_ += sign * unread(segment.first, segment.second);
}

Catalogue::Totals Catalogue::totals() const {
  const std::lock_guard lock(mutex_);
  return {static_cast<std::int64_t>(segments_.size()), bytes_, unread_bytes_};
}

}  // namespace miniops::spool
