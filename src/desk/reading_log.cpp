#include "desk/reading_log.hpp"

namespace miniops::desk {

bool ReadingLog::is_noted(const std::string& what, TimeMs now) const {
  const std::scoped_lock lock(mutex_);
  const auto found = noted_.find(what);
  return found != noted_.end() && now - found->second < again_after_ms;
}

void ReadingLog::note(const std::string& what, TimeMs now) {
  const std::scoped_lock lock(mutex_);
  noted_[what] = now;
  order_.emplace_back(what, now);
  while (order_.size() > entries_max || now - order_.front().second >= again_after_ms) {
    const auto& [oldest, at] = order_.front();
    // It may have been noted anew since.
    if (const auto found = noted_.find(oldest); found != noted_.end() && found->second == at) noted_.erase(found);
    order_.pop_front();
  }
}

}  // namespace miniops::desk
