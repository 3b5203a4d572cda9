// The recent changes of one mini program in memory, each with the message that carries it.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "identity/access.hpp"
#include "live/change_log.hpp"

namespace miniops::live {

// A numbered change as it goes to browsers. Made once per node and shared by all sockets; safe from any thread.
class NumberedChange {
 public:
  // `data` is JSON, as it stands in live_changes.
  NumberedChange(const AppId& appid, std::int64_t seq, std::string_view topic,
                 std::optional<identity::Permission> permission, Audience audience, std::string_view data);

  std::int64_t seq() const { return seq_; }
  // nullopt: a permission that this program does not know; nobody sees the change.
  std::optional<identity::Permission> permission() const { return permission_; }
  const Audience& audience() const { return audience_; }
  std::size_t bytes() const { return clear_->size(); }
  std::shared_ptr<const std::string> clear() const { return clear_; }
  // Personal data masked in free text; made when the first one asks for it.
  std::shared_ptr<const std::string> masked() const;

 private:
  const std::int64_t seq_;
  const std::optional<identity::Permission> permission_;
  const Audience audience_;
  const std::shared_ptr<const std::string> clear_;
  mutable std::once_flag once_;
  mutable std::shared_ptr<const std::string> masked_;
};
using ChangePtr = std::shared_ptr<const NumberedChange>;

// As it is posted to sockets.
std::shared_ptr<const std::string> text_of(const boost::json::object& message);
// A message with personal data masked in the free text under `text_keys` (ring.cpp).
std::string mask_message(std::string_view json_text);

// Not thread-safe. Holds the changes first()+1 … last(), without a gap.
class Ring {
 public:
  Ring(std::int64_t last, std::size_t changes_max, std::size_t bytes_max)
      : last_(last), changes_max_(changes_max), bytes_max_(bytes_max) {}

  std::int64_t last() const { return last_; }
  // Whoever has seen this number or a later one can be served from here.
  std::int64_t reaches_back_to() const { return last_ - static_cast<std::int64_t>(changes_.size()); }
  // `change` has the number last()+1.
  void push(ChangePtr change);
  // Starts anew after a hole.
  void reset(std::int64_t last);
  // The changes after `seq`, which is not before reaches_back_to().
  std::vector<ChangePtr> after(std::int64_t seq) const;
  // Whether there may be a change about this after `seq`: true when it does not reach back so far.
  bool may_tell_of(std::int64_t about, std::int64_t seq) const;

 private:
  std::int64_t last_;
  std::size_t changes_max_, bytes_max_;
  std::size_t bytes_ = 0;
  std::deque<ChangePtr> changes_;
};

}  // namespace miniops::live
