// Exports as people see them. export_runner.cpp writes the files.
#include "logs/exports.hpp"

#include "base/mask.hpp"
#include "identity/audit.hpp"
#include "logs/errors.hpp"
#include "logs/export_format.hpp"
#include "logs/store.hpp"

namespace miniops::logs {

namespace {

std::string object_of(std::int64_t id) { return "logs_export:" + std::to_string(id); }

json::object said(const ExportWish& wish, bool masked) {
  return {{"query", {{"to", mask_personal_data(wish.query)}}},
          {"source", {{"to", to_string(wish.source)}}},
          {"from", {{"to", wish.from}}},
          {"to", {{"to", wish.to}}},
          {"masked", {{"to", masked}}}};
}

}  // namespace

Exports::Exports(const Collaborators& with, std::filesystem::path folder)
    : with_(with), audited_(with.database, with.ids), files_(std::move(folder)) {}

std::shared_ptr<Exports::Job> Exports::job_of(std::int64_t id) {
  const std::scoped_lock lock(mutex_);
  const auto found = jobs_.find(id);
  return found == jobs_.end() ? nullptr : found->second;
}

Export Exports::with_progress(Export one) {
  const auto job = job_of(one.id);
  if (!job || has_ended(one.state)) return one;
  const std::scoped_lock lock(job->mutex);
  one.progress = job->progress;
  return one;
}

Task<Result<std::vector<Export>>> Exports::all(Access access) {
  auto read = [appid = access.appid()](sql::Transaction& tx) -> Result<std::vector<Export>> {
    return store::exports(tx, appid);
  };
  auto found = co_await with_.database.read(std::move(read));
  if (!found) co_return found;
  for (Export& one : *found) one = with_progress(std::move(one));
  co_return found;
}

Task<Result<Export>> Exports::find(Access access, std::int64_t id) {
  auto read = [=](sql::Transaction& tx) -> Result<Export> {
    auto found = store::find_export(tx, access.appid(), id);
    if (!found) return fail(errors::not_found("export"));
    return std::move(*found);
  };
  auto found = co_await with_.database.read(std::move(read));
  if (!found) co_return found;
  co_return with_progress(std::move(*found));
}

Task<Result<Export>> Exports::add(Access access, ExportWish wish) {
  if (const auto query = read_query(wish.query); !query) co_return std::unexpected(query.error());
  if (wish.columns.empty()) wish.columns = default_columns();
  Export made;
  made.id = with_.ids.next();
  made.appid = access.appid();
  made.wish = std::move(wish);
  made.masked = !access.sees_personal_data();
  made.account = access.account();
  made.username = access.username();
  made.created_at = with_.clock.now();
  const identity::AuditEntry entry{with_.ids.next(), made.created_at, "logs.export.create", object_of(made.id),
                                   said(made.wish, made.masked)};
  auto insert = [=](sql::Transaction& tx) -> Result<void> {
    const auto there = store::exports(tx, access.appid());
    const auto active = std::ranges::count_if(there, [](const Export& one) { return !has_ended(one.state); });
    if (static_cast<std::size_t>(active) >= exports_at_once) return fail(errors::too_many_exports());
    if (there.size() >= exports_kept) return fail(errors::too_many_files());
    store::add_export(tx, made);
    identity::audit(tx, access, entry);
    return {};
  };
  if (auto ok = co_await with_.database.write(std::move(insert)); !ok) co_return std::unexpected(ok.error());
  auto job = std::make_shared<Job>(access, made);
  const std::scoped_lock lock(mutex_);
  jobs_.emplace(made.id, job);
  waiting_.push_back(std::move(job));
  co_return made;
}

Task<Result<Export>> Exports::repeat(Access access, std::int64_t id) {
  auto found = co_await find(access, id);
  if (!found) co_return found;
  co_return co_await add(access, std::move(found->wish));
}

Task<Result<Export>> Exports::cancel(Access access, std::int64_t id) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), "logs.export.cancel", object_of(id)};
  const auto job = job_of(id);
  auto write = [=](sql::Transaction& tx) -> Result<Export> {
    auto there = store::find_export(tx, access.appid(), id);
    if (!there) return fail(errors::not_found("export"));
    if (!may_change(access, there->account)) return fail(errors::not_yours());
    there->state = ExportState::cancelled;
    there->ended_at = entry.at;
    there->expires_at = entry.at + export_kept_ms;
    if (!store::move_export(tx, *there)) return fail(errors::export_ended());
    identity::audit(tx, access, entry);
    return std::move(*there);
  };
  auto done = co_await with_.database.write(std::move(write));
  if (done && job) job->cancelled = true;
  co_return done;
}

