// Folders, import and export.
#include <set>

#include "identity/audit.hpp"
#include "quick_replies/errors.hpp"
#include "quick_replies/service.hpp"

namespace miniops::quick_replies {

namespace {

// What makes two quick replies the same one.
using Same = std::tuple<std::string, std::string, std::string, std::string, std::string>;
Same same(const QuickReply& one) { return {one.folder, one.shortcut, one.title, one.content, one.picture_id}; }

// What is at or below `from` stands at or below `to`; nullopt: it is elsewhere.
std::optional<std::string> moved(const std::string& path, const std::string& from, const std::string& to) {
  if (path == from) return to;
  if (!path.starts_with(from + "/")) return std::nullopt;
  const std::string rest = path.substr(from.size() + 1);
  return to.empty() ? rest : to + "/" + rest;
}

}  // namespace

Task<Result<std::vector<store::Folder>>> Service::folders(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<store::Folder>> {
    auto found = store::folders_for(tx, access.appid(), access.account());
    std::ranges::sort(found, {}, [](const store::Folder& one) { return std::tuple(one.path, !one.shared); });
    return found;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<std::int64_t>> Service::rename_folder(Access access, bool shared, std::string from, std::string to) {
  const AccountId owner = shared ? AccountId() : access.account();
  if (auto may = may_change(access, owner, "folder"); !may) co_return std::unexpected(may.error());
  const auto source = normal_folder(from);
  if (!source) co_return std::unexpected(source.error());
  const auto target = normal_folder(to);
  if (!target) co_return std::unexpected(target.error());
  if (source->empty()) co_return fail(errors::not_found("folder"));
  const identity::AuditEntry entry{with_.ids.next(),
                                   with_.clock.now(),
                                   "quick_replies.folder.rename",
                                   "quick_reply_folder:" + *source,
                                   {{"path", {{"from", *source}, {"to", *target}}}}};
  auto write = [=, source = *source, target = *target](sql::Transaction& tx) -> Result<std::int64_t> {
    std::vector<std::pair<QuickReplyId, std::string>> to_folders;
    for (const Listed& one : store::replies_of(tx, access.appid(), owner)) {
      const auto path = moved(one.reply.folder, source, target);
      if (!path) continue;
      auto folder = normal_folder(*path);
      if (!folder) return std::unexpected(folder.error());
      to_folders.emplace_back(one.reply.id, std::move(*folder));
    }
    if (to_folders.empty()) return fail(errors::not_found("folder"));
    store::move_replies(tx, to_folders, entry.at);
    identity::audit(tx, access, entry);
    return std::ssize(to_folders);
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<ImportResult>> Service::import(Access access, bool shared, std::string text) {
  const AccountId owner = shared ? AccountId() : access.account();
  if (auto may = may_change(access, owner, "quick reply"); !may) co_return std::unexpected(may.error());
  auto table = read_table(text);
  if (!table) co_return std::unexpected(table.error());
  const TimeMs now = with_.clock.now();
  for (ImportRow& row : table->rows) {
    row.reply.id = with_.ids.next_as<QuickReplyId>();
    row.reply.appid = access.appid();
    row.reply.owner = owner;
    row.reply.created_at = row.reply.updated_at = now;
  }
  const std::int64_t audit_id = with_.ids.next();
  auto write = [=, this, table = std::move(*table)](sql::Transaction& tx) -> Result<ImportResult> {
    ImportResult result{0, 0, table.rejected};
    const auto stored = store::replies_of(tx, access.appid(), owner);
    std::set<Same> known;
    for (const Listed& one : stored) known.insert(same(one.reply));
    std::vector<QuickReply> added;
    for (const ImportRow& row : table.rows) {
      if (known.contains(same(row.reply))) {
        ++result.duplicates;
      } else if (stored.size() + added.size() >= replies_max) {
        result.rejected.push_back({row.line, errors::too_many("quick replies", replies_max).message});
      } else if (auto picture = check_picture(tx, row.reply); !picture) {
        result.rejected.push_back({row.line, picture.error().message});
      } else {
        known.insert(same(row.reply));
        added.push_back(row.reply);
      }
    }
    std::ranges::sort(result.rejected, {}, &Rejected::line);
    store::insert_replies(tx, added);
    result.added = std::ssize(added);
    identity::audit(tx, access,
                    {audit_id,
                     now,
                     "quick_replies.reply.import",
                     "quick_replies:" + std::string(shared ? "shared" : "personal"),
                     {{"added", {{"to", result.added}}}}});
    return result;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<std::string>> Service::export_all(Access access) {
  Sought all;
  const auto found = co_await find(std::move(access), std::move(all));
  if (!found) co_return std::unexpected(found.error());
  co_return write_table(*found);
}

}  // namespace miniops::quick_replies
