#include "identity/reading_log.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "base/encoding.hpp"

namespace miniops::identity {

namespace {

// Of one size, whatever was asked.
std::string name_of(const Access& access, const ReadingLog::Reading& reading) {
  const AuditEntry& entry = reading.entry;
  return sha256(fmt::format("{} {} {} {} {} {}", access.appid().str(), access.account().str(), entry.action,
                            entry.object, boost::json::serialize(entry.changes), reading.asked));
}

}  // namespace

Task<Result<void>> ReadingLog::note(Access access, std::vector<Reading> readings) {
  std::erase_if(readings, [&](const Reading& one) { return is_noted(name_of(access, one), one.entry.at); });
  if (readings.empty()) co_return Result<void>();
  for (Reading& one : readings) one.entry.id = ids_.next();
  auto write = [&](sql::Transaction& tx) -> Result<void> {
    for (const Reading& one : readings) identity::audit(tx, access, one.entry);
    return {};
  };
  auto written = co_await database_.write(std::move(write));
  if (!written) co_return written;
  for (const Reading& one : readings) remember(name_of(access, one), one.entry.at);
  co_return written;
}

Task<Result<void>> ReadingLog::note(Access access, Reading reading) {
  std::vector<Reading> readings;
  readings.push_back(std::move(reading));
  return note(std::move(access), std::move(readings));
}

bool ReadingLog::is_noted(const std::string& what, TimeMs now) const {
  const std::scoped_lock lock(mutex_);
  const auto found = noted_.find(what);
  return found != noted_.end() && now - found->second < again_after_ms;
}

void ReadingLog::remember(const std::string& what, TimeMs now) {
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

}  // namespace miniops::identity
