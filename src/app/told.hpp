// What modules that know no webhooks have to tell other programs.
#pragma once

#include "records/ports.hpp"
#include "webhooks/events.hpp"

namespace miniops::app {

// Exports that ended, and that somebody's data were deleted; never whose.
class RecordsTold final : public records::Listener {
 public:
  explicit RecordsTold(const webhooks::Events& events) : events_(events) {}
  void exported(sql::Transaction& tx, const records::Export& one, TimeMs now) override;
  void erased(sql::Transaction& tx, const records::Erasure& erasure, TimeMs now) override;

 private:
  const webhooks::Events& events_;
};

}  // namespace miniops::app
