// Use cases of satisfaction: settings, results, the funnel, follow-ups. Each takes the proof of access to its mini
// program, and shows what came of the conversations that the caller reads: by the group and agent that each was closed
// with. Nobody can write, change or delete a score.
//
// With anonymous scores, whoever does not supervise a group sees the follow-ups that are theirs, no results, and a
// funnel that does not tell either who gave which score, however often and for whatever days it is asked (told_cells).
#pragma once

#include <functional>

#include "identity/access.hpp"
#include "satisfaction/store.hpp"
#include "satisfaction/surveys.hpp"

namespace miniops::satisfaction {

using identity::Access;

inline constexpr std::int64_t funnel_days_max = 366;
inline constexpr int buckets_max = 1000;
inline constexpr std::int64_t told_answers_min = 5;
inline constexpr TimeMs told_after_ms = 7 * day_ms;

struct FunnelView {
  bool whole_weeks = false;  // of told_cells; by day, the key is the Monday
  store::Funnel total{};
  std::vector<store::Bucket> items{};
};

struct FollowUpPatch {
  std::int64_t version = 0;
  std::optional<FollowUpState> state{};
  std::optional<AccountId> owner{};
  std::optional<TimeMs> due_at{};
  std::optional<std::string> note{};
};

template <class T>
struct PageOf {
  std::vector<T> items{};
  store::Before next{};
};

class Service {
 public:
  struct Collaborators {
    sql::Database& database;
    const Clock& clock;
    IdSource& ids;
    const Surveys& surveys;
    // The groups whose conversations somebody reads besides their own; nullopt: all, as without it.
    std::function<std::optional<std::set<std::string>>(const Access&)> groups_read{};
  };
  explicit Service(const Collaborators& with) : with_(with) {}

  Task<Result<Settings>> settings(Access access);
  // satisfaction.no_public_url, satisfaction.unknown_owner
  Task<Result<Settings>> change_settings(Access access, json::value patch);

  // satisfaction.scores_hidden
  Task<Result<PageOf<Survey>>> results(Access access, store::ResultFilter filter, store::Before before, int limit);
  // The comment of a result, or of a follow-up that is theirs, as it was written; audited. satisfaction.not_found,
  // satisfaction.scores_hidden, base.seal_broken
  Task<Result<std::string>> reveal_comment(Access access, SurveyId id);
  Task<Result<FunnelView>> funnel(Access access, store::By by, store::ResultFilter filter);

  Task<Result<PageOf<store::FollowUpView>>> follow_ups(Access access, store::FollowUpFilter filter, FollowUpId before,
                                                       int limit);
  // By its owner, by anybody while it has none, or by whoever supervises. satisfaction.not_found, satisfaction.changed,
  // satisfaction.not_yours, satisfaction.unknown_owner
  Task<Result<store::FollowUpView>> change_follow_up(Access access, FollowUpId id, FollowUpPatch patch);

 private:
  std::optional<store::Reader> reader_of(const Access& access) const;
  // Whose scores are shown, of those that `reader` reads; with anonymous scores those of the groups that they
  // supervise. satisfaction.scores_hidden: nobody's.
  Result<std::optional<store::Reader>> scores_for(sql::Transaction& tx, const Access& access,
                                                  const std::optional<store::Reader>& reader) const;
  FunnelView told_cells(sql::Transaction& tx, const AppId& appid, store::By by, store::ResultFilter filter) const;

  const Collaborators with_;
};

}  // namespace miniops::satisfaction
