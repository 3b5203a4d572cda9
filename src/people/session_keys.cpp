#include "people/session_keys.hpp"

#include "identity/audit.hpp"

namespace miniops::people {

namespace {

constexpr std::size_t key_chars = 43;  // 256 bits
constexpr TimeMs previous_holds_ms = day_ms;

SealedPlace place_of(const AppId& appid) { return {"people_session_keys", "sealed", appid.str()}; }

struct Stored {
  std::string sealed, previous;
  TimeMs previous_until = 0;
  SessionKeys::State state;
};

std::optional<Stored> find(sql::Transaction& tx, const AppId& appid) {
  const auto row = tx.query_one(
      "SELECT sealed, previous, previous_until, made_by, made_at FROM people_session_keys WHERE appid = $1", {appid});
  if (!row) return std::nullopt;
  Stored stored{row->text(0), row->text(1), row->integer(2), {}};
  stored.state = {row->text(3), row->integer(4), stored.previous_until};
  return stored;
}

}  // namespace

Task<Result<std::optional<SessionKeys::State>>> SessionKeys::state(identity::Access access) {
  auto look = [=](sql::Transaction& tx) -> Result<std::optional<State>> {
    const auto stored = find(tx, access.appid());
    return stored ? std::optional(stored->state) : std::nullopt;
  };
  co_return co_await with_.database.read(std::move(look));
}

Task<Result<std::string>> SessionKeys::make(identity::Access access) {
  const TimeMs now = with_.clock.now();
  const std::int64_t audit_id = with_.ids.next();
  const std::string key = with_.random.alphanumeric(key_chars);
  auto write = [=, this](sql::Transaction& tx) -> Result<std::string> {
    const auto before = find(tx, access.appid());
    const std::string previous = before ? before->sealed : std::string();
    const std::string sealed = with_.sealer.seal(key, place_of(access.appid()));
    tx.execute(
        "INSERT INTO people_session_keys (appid, sealed, previous, previous_until, made_by, made_at) VALUES "
        "($1,$2,$3,$4,$5,$6) ON CONFLICT (appid) DO UPDATE SET sealed = excluded.sealed, previous = excluded.previous, "
        "previous_until = excluded.previous_until, made_by = excluded.made_by, made_at = excluded.made_at",
        {access.appid(), sql::BlobView{sealed}, sql::BlobView{previous}, before ? now + previous_holds_ms : 0,
         access.username(), now});
    identity::audit(tx, access,
                    {audit_id,
                     now,
                     "people.session_key.make",
                     "people_session_keys:" + access.appid().str(),
                     {{"key", {{"changed", true}}}}});
    return key;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<SignedParameters>> SessionKeys::check(identity::Access access, std::string session_from,
                                                  std::string openid) {
  const TimeMs now = with_.clock.now();
  auto look = [=, this](sql::Transaction& tx) -> Result<SignedParameters> {
    return read(tx, access.appid(), session_from, {openid, now});
  };
  co_return co_await with_.database.read(std::move(look));
}

Result<SignedParameters> SessionKeys::read(sql::Transaction& tx, const AppId& appid, std::string_view session_from,
                                           const SessionFromArrival& arrival) const {
  // Most are not signed: nothing to look up.
  const auto stored = session_from.contains("_sig=") ? find(tx, appid) : std::nullopt;
  if (!stored) return signed_parameters("", session_from, arrival);
  const auto key = with_.sealer.open(stored->sealed, place_of(appid));
  if (!key) return std::unexpected(key.error());
  auto read = signed_parameters(*key, session_from, arrival);
  if (read.problem != SignatureProblem::wrong || arrival.now >= stored->previous_until) return read;
  const auto previous = with_.sealer.open(stored->previous, place_of(appid));
  if (!previous) return std::unexpected(previous.error());
  return signed_parameters(*previous, session_from, arrival);
}

}  // namespace miniops::people
