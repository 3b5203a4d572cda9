#include "sandbox/tokens.hpp"

#include <algorithm>

namespace miniops::sandbox {

namespace {
constexpr std::size_t tokens_remembered_max = 64;
constexpr std::size_t token_characters = 150;

std::int64_t seconds_left(TimeMs until, TimeMs now) { return std::max<std::int64_t>(0, (until - now) / second_ms); }
}  // namespace

IssuedToken TokenBook::issue(TimeMs now, Random& random) {
  bool newest_seen = false;
  for (Entry& entry : entries_) {
    if (entry.store != Store::plain) continue;
    const TimeMs end = newest_seen ? now : now + token_overlap_ms;
    newest_seen = true;
    if (entry.valid_until <= end) continue;
    entry.valid_until = end;
    entry.superseded = true;
  }
  const Entry& entry = add(Store::plain, now, random);
  return {entry.token, seconds_left(entry.valid_until, now)};
}

IssuedToken TokenBook::stable(TimeMs now, bool force, Random& random) {
  const Entry* current = newest(Store::stable);
  const bool alive = current != nullptr && now < current->valid_until;
  if (force && forced_today(now) < forces_a_day && (forces_ == 0 || now - last_force_ >= force_pause_ms)) {
    if (force_day_ != day_in_china(now)) forces_ = 0;
    force_day_ = day_in_china(now);
    last_force_ = now;
    ++forces_;
    for (Entry& entry : entries_) {
      if (entry.store != Store::stable || entry.valid_until <= now) continue;
      entry.valid_until = now;
      entry.superseded = true;
    }
    current = &add(Store::stable, now, random);
  } else if (!alive || current->valid_until - now <= token_overlap_ms) {
    current = &add(Store::stable, now, random);
  }
  return {current->token, seconds_left(current->valid_until, now)};
}

TokenState TokenBook::check(std::string_view token, TimeMs now) const {
  const auto found = std::ranges::find(entries_, token, &Entry::token);
  if (found == entries_.end()) return TokenState::unknown;
  if (now < found->valid_until) return TokenState::valid;
  return found->superseded ? TokenState::superseded : TokenState::expired;
}

int TokenBook::forced_today(TimeMs now) const { return force_day_ == day_in_china(now) ? forces_ : 0; }

const TokenBook::Entry& TokenBook::add(Store store, TimeMs now, Random& random) {
  entries_.push_front({store, "90_" + random.alphanumeric(token_characters), now + life_ms_});
  if (entries_.size() > tokens_remembered_max) entries_.pop_back();
  return entries_.front();
}

const TokenBook::Entry* TokenBook::newest(Store store) const {
  const auto found = std::ranges::find(entries_, store, &Entry::store);
  return found == entries_.end() ? nullptr : &*found;
}

}  // namespace miniops::sandbox
