// Exports, and one person's data.
#include "records/eraser.hpp"
#include "records/service_parts.hpp"

namespace miniops::records {

namespace {

std::string object_of(ExportId id) { return "records_export:" + id.str(); }
std::string object_of(ErasureId id) { return "records_erasure:" + id.str(); }

bool manages(const Access& access) { return access.may(Permission::desk_configure); }

// Others' are not there for whoever may not see them.
bool sees(const Access& access, const Export& one) {
  if (one.kind == ExportKind::person && !access.sees_personal_data()) return false;
  return manages(access) || one.account == access.account();
}

Result<Export> export_seen(sql::Transaction& tx, const Access& access, ExportId id) {
  auto found = store::export_of(tx, access.appid(), id);
  if (!found || !sees(access, *found)) return fail(errors::not_found("export"));
  return std::move(*found);
}

// How far the file reaches, for the audit log.
json::object audited_reach(const Reader& reader) {
  json::array groups;
  for (const GroupId group : reader.groups) groups.emplace_back(group.str());
  return {{"everything", reader.everything},
          {"own", !reader.own.empty()},
          {"groups", std::move(groups)},
          {"personal_data", reader.personal_data}};
}

}  // namespace

Task<Result<PageOf<Export>>> Service::exports(Access access, ExportId before, int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<PageOf<Export>> {
    auto page = page_of(store::list_exports(tx, access.appid(), before, limit + 1), limit);
    std::erase_if(page.items, [&](const Export& one) { return !sees(access, one); });
    return page;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Export>> Service::find_export(Access access, ExportId id) {
  auto read = [=](sql::Transaction& tx) -> Result<Export> { return export_seen(tx, access, id); };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Export>> Service::add(Access access, Export wanted) {
  wanted.id = with_.ids.next_as<ExportId>();
  wanted.appid = access.appid();
  wanted.account = access.account();
  wanted.username = access.username();
  wanted.created_at = with_.clock.now();
  AuditEntry entry{with_.ids.next(), wanted.created_at, "records.export.create", object_of(wanted.id)};
  entry.changes = {{"kind", {{"to", word(wanted.kind)}}}, {"format", {{"to", word(wanted.format)}}}};
  if (wanted.kind == ExportKind::records) entry.changes["question"] = audited(wanted.question).at("question");
  if (!wanted.openid.empty()) entry.changes["openid_hash"] = {{"to", hash_of(wanted.openid)}};
  auto insert = [=, this](sql::Transaction& tx) -> Result<Export> {
    auto reader = exporting(tx, access);
    if (!reader) return std::unexpected(reader.error());
    if (wanted.question.score != 0 && !reader->scores) return fail(errors::scores_hidden());
    // All of a person's or nothing: what only some conversations' readers may export is no person's data.
    if (wanted.kind == ExportKind::person && !reader->everything) return fail(errors::needs_all_records());
    const auto counts = store::count_exports(tx, access.appid());
    if (counts.open >= exports_at_once) return fail(errors::too_many_exports());
    if (counts.all >= exports_kept) return fail(errors::too_many_files());
    Export made = wanted;
    made.reader = std::move(*reader);
    store::insert_export(tx, made);
    AuditEntry noted = entry;
    noted.changes["reach"] = json::object{{"to", audited_reach(made.reader)}};
    identity::audit(tx, access, noted);
    return made;
  };
  co_return co_await with_.database.write(std::move(insert));
}

Task<Result<Export>> Service::add_export(Access access, Question question, Format format) {
  Export wanted;
  wanted.kind = ExportKind::records;
  wanted.format = format;
  wanted.question = std::move(question);
  // A message that comes later has no place in what is being written.
  const TimeMs now = with_.clock.now();
  if (wanted.question.to == 0 || wanted.question.to > now) wanted.question.to = now;
  co_return co_await add(std::move(access), std::move(wanted));
}

Task<Result<Export>> Service::add_person_export(Access access, OpenId openid) {
  if (!access.may(Permission::desk_export)) co_return fail(errors::needs_export());
  if (!access.sees_personal_data()) co_return fail(errors::needs_personal_data());
  Export wanted;
  wanted.kind = ExportKind::person;
  wanted.format = Format::jsonl;
  wanted.openid = openid.str();
  co_return co_await add(std::move(access), std::move(wanted));
}

Task<Result<Export>> Service::cancel_export(Access access, ExportId id) {
  const AuditEntry entry{with_.ids.next(), with_.clock.now(), "records.export.cancel", object_of(id)};
  auto write = [=](sql::Transaction& tx) -> Result<Export> {
    auto there = export_seen(tx, access, id);
    if (!there) return there;
    there->state = ExportState::cancelled;
    there->openid.clear();
    there->ended_at = entry.at;
    there->expires_at = entry.at + export_kept_ms;
    if (!store::save_export(tx, *there)) return fail(errors::export_ended());
    identity::audit(tx, access, entry);
    return there;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<void>> Service::remove_export(Access access, ExportId id) {
  const AuditEntry entry{with_.ids.next(), with_.clock.now(), "records.export.delete", object_of(id)};
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    if (auto there = export_seen(tx, access, id); !there) return std::unexpected(there.error());
    store::delete_export(tx, access.appid(), id);
    identity::audit(tx, access, entry);
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<Download>> Service::download(Access access, ExportId id, std::int64_t part) {
  auto look = [=, this](sql::Transaction& tx) -> Result<Export> {
    auto one = export_seen(tx, access, id);
    if (!one) return one;
    // What they may do now, whatever they might when it was asked for.
    const auto reader = exporting(tx, access);
    if (!reader) return std::unexpected(reader.error());
    if (one->reader.personal_data && !reader->personal_data) return fail(errors::export_personal());
    if (!covers(*reader, one->reader)) return fail(errors::export_reach());
    return one;
  };
  auto found = co_await with_.database.read(std::move(look));
  if (!found) co_return std::unexpected(found.error());
  if (found->state == ExportState::withdrawn) co_return fail(errors::export_gone());
  if (found->state != ExportState::done) co_return fail(errors::export_not_ready());
  // Also behind the last part, and between the end of its time and tidying up.
  if (part > found->parts || found->expires_at <= with_.clock.now()) co_return fail(errors::export_gone());
  auto read = [files = &with_.files, id, part] { return files->read(id, part); };
  auto bytes = co_await with_.workers.run(std::move(read));
  if (!bytes) co_return std::unexpected(bytes.error());
  if (!*bytes) co_return fail(errors::export_gone());
  identity::ReadingLog::Reading reading{
      {0, with_.clock.now(), "records.export.download", object_of(id), {{"part", {{"to", part}}}}}};
  if (auto noted = co_await audited_.note(access, std::move(reading)); !noted) co_return std::unexpected(noted.error());
  co_return Download{std::move(*found), std::move(**bytes)};
}

// ---- one person's data ----

Task<Result<Erasure>> Service::erase(Access access, OpenId openid, std::string reason) {
  if (!access.sees_personal_data()) co_return fail(errors::needs_personal_data());
  const Person person{access.appid(), std::move(openid)};
  const Erasure wanted =
      new_erasure(with_.ids.next_as<ErasureId>(), person, access.username(), std::move(reason), with_.clock.now());
  const AuditEntry entry{with_.ids.next(),
                         wanted.asked_at,
                         "records.person.erase",
                         object_of(wanted.id),
                         {{"openid_hash", {{"to", wanted.hash}}}, {"reason", {{"to", wanted.reason}}}}};
  auto write = [=, this](sql::Transaction& tx) -> Result<Erasure> {
    if (auto open = store::open_erasure(tx, person)) return as_it_is(tx, std::move(*open));
    if (const auto holds = store::holds_on_person(tx, person); !holds.empty()) return fail(errors::held(holds));
    if (store::count_open_erasures(tx, access.appid()) >= open_erasures_max) return fail(errors::too_many_erasures());
    identity::audit(tx, access, entry);
    return ask(tx, with_.erasures, wanted);
  };
  co_return co_await with_.database.write(std::move(write));
}

// With what the others deleted, once all is done.
Erasure Service::as_it_is(sql::Transaction& tx, Erasure erasure) const {
  if (const auto outcome = with_.erasures.outcome(tx, erasure.appid, erasure.id.value())) {
    erasure.state = ErasureState::done;
    erasure.finished_at = outcome->finished_at;
    for (const auto& [what, count] : outcome->deleted) erasure.receipt.deleted[what] += count;
  } else if (!erasure.openid.empty() && held(tx, {erasure.appid, OpenId(erasure.openid)})) {
    erasure.state = ErasureState::held;
  } else if (erasure.begun()) {
    erasure.state = ErasureState::erasing;
  }
  return erasure;
}

Task<Result<PageOf<Erasure>>> Service::erasures(Access access, ErasureId before, int limit) {
  if (!access.sees_personal_data()) co_return fail(errors::needs_personal_data());
  auto read = [=, this](sql::Transaction& tx) -> Result<PageOf<Erasure>> {
    auto page = page_of(store::list_erasures(tx, access.appid(), before, limit + 1), limit);
    for (Erasure& erasure : page.items) erasure = as_it_is(tx, std::move(erasure));
    return page;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Erasure>> Service::find_erasure(Access access, ErasureId id) {
  if (!access.sees_personal_data()) co_return fail(errors::needs_personal_data());
  auto read = [=, this](sql::Transaction& tx) -> Result<Erasure> {
    auto found = store::erasure(tx, access.appid(), id);
    if (!found) return fail(errors::not_found("request"));
    return as_it_is(tx, std::move(*found));
  };
  co_return co_await with_.database.read(std::move(read));
}

}  // namespace miniops::records
