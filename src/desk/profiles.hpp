// Threads and the profiles of their customers. `people` knows who they are; a thread keeps copies of what lists and
// search show. Safe from any thread: it holds nothing that changes.
#pragma once

#include "desk/recorder.hpp"
#include "desk/store.hpp"
#include "people/directory.hpp"

namespace miniops::desk {

inline constexpr std::size_t tags_max = 20;  // of one customer
std::vector<std::string> tags_of(const Thread& thread);

// What an agent says about a customer.
struct CustomerPatch {
  std::optional<std::string> nickname{}, note{};
  std::optional<std::vector<std::string>> tags{};
  std::optional<int> level{};
};

class Profiles final : public people::ProfileListener {
 public:
  struct Collaborators {
    const Common& common;
    const people::Directory& directory;
  };
  explicit Profiles(const Collaborators& with) : with_(with) {}

  const people::Directory& directory() const { return with_.directory; }

  // Finds or makes the profile of a thread that has none yet. What people wrote on the thread before there were
  // profiles becomes the profile's; otherwise the thread takes over what the profile says. The caller stores the
  // thread.
  Result<void> attach(sql::Transaction& tx, Thread& thread, TimeMs now) const;

  // Writes it into the profile, which tells the thread, and into the audit log. Saves the thread's latest conversation
  // by itself: whoever loaded that before has an old one.
  Result<void> describe(sql::Transaction& tx, const identity::Access& access, Thread thread, const CustomerPatch& patch,
                        TimeMs now) const;

  // Carries the change into thread, search and the browsers' lists.
  Result<void> changed(sql::Transaction& tx, const people::Profile& profile, TimeMs now) override;
  // Who came back within 72 hours is a question of the person: their conversations' figures are worked out anew.
  void regrouped(sql::Transaction& tx, const std::vector<people::ProfileId>& profiles) override;
  // The thread stays, without a name; whoever writes on it again gets another profile. Scores stay as figures only.
  Result<void> forgotten(sql::Transaction& tx, people::ProfileId profile, TimeMs now) override;
  // Other programs are told.
  void blocked(sql::Transaction& tx, const people::Profile& profile, TimeMs ends_at, TimeMs now) override;
  void unblocked(sql::Transaction& tx, const people::Profile& profile, TimeMs now) override;
  void linked(sql::Transaction& tx, const people::Profile& profile, const people::Link& link, bool undone,
              TimeMs now) override;

 private:
  void tell_others(sql::Transaction& tx, webhooks::Kind kind, const people::Profile& profile, json::object more,
                   TimeMs now) const;
  Result<void> carry(store::Contact contact, const Thread& before, sql::Transaction& tx, TimeMs now) const;

  const Collaborators with_;
};

}  // namespace miniops::desk
