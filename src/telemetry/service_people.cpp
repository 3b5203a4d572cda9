// Use cases about people: who is who, deleting one, all that is known of one.
#include "identity/audit.hpp"
#include "telemetry/errors.hpp"
#include "telemetry/service.hpp"

namespace miniops::telemetry {

namespace {

constexpr std::int64_t open_erasures_max = 100;
constexpr std::array<std::string_view, 4> id_columns{"login", "unionid", "openid", "device"};

}  // namespace

Task<Result<std::vector<store::KnownPerson>>> Service::people_with(Access access, std::string id) {
  auto read = [appid = access.appid(), id](sql::Transaction& tx) -> Result<std::vector<store::KnownPerson>> {
    std::vector<store::KnownPerson> people;
    const auto add = [&](std::optional<store::KnownPerson> known) {
      if (known && !std::ranges::any_of(people, [&](const auto& one) { return one.person == known->person; }))
        people.push_back(std::move(*known));
    };
    for (const std::string_view kind : id_columns) add(store::known_person(tx, appid, {std::string(kind), id}));
    if (const auto number = parse_id(id)) add(store::known_person(tx, appid, *number));
    return people;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<store::KnownPerson>> Service::person_to_export(Access access, std::int64_t person) {
  auto read = [=](sql::Transaction& tx) -> Result<store::KnownPerson> {
    auto known = store::known_person(tx, access.appid(), person);
    if (!known) return fail(errors::no_such_person());
    return std::move(*known);
  };
  auto known = co_await with_.database.read(std::move(read));
  if (!known) co_return known;
  identity::ReadingLog::Reading reading{
      {0, with_.clock.now(), "telemetry.person.export", "telemetry_person:" + std::to_string(person)}};
  if (auto noted = co_await audited_.note(access, std::move(reading)); !noted) co_return std::unexpected(noted.error());
  co_return known;
}

Task<Result<Erasure>> Service::erase_person(Access access, store::PersonId named) {
  Erasure wanted;
  wanted.id = with_.ids.next();
  wanted.appid = access.appid();
  wanted.hash = hash_of(named.id);
  wanted.named = std::move(named);
  wanted.asked_by = access.username();
  wanted.asked_at = with_.clock.now();
  const identity::AuditEntry entry{with_.ids.next(),
                                   wanted.asked_at,
                                   "telemetry.person.erase",
                                   "telemetry_erasure:" + std::to_string(wanted.id),
                                   {{"id_kind", {{"to", wanted.named.kind}}}, {"id_hash", {{"to", wanted.hash}}}}};
  auto write = [=](sql::Transaction& tx) -> Result<Erasure> {
    if (store::open_erasures_of(tx, wanted.appid) >= open_erasures_max) return fail(errors::too_many_erasures());
    store::insert_erasure(tx, wanted);
    identity::audit(tx, access, entry);
    sql::raise_config_version(tx);  // the loader looks
    return wanted;
  };
  auto asked = co_await with_.database.write(std::move(write));
  co_await with_.version.refresh();
  co_return asked;
}

Task<Result<std::vector<Erasure>>> Service::erasures(Access access, std::int64_t before, int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<Erasure>> {
    return store::erasures_of(tx, access.appid(), before, limit);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Erasure>> Service::erasure(Access access, std::int64_t id) {
  auto read = [=](sql::Transaction& tx) -> Result<Erasure> {
    auto found = store::erasure(tx, access.appid(), id);
    if (!found) return fail(errors::no_such_erasure());
    return std::move(*found);
  };
  co_return co_await with_.database.read(std::move(read));
}

}  // namespace miniops::telemetry
