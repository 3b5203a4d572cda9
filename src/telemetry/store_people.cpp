// Who is who. A merge is a row that leads from one person to another; rows of telemetry are never rewritten.
#include "telemetry/store.hpp"

namespace miniops::telemetry::store {

namespace {

struct NamedId {
  std::string_view kind;
  std::string_view id;
};

// The strongest first.
std::vector<NamedId> ids_of(const UserIds& user) {
  std::vector<NamedId> ids;
  const std::array<NamedId, 4> all{
      {{"login", user.login_id}, {"unionid", user.unionid}, {"openid", user.openid}, {"device", user.device_id}}};
  std::ranges::copy_if(all, std::back_inserter(ids), [](const NamedId& one) { return !one.id.empty(); });
  return ids;
}

std::optional<std::int64_t> person_of(sql::Transaction& tx, const AppId& appid, const NamedId& id) {
  const auto row = tx.query_one("SELECT person FROM telemetry_people WHERE appid = $1 AND kind = $2 AND id = $3",
                                {appid, id.kind, id.id});
  return row ? std::optional(row->integer(0)) : std::nullopt;
}

std::int64_t canonical_of(sql::Transaction& tx, const AppId& appid, std::int64_t person) {
  const auto row =
      tx.query_one("SELECT canonical FROM telemetry_person_merges WHERE appid = $1 AND person = $2", {appid, person});
  return row ? row->integer(0) : person;
}

// Also a login id of someone who was merged into that person.
bool has_login(sql::Transaction& tx, const AppId& appid, std::int64_t person) {
  return tx
      .query_one(
          "SELECT 1 FROM telemetry_people p LEFT JOIN telemetry_person_merges m ON m.appid = p.appid AND m.person = "
          "p.person WHERE p.appid = $1 AND p.kind = 'login' AND coalesce(m.canonical, p.person) = $2",
          {appid, person})
      .has_value();
}

void merge(sql::Transaction& tx, const AppId& appid, std::int64_t person, std::int64_t into, TimeMs now,
           Resolved& out) {
  // Whoever was merged into that person before goes along: a path is never longer than one step.
  for (const auto& row :
       tx.query("SELECT person FROM telemetry_person_merges WHERE appid = $1 AND canonical = $2", {appid, person}))
    out.merges.push_back({row.integer(0), into});
  tx.execute("UPDATE telemetry_person_merges SET canonical = $3 WHERE appid = $1 AND canonical = $2",
             {appid, person, into});
  tx.execute("INSERT INTO telemetry_person_merges (appid, person, canonical, merged_at) VALUES ($1, $2, $3, $4)",
             {appid, person, into, now});
  out.merges.push_back({person, into});
}

void put(sql::Transaction& tx, const AppId& appid, const NamedId& id, std::int64_t person) {
  tx.execute("INSERT INTO telemetry_people (appid, kind, id, person) VALUES ($1, $2, $3, $4)",
             {appid, id.kind, id.id, person});
}

}  // namespace

Resolved resolve_person(sql::Transaction& tx, const AppId& appid, const UserIds& user, std::int64_t fresh, TimeMs now) {
  const auto ids = ids_of(user);
  if (ids.empty()) return {};
  std::vector<std::optional<std::int64_t>> known;
  for (const NamedId& id : ids) {
    auto person = person_of(tx, appid, id);
    if (person) person = canonical_of(tx, appid, *person);
    known.push_back(person);
  }
  Resolved out;
  out.person = known.front().value_or(0);
  const bool login = ids.front().kind == "login";
  // A new name of someone who is known by a weaker one; with a login id only if that one has none yet.
  for (std::size_t i = 1; out.person == 0 && i < ids.size(); ++i)
    if (known[i] && !(login && has_login(tx, appid, *known[i]))) out.person = *known[i];
  if (out.person == 0) out.person = fresh;

  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!known[i]) {
      put(tx, appid, ids[i], out.person);
      continue;
    }
    const std::int64_t other = canonical_of(tx, appid, *known[i]);
    if (other == out.person) continue;
    // Two login ids on one phone stay two people.
    if (has_login(tx, appid, other) && has_login(tx, appid, out.person)) continue;
    if (has_login(tx, appid, other)) {
      merge(tx, appid, out.person, other, now, out);
      out.person = other;
    } else {
      merge(tx, appid, other, out.person, now, out);
    }
  }
  return out;
}

std::optional<KnownPerson> known_person(sql::Transaction& tx, const AppId& appid, std::int64_t person) {
  KnownPerson known{canonical_of(tx, appid, person)};
  for (const auto& row :
       tx.query("SELECT person FROM telemetry_person_merges WHERE appid = $1 AND canonical = $2 ORDER BY person",
                {appid, known.person}))
    known.merged.push_back(row.integer(0));
  const auto add_ids = [&](std::int64_t number) {
    for (const auto& row :
         tx.query("SELECT kind, id FROM telemetry_people WHERE appid = $1 AND person = $2 ORDER BY kind, id",
                  {appid, number}))
      known.ids.push_back({row.text(0), row.text(1)});
  };
  add_ids(known.person);
  std::ranges::for_each(known.merged, add_ids);
  return known.ids.empty() ? std::nullopt : std::optional(std::move(known));
}

std::optional<KnownPerson> known_person(sql::Transaction& tx, const AppId& appid, const PersonId& id) {
  const auto person = person_of(tx, appid, {id.kind, id.id});
  return person ? known_person(tx, appid, *person) : std::nullopt;
}

void forget_person(sql::Transaction& tx, const AppId& appid, const KnownPerson& person) {
  const auto forget = [&](std::int64_t number) {
    tx.execute("DELETE FROM telemetry_people WHERE appid = $1 AND person = $2", {appid, number});
    tx.execute("DELETE FROM telemetry_person_merges WHERE appid = $1 AND person = $2", {appid, number});
  };
  forget(person.person);
  std::ranges::for_each(person.merged, forget);
}

std::vector<Merge> all_merges(sql::Transaction& tx) {
  std::vector<Merge> merges;
  for (const auto& row : tx.query("SELECT person, canonical FROM telemetry_person_merges"))
    merges.push_back({row.integer(0), row.integer(1)});
  return merges;
}

}  // namespace miniops::telemetry::store