Task<Result<void>> Exports::remove(Access access, std::int64_t id) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), "logs.export.delete", object_of(id)};
  const auto job = job_of(id);
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    const auto there = store::find_export(tx, access.appid(), id);
    if (!there) return fail(errors::not_found("export"));
    if (!may_change(access, there->account)) return fail(errors::not_yours());
    store::delete_export(tx, access.appid(), id);
    identity::audit(tx, access, entry);
    return {};
  };
  if (auto ok = co_await with_.database.write(std::move(write)); !ok) co_return ok;
  if (job) job->cancelled = true;
  auto unlink = [this, id] {
    files_.remove(id);
    return true;
  };
  if (auto gone = co_await workers_.run(std::move(unlink)); !gone) co_return std::unexpected(gone.error());
  co_return Result<void>{};
}

Task<Result<Download>> Exports::download(Access access, std::int64_t id, std::size_t part) {
  auto found = co_await find(access, id);
  if (!found) co_return std::unexpected(found.error());
  if (found->state != ExportState::done) co_return fail(errors::export_not_ready());
  if (!found->masked && !access.sees_personal_data()) co_return fail(errors::export_personal());
  auto read = [this, id, part] { return files_.read_part(id, part); };
  auto bytes = co_await workers_.run(std::move(read));
  if (!bytes) co_return std::unexpected(bytes.error());
  if (!*bytes) co_return fail(errors::export_gone());
  identity::ReadingLog::Reading reading{
      {0, with_.clock.now(), "logs.export.download", object_of(id), {{"part", {{"to", part + 1}}}}}};
  if (auto ok = co_await audited_.note(access, std::move(reading)); !ok) co_return std::unexpected(ok.error());
  co_return Download{std::move(*found), std::move(**bytes)};
}

Result<void> Exports::prepare_blocking() {
  const TimeMs now = with_.clock.now();
  const auto ids = with_.database.write_blocking([now](sql::Transaction& tx) -> Result<std::vector<std::int64_t>> {
    store::interrupt_exports(tx, now, now + export_kept_ms);
    return store::all_export_ids(tx);
  });
  if (!ids) return std::unexpected(ids.error());
  files_.keep_only(*ids);
  return {};
}

Result<std::int64_t> Exports::withdraw_blocking(const AppId& appid) {
  auto write = [&](sql::Transaction& tx) -> Result<std::vector<std::int64_t>> {
    return store::delete_exports(tx, appid);
  };
  const auto gone = with_.database.write_blocking(write);
  if (!gone) return std::unexpected(gone.error());
  for (const std::int64_t id : *gone) {
    // What writes it finds the row gone, and removes the file that it may make after this.
    if (const auto job = job_of(id)) job->cancelled = true;
    files_.remove(id);
  }
  return std::ssize(*gone);
}

Task<void> Exports::forget_old() {
  auto forget = [now = with_.clock.now()](sql::Transaction& tx) -> Result<std::vector<std::int64_t>> {
    std::vector<std::int64_t> gone;
    for (const Export& one : store::expired_exports(tx, now)) {
      store::delete_export(tx, one.appid, one.id);
      gone.push_back(one.id);
    }
    return gone;
  };
  auto gone = co_await with_.database.write(std::move(forget));
  if (!gone || gone->empty()) co_return;
  auto unlink = [this, ids = std::move(*gone)] {
    for (const std::int64_t id : ids) files_.remove(id);
    return true;
  };
  co_await workers_.run(std::move(unlink));
}

}  // namespace miniops::logs
