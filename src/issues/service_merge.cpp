// Issues become one, and are told apart again.
#include "issues/errors.hpp"
#include "issues/service.hpp"
#include "issues/step.hpp"

namespace miniops::issues {

namespace {

json::array texts_of(const std::vector<std::int64_t>& ids) {
  json::array out;
  for (const std::int64_t id : ids) out.push_back(json::value(std::to_string(id)));
  return out;
}

std::vector<std::int64_t> ids_of(const json::object& object, std::string_view name) {
  std::vector<std::int64_t> ids;
  const json::value* list = object.if_contains(name);
  if (list == nullptr || !list->is_array()) return ids;
  for (const json::value& one : list->as_array())
    if (const auto id = one.is_string() ? parse_id(std::string_view(one.as_string())) : std::nullopt)
      ids.push_back(*id);
  return ids;
}

void widen(Issue& issue, const Issue& by) {
  if (by.first_seen_at < issue.first_seen_at) {
    issue.first_seen_at = by.first_seen_at;
    issue.first_release = by.first_release;
  }
  if (by.last_seen_at > issue.last_seen_at) {
    issue.last_seen_at = by.last_seen_at;
    issue.last_release = by.last_release;
  }
}

// One issue with all that was merged into it becomes part of another. Gives the keys that moved.
std::vector<std::int64_t> absorb(sql::Transaction& tx, Issue& into, Issue part) {
  std::vector<std::int64_t> keys;
  for (const StoredKey& key : store::keys_of(tx, part.id, INT32_MAX)) {
    store::move_key(tx, key.id, into.id, key.split);
    keys.push_back(key.id);
  }
  for (Issue inner : store::merged_into(tx, part.id)) {
    inner.merged_into = into.id;
    store::save_merge(tx, inner);
  }
  widen(into, part);
  part.merged_into = into.id;
  store::save_merge(tx, part);
  return keys;
}

}  // namespace

Task<Result<Issue>> Service::merge(Access access, std::int64_t into, std::vector<std::int64_t> ids) {
  const Step step = step_of(access, with_.clock.now(), with_.ids, ids.size(), "merged", "issues.issue.merge");
  auto merge_all = [=](sql::Transaction& tx) -> Result<Issue> {
    auto target = store::find_standing(tx, step.access.appid(), into);
    if (!target) return fail(errors::not_found());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto part = store::find(tx, step.access.appid(), ids[i]);
      if (!part) return fail(errors::not_found());
      if (part->id == target->id) return fail(errors::cannot_merge("an issue cannot become part of itself"));
      if (part->merged_into != 0) return fail(errors::cannot_merge("one of them is part of another already"));
      std::vector<std::int64_t> inner;
      for (const Issue& one : store::merged_into(tx, part->id)) inner.push_back(one.id);
      const auto keys = absorb(tx, *target, *part);
      note(tx, step, i, target->id, {},
           {{"issue", std::to_string(part->id)},
            {"number", part->number},
            {"keys", texts_of(keys)},
            {"issues", texts_of(inner)}});
    }
    store::save_merge(tx, *target);
    return std::move(*target);
  };
  co_return co_await write<Issue>(std::move(merge_all));
}

Task<Result<Issue>> Service::split(Access access, std::int64_t id, std::int64_t key_id) {
  const Step step = step_of(access, with_.clock.now(), with_.ids, 2, "split", "issues.issue.split");
  const std::int64_t fresh = with_.ids.next();
  auto split_off = [=](sql::Transaction& tx) -> Result<Issue> {
    const AppId& appid = step.access.appid();
    const auto from = store::find_standing(tx, appid, id);
    const auto key = store::find_key(tx, key_id);
    if (!from) return fail(errors::not_found());
    if (!key || key->issue != from->id) return fail(errors::cannot_split("it is none of this issue's keys"));
    if (store::keys_of(tx, from->id, 2).size() < 2) return fail(errors::cannot_split("it is the issue's only key"));
    // The issue that the key had before it was merged, if there was one, stands by itself again.
    auto own = store::find(tx, appid, key_id);
    if (own && own->merged_into == from->id) {
      own->merged_into = 0;
      store::save_merge(tx, *own);
    } else {
      own = *from;
      own->id = fresh;
      own->number = store::next_number(tx, appid);
      own->headline = headline_of(key->key);
      own->handling = Handling{};
      own->first_seen_at = key->first_seen_at;
      store::insert(tx, *own);
    }
    store::move_key(tx, key_id, own->id, true);
    const json::object about{
        {"key", std::to_string(key_id)}, {"issue", std::to_string(own->id)}, {"number", own->number}};
    note(tx, step, 0, from->id, {}, about);
    note(tx, step, 1, own->id, {}, {{"key", std::to_string(key_id)}, {"from_issue", std::to_string(from->id)}});
    return std::move(*own);
  };
  co_return co_await write<Issue>(std::move(split_off));
}

// ---- back ----

namespace {

Result<void> undo_change(sql::Transaction& tx, const Activity& done, Issue& issue) {
  Handling left = with(done.after, issue.handling);
  // What was seen since is nobody's change.
  if (left.ignored && issue.handling.ignored) left.ignored->seen = issue.handling.ignored->seen;
  if (left != issue.handling) return fail(errors::cannot_undo("what it changed was changed again"));
  issue.handling = with(done.before, issue.handling);
  store::save_handling(tx, issue);
  return {};
}

// The part stands by itself again, with the keys that it brought and that are still here.
Result<void> undo_merge(sql::Transaction& tx, const Activity& done, const Issue& from) {
  const json::value* named = done.after.if_contains("issue");
  const auto id = named != nullptr ? parse_id(std::string_view(named->as_string())) : std::nullopt;
  auto part = id ? store::find(tx, from.appid, *id) : std::nullopt;
  if (!part || part->merged_into != from.id) return fail(errors::cannot_undo("it is no longer merged"));
  for (const std::int64_t key_id : ids_of(done.after, "keys")) {
    const auto key = store::find_key(tx, key_id);
    if (key && key->issue == from.id) store::move_key(tx, key_id, part->id, key->split);
  }
  for (const std::int64_t inner_id : ids_of(done.after, "issues")) {
    auto inner = store::find(tx, from.appid, inner_id);
    if (!inner || inner->merged_into != from.id) continue;
    inner->merged_into = part->id;
    store::save_merge(tx, *inner);
  }
  part->merged_into = 0;
  store::save_merge(tx, *part);
  return {};
}

}  // namespace

Task<Result<Issue>> Service::undo(Access access, std::int64_t id, std::int64_t activity_id) {
  const Step step = step_of(access, with_.clock.now(), with_.ids, 1, "undone", "issues.issue.undo");
  auto take_back = [=](sql::Transaction& tx) -> Result<Issue> {
    auto issue = store::find_standing(tx, step.access.appid(), id);
    const auto done = store::find_activity(tx, step.access.appid(), activity_id);
    if (!issue) return fail(errors::not_found());
    if (!done || done->issue != issue->id) return fail(errors::cannot_undo("it is no step of this issue"));
    Result<void> undone = fail(errors::cannot_undo("only changes and merges can be"));
    if (done->what == "changed") undone = undo_change(tx, *done, *issue);
    if (done->what == "merged") undone = undo_merge(tx, *done, *issue);
    if (!undone) return std::unexpected(undone.error());
    note(tx, step, 0, issue->id, done->after, done->before);
    return std::move(*issue);
  };
  co_return co_await write<Issue>(std::move(take_back));
}

}  // namespace miniops::issues
