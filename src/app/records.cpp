#include "app/records.hpp"

#include "base/encoding.hpp"
#include "desk/records_store.hpp"
#include "desk/store.hpp"
#include "gateway/traces.hpp"
#include "notify/consents.hpp"
#include "records/eraser.hpp"
#include "storage/sql/config_version.hpp"
#include "telemetry/erasure.hpp"
#include "telemetry/person_export.hpp"
#include "telemetry/record_json.hpp"

namespace miniops::app {

namespace {

using records::Person;
using ExportPiece = records::Keeper::ExportPiece;
using ErasePiece = records::Keeper::ErasePiece;
using Progress = ErasePiece::Progress;

constexpr int messages_at_once = 200;

std::string line(std::string_view kind, json::value record) {
  return json::serialize(json::object{{"kind", kind}, {"record", std::move(record)}}) + "\n";
}

// The next file that the person sent: one in a piece, since they are large.
struct NextFile {
  std::string media_id{};
  gateway::KeptMedia kept{};
  std::optional<std::string> next{};  // where to go on
};

// The place is "<seq>/<how many of that message's media are dealt with>".
NextFile next_file(sql::Transaction& tx, const Person& person, const std::string& place) {
  NextFile out;
  const auto thread = desk::store::find_thread(tx, person.appid, person.openid);
  if (!thread) return out;
  const auto slash = std::min(place.find('/'), place.size());
  std::int64_t seq = parse_id(place.substr(0, slash)).value_or(1);
  auto skip = slash < place.size() ? parse_id(place.substr(slash + 1)).value_or(0) : 0;
  const auto messages = desk::store::thread_messages_after(tx, thread->id, seq - 1, messages_at_once);
  for (const desk::Message& message : messages) {
    const json::value body = json::parse(message.body);
    const bool sent = message.direction == desk::Direction::in && body.is_object();
    const auto media = sent ? desk::store::media_of(body.get_object()) : std::vector<std::string>();
    for (auto i = message.seq == seq ? skip : 0; i < std::ssize(media); ++i) {
      const std::string& id = media[static_cast<std::size_t>(i)];
      const auto kept = gateway::kept_media(tx, person.appid, id);
      if (!kept) continue;
      out = {id, *kept, fmt::format("{}/{}", message.seq, i + 1)};
      return out;
    }
    seq = message.seq + 1;
  }
  if (std::ssize(messages) == messages_at_once) out.next = fmt::format("{}/0", seq);
  return out;
}

}  // namespace

// ---- the gateway ----

Task<Result<ExportPiece>> GatewayTraces::exported(Person person, std::string place) {
  auto read = [=](sql::Transaction& tx) -> Result<NextFile> { return next_file(tx, person, place); };
  auto found = co_await database_.read(std::move(read));
  if (!found) co_return std::unexpected(found.error());
  ExportPiece piece;
  piece.next = std::move(found->next);
  if (found->media_id.empty()) co_return piece;
  const auto bytes = co_await blobs_.get(found->kept.blob);
  if (!bytes && bytes.error().kind != ErrorKind::not_found) co_return std::unexpected(bytes.error());
  if (!bytes) co_return piece;
  piece.lines = line("media", json::object{{"media_id", found->media_id},
                                           {"content_type", found->kept.content_type},
                                           {"base64", base64(*bytes)}});
  piece.rows = 1;
  co_return piece;
}

Result<ErasePiece> GatewayTraces::erase(sql::Transaction& tx, const Person& person, const std::string&, TimeMs now) {
  const gateway::Traces gone = gateway::forget_person(tx, person.appid, person.openid);
  ErasePiece piece;
  piece.counts = {{"windows", gone.windows},
                  {"outgoing", gone.outgoing},
                  {"dead_letters", gone.dead_letters},
                  {"relayed", gone.relayed},
                  {"consents", notify::forget_consents(tx, person.appid, person.openid)}};
  piece.until["push_journal"] = now + gateway::journal_kept_ms;
  if (gone.in_flight) piece.progress = Progress::waiting;
  return piece;
}

// ---- people ----

Task<Result<ExportPiece>> PersonProfiles::exported(Person person, std::string) {
  auto read = [this, person](sql::Transaction& tx) -> Result<ExportPiece> {
    auto profiles = erasure_.exported(tx, {person.appid, people::IdentityKind::openid, person.openid.str()});
    if (!profiles) return std::unexpected(profiles.error());
    ExportPiece piece;
    if (profiles->empty()) return piece;
    piece.lines = line("profile", std::move(*profiles));
    piece.rows = 1;
    return piece;
  };
  co_return co_await database_.read(std::move(read));
}

// ---- telemetry ----

// The place is "<person>/<telemetry's own>".
Task<Result<ExportPiece>> PersonTelemetry::exported(Person person, std::string place) {
  ExportPiece piece;
  const auto slash = std::min(place.find('/'), place.size());
  auto number = parse_id(place.substr(0, slash));
  telemetry::ExportPlace from;
  if (number) {
    const auto read = telemetry::read_export_cursor(place.substr(slash + 1));
    if (!read) co_return std::unexpected(read.error());
    from = *read;
  } else {
    auto look = [person](sql::Transaction& tx) -> Result<std::optional<std::int64_t>> {
      const auto known = telemetry::store::known_person(tx, person.appid, {"openid", person.openid.str()});
      return known ? std::optional(known->person) : std::nullopt;
    };
    const auto known = co_await database_.read(std::move(look));
    if (!known) co_return std::unexpected(known.error());
    if (!*known) co_return piece;
    number = **known;
  }
  const auto access = identity::Access::system(person.appid, "records");
  const auto page = co_await telemetry::export_page(service_, access, *number, from, clock_.now());
  if (!page) co_return std::unexpected(page.error());
  for (const auto& [kind, row] : page->rows) piece.lines += line(to_string(kind), telemetry::shown(row, true));
  piece.rows = std::ssize(page->rows);
  if (page->next) piece.next = fmt::format("{}/{}", *number, telemetry::to_cursor(*page->next));
  co_return piece;
}

// ---- deletion ----

void TelemetryErasures::ask(sql::Transaction& tx, std::int64_t id, const Person& person, const std::string& asked_by,
                            TimeMs now) {
  telemetry::Erasure wanted;
  wanted.id = id;
  wanted.appid = person.appid;
  wanted.named = {"openid", person.openid.str()};
  wanted.hash = telemetry::hash_of(person.openid.str());
  wanted.asked_by = asked_by;
  wanted.asked_at = now;
  telemetry::store::insert_erasure(tx, wanted);
  look_again(tx);
}

void TelemetryErasures::look_again(sql::Transaction& tx) { sql::raise_config_version(tx); }

// What the records deleted is in their own receipt.
std::optional<records::PersonErasures::Outcome> TelemetryErasures::outcome(sql::Transaction& tx, const AppId& appid,
                                                                           std::int64_t id) {
  const auto erasure = telemetry::store::erasure(tx, appid, id);
  if (!erasure || erasure->state != telemetry::Erasure::State::done) return std::nullopt;
  Outcome outcome{erasure->finished_at};
  const auto counts = [&](std::string_view part) {
    const json::value* found = erasure->report.if_contains(part);
    return found != nullptr && found->is_object() ? found->get_object() : json::object();
  };
  for (const auto& count : counts("rows"))
    outcome.deleted[fmt::format("telemetry.{}", std::string_view(count.key()))] = count.value().as_int64();
  for (const auto& count : counts("elsewhere")) outcome.deleted[std::string(count.key())] = count.value().as_int64();
  outcome.deleted.erase("records");
  return outcome;
}

std::vector<Person> RecordsKeeper::persons(sql::Transaction& tx, const AppId& appid, std::string_view id_kind,
                                           const std::string& id) const {
  std::vector<Person> out;
  const auto kind = parse_word<people::IdentityKind>(id_kind == "login" ? "login_id" : id_kind);
  if (!kind) return out;  // a device is nobody's id here
  for (OpenId& openid : erasure_.openids(tx, {appid, *kind, id})) out.push_back({appid, std::move(openid)});
  return out;
}

Result<bool> RecordsKeeper::held(const AppId& appid, std::string_view id_kind, const std::string& id) {
  auto look = [&](sql::Transaction& tx) -> Result<bool> {
    return std::ranges::any_of(persons(tx, appid, id_kind, id),
                               [&](const Person& person) { return records::held(tx, person); });
  };
  return database_.read_blocking(look);
}

Result<std::int64_t> RecordsKeeper::forget(const AppId& appid, std::string_view id_kind, const std::string& id) {
  auto look = [&](sql::Transaction& tx) -> Result<std::vector<Person>> { return persons(tx, appid, id_kind, id); };
  const auto named = database_.read_blocking(look);
  if (!named) return std::unexpected(named.error());
  std::int64_t rows = 0;
  for (const Person& person : *named) {
    const auto gone = records_.forget(person);
    if (!gone) return gone;
    rows += *gone;
  }
  return rows;
}

}  // namespace miniops::app
