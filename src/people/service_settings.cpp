// Custom attributes and segments.
#include "identity/audit.hpp"
#include "people/errors.hpp"
#include "people/service.hpp"

namespace miniops::people {

namespace {

constexpr std::size_t attributes_max = 50;
constexpr std::size_t segments_max = 100;
constexpr int deleted_at_once = 400;

std::string object_of(AttributeId id) { return "person_attribute:" + id.str(); }
std::string object_of(SegmentId id) { return "segment:" + id.str(); }

Result<Attribute> attribute_in(sql::Transaction& tx, const AppId& appid, AttributeId id) {
  for (Attribute& one : store::attributes(tx, appid))
    if (one.id == id) return std::move(one);
  return fail(errors::not_found("attribute"));
}

Result<Condition> condition_in(sql::Transaction& tx, const AppId& appid, const json::value& condition) {
  return parse_condition(condition, store::attributes(tx, appid));
}

// The segment and what it means with the attributes of today.
Result<Condition> condition_of(sql::Transaction& tx, const AppId& appid, SegmentId id) {
  const auto segment = store::segment(tx, appid, id);
  if (!segment) return fail(errors::not_found("segment"));
  return condition_in(tx, appid, segment->condition);
}

}  // namespace

// ---- custom attributes ----

Task<Result<std::vector<Attribute>>> Service::attributes(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<Attribute>> {
    return store::attributes(tx, access.appid());
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Attribute>> Service::add_attribute(Access access, Attribute attribute) {
  attribute.id = with_.ids.next_as<AttributeId>();
  attribute.appid = access.appid();
  const identity::AuditEntry entry{with_.ids.next(),
                                   with_.clock.now(),
                                   "people.attribute.create",
                                   object_of(attribute.id),
                                   {{"attribute", {{"to", to_json(attribute)}}}}};
  auto write = [=](sql::Transaction& tx) -> Result<Attribute> {
    const auto known = store::attributes(tx, access.appid());
    if (std::ranges::find(known, attribute.key, &Attribute::key) != known.end())
      return fail(errors::attribute_exists());
    if (known.size() >= attributes_max) return fail(errors::too_many_attributes());
    store::insert_attribute(tx, attribute);
    identity::audit(tx, access, entry);
    return attribute;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<Attribute>> Service::change_attribute(Access access, AttributeId id, json::value patch) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), "people.attribute.update", object_of(id)};
  auto write = [=](sql::Transaction& tx) -> Result<Attribute> {
    const auto before = attribute_in(tx, access.appid(), id);
    if (!before) return before;
    JsonInput in(patch);
    const Attribute after = read_attribute(in, &*before);
    if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
    store::update_attribute(tx, after);
    identity::AuditEntry audited = entry;
    audited.changes["attribute"] = {{"from", to_json(*before)}, {"to", to_json(after)}};
    identity::audit(tx, access, audited);
    return after;
  };
  co_return co_await with_.database.write(std::move(write));
}

// The values first, piece by piece: what is interrupted is asked for again, and leaves nothing behind.
Task<Result<void>> Service::remove_attribute(Access access, AttributeId id) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), "people.attribute.delete", object_of(id)};
  for (bool more = true; more;) {
    auto write = [=](sql::Transaction& tx) -> Result<bool> {
      const auto attribute = attribute_in(tx, access.appid(), id);
      if (!attribute) return std::unexpected(attribute.error());
      if (store::delete_values(tx, id, deleted_at_once) == deleted_at_once) return true;
      store::delete_numbers(tx, id.str());
      store::delete_attribute(tx, id);
      identity::AuditEntry audited = entry;
      audited.changes["attribute"] = {{"from", to_json(*attribute)}};
      identity::audit(tx, access, audited);
      return false;
    };
    const auto done = co_await with_.database.write(std::move(write));
    if (!done) co_return std::unexpected(done.error());
    more = *done;
  }
  co_return Result<void>{};
}

// ---- segments ----

Task<Result<std::vector<Segment>>> Service::segments(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<Segment>> { return store::segments(tx, access.appid()); };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Segment>> Service::segment(Access access, SegmentId id) {
  auto read = [=](sql::Transaction& tx) -> Result<Segment> {
    auto found = store::segment(tx, access.appid(), id);
    if (!found) return fail(errors::not_found("segment"));
    return std::move(*found);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Segment>> Service::add_segment(Access access, std::string name, json::value condition) {
  const TimeMs now = with_.clock.now();
  const Segment segment{with_.ids.next_as<SegmentId>(),
                        access.appid(),
                        std::move(name),
                        std::move(condition),
                        access.username(),
                        now,
                        now};
  const identity::AuditEntry entry{
      with_.ids.next(), now, "people.segment.create", object_of(segment.id), {{"name", {{"to", segment.name}}}}};
  auto write = [=](sql::Transaction& tx) -> Result<Segment> {
    if (store::segments(tx, access.appid()).size() >= segments_max) return fail(errors::too_many_segments());
    if (auto ok = condition_in(tx, access.appid(), segment.condition); !ok) return std::unexpected(ok.error());
    store::insert_segment(tx, segment);
    identity::audit(tx, access, entry);
    return segment;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<Segment>> Service::change_segment(Access access, SegmentId id, std::optional<std::string> name,
                                              std::optional<json::value> condition) {
  const TimeMs now = with_.clock.now();
  const identity::AuditEntry entry{with_.ids.next(), now, "people.segment.update", object_of(id)};
  auto write = [=](sql::Transaction& tx) -> Result<Segment> {
    auto segment = store::segment(tx, access.appid(), id);
    if (!segment) return fail(errors::not_found("segment"));
    identity::AuditEntry audited = entry;
    if (name) audited.changes["name"] = {{"from", segment->name}, {"to", *name}};
    segment->name = name.value_or(segment->name);
    if (condition) {
      if (auto ok = condition_in(tx, access.appid(), *condition); !ok) return std::unexpected(ok.error());
      audited.changes["condition"] = {{"from", segment->condition}, {"to", *condition}};
      segment->condition = *condition;
    }
    segment->updated_at = now;
    store::update_segment(tx, *segment);
    identity::audit(tx, access, audited);
    return std::move(*segment);
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<void>> Service::remove_segment(Access access, SegmentId id) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), "people.segment.delete", object_of(id)};
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    if (!store::delete_segment(tx, access.appid(), id)) return fail(errors::not_found("segment"));
    identity::audit(tx, access, entry);
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<std::int64_t>> Service::count(Access access, SegmentId id) {
  const TimeMs now = with_.clock.now();
  auto read = [=, this](sql::Transaction& tx) -> Result<std::int64_t> {
    const auto condition = condition_of(tx, access.appid(), id);
    if (!condition) return std::unexpected(condition.error());
    return store::count_matching(tx, access.appid(), shown_to(access), *condition, now);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<PageOf<store::Row>>> Service::members(Access access, SegmentId id, ProfileId before, int limit) {
  const TimeMs now = with_.clock.now();
  auto read = [=, this](sql::Transaction& tx) -> Result<PageOf<store::Row>> {
    const auto condition = condition_of(tx, access.appid(), id);
    if (!condition) return std::unexpected(condition.error());
    return page_of(store::list_matching(tx, access.appid(), shown_to(access), *condition, now, before, limit + 1),
                   limit,
                   [](const store::Row& row) { return std::pair(row.profile.id.value(), row.profile.id.value()); });
  };
  co_return co_await with_.database.read(std::move(read));
}

}  // namespace miniops::people
