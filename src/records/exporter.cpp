#include "records/exporter.hpp"

#include "base/log.hpp"
#include "records/store.hpp"

namespace miniops::records {

namespace {

constexpr int conversations_at_once = 20;
constexpr int expired_at_once = 100;

json::value place_json(const Before& place) {
  return place ? json::value(json::array{place->first, place->second}) : json::value(nullptr);
}

Before place_in(const json::value& stored) {
  if (!stored.is_array()) return std::nullopt;
  return Place{stored.as_array().at(0).as_int64(), stored.as_array().at(1).as_int64()};
}

// Of one conversation, from `out.next.seq` on, and then what happened. False: the rest of it does not fit.
bool add_messages(sql::Transaction& tx, Archive& archive, const Export& one, const ConversationRecord& conversation,
                  int limit, ExportRows& out) {
  const int room = limit - static_cast<int>(out.rows.size());
  if (room <= 0) return false;
  auto messages = archive.messages(tx, conversation.id, out.next.seq, room);
  const bool last = static_cast<int>(messages.size()) < room;
  if (messages.empty() && out.next.seq == 0) out.rows.push_back({conversation, std::nullopt});
  for (MessageRecord& message : messages) {
    out.next.seq = message.seq;
    out.rows.push_back({conversation, std::move(message)});
  }
  if (!last || !one.question.events) return last;
  for (EventRecord& event : archive.events(tx, conversation.id, events_max))
    out.rows.push_back({conversation, std::nullopt, std::move(event)});
  return true;
}

void finish_conversation(ExportRows& out, const Place& place) {
  out.next = {place, std::nullopt, 0};
  out.reached_at = place.first;
}

// What an earlier part had begun. False: it does not fit, again.
bool go_on(sql::Transaction& tx, Archive& archive, const Export& one, int limit, ExportRows& out) {
  if (!out.next.begun) return true;
  const Place begun = *out.next.begun;
  const auto conversation = archive.conversation(tx, one.appid, one.reader, ConversationId(begun.second));
  if (conversation && !add_messages(tx, archive, one, *conversation, limit, out)) return false;
  finish_conversation(out, begun);
  return true;
}

void add_found(ExportRows& out, PageOf<Hit> found) {
  for (Hit& hit : found.items) {
    out.next.before = hit.place;
    out.reached_at = hit.message ? hit.message->at : hit.conversation.opened_at;
    out.rows.push_back({std::move(hit.conversation), std::move(hit.message)});
  }
  out.end = !found.next;
  if (found.next) out.next.before = found.next;
}

// For whoever may see them; the others' files hold the masked texts.
Result<void> reveal(sql::Transaction& tx, Archive& archive, const Reader& reader, std::vector<ExportRow>& rows) {
  if (!reader.personal_data) return {};
  for (ExportRow& row : rows) {
    if (!row.message || !row.message->hidden) continue;
    auto revealed = archive.revealed(tx, std::move(*row.message));
    if (!revealed) return std::unexpected(revealed.error());
    row.message = std::move(*revealed);
  }
  return {};
}

}  // namespace

std::string to_text(const ExportPlace& place) {
  return json::serialize(
      json::object{{"before", place_json(place.before)}, {"begun", place_json(place.begun)}, {"seq", place.seq}});
}

ExportPlace export_place_in(std::string_view text) {
  if (text.empty()) return {};
  const json::object stored = json::parse(text).as_object();
  return {place_in(stored.at("before")), place_in(stored.at("begun")), stored.at("seq").as_int64()};
}

ExportRows rows_from(sql::Transaction& tx, Archive& archive, const Export& one, const ExportPlace& from, int limit) {
  ExportRows out;
  out.next = from;
  out.reached_at = one.reached_at;
  if (!one.question.text.empty()) {
    add_found(out, archive.find(tx, one.appid, one.reader, one.question, from.before, limit));
    return out;
  }
  if (!go_on(tx, archive, one, limit, out)) return out;
  auto found = archive.find(tx, one.appid, one.reader, one.question, out.next.before, conversations_at_once);
  for (const Hit& hit : found.items) {
    out.next.begun = hit.place;
    out.next.seq = 0;
    if (!add_messages(tx, archive, one, hit.conversation, limit, out)) return out;
    finish_conversation(out, hit.place);
  }
  out.end = !found.next;
  if (found.next) out.next.before = found.next;
  return out;
}

Task<Result<bool>> Exporter::step() {
  auto claimed = co_await claim();
  if (!claimed) co_return std::unexpected(claimed.error());
  if (!*claimed) co_return false;
  auto part = co_await gather(**claimed);
  // What can be tried again is.
  if (!part && part.error().kind == ErrorKind::unavailable) co_return std::unexpected(part.error());
  co_return co_await settle(std::move(**claimed), std::move(part));
}

Task<Result<std::optional<Export>>> Exporter::claim() {
  auto look = [](sql::Transaction& tx) -> Result<std::optional<Export>> { return store::next_export(tx); };
  auto found = co_await with_.database.read(std::move(look));
  if (!found || !*found || (*found)->state == ExportState::running) co_return found;
  Export begun = **found;
  begun.state = ExportState::running;
  auto begin = [begun](sql::Transaction& tx) -> Result<bool> { return store::save_export(tx, begun); };
  const auto saved = co_await with_.database.write(std::move(begin));
  if (!saved) co_return std::unexpected(saved.error());
  if (!*saved) co_return std::optional<Export>();  // cancelled in this moment
  ++begun.version;
  co_return begun;
}

Task<Result<Exporter::Part>> Exporter::gather(Export one) {
  if (one.kind == ExportKind::person) co_return co_await gather_person(std::move(one));
  co_return co_await gather_records(std::move(one));
}

Task<Result<Exporter::Part>> Exporter::gather_records(Export one) {
  Part part;
  ExportPlace place = export_place_in(one.place);
  if (one.parts == 0) part.text = export_head(one.format);
  while (!part.end && part.text.size() < limits_.part_bytes) {
    auto read = [this, one, place](sql::Transaction& tx) -> Result<ExportRows> {
      ExportRows rows = rows_from(tx, with_.archive, one, place, limits_.rows_at_once);
      if (auto whole = reveal(tx, with_.archive, one.reader, rows.rows); !whole) return std::unexpected(whole.error());
      return rows;
    };
    const auto found = co_await with_.database.read(std::move(read));
    if (!found) co_return std::unexpected(found.error());
    for (const ExportRow& row : found->rows) part.text += export_row(one.format, one.reader, row);
    part.rows += std::ssize(found->rows);
    part.reached_at = one.reached_at = found->reached_at;
    part.end = found->end;
    place = found->next;
  }
  part.place = to_text(place);
  co_return part;
}

// Keeper after keeper: the place is "<keeper>:<its own>".
Task<Result<Exporter::Part>> Exporter::gather_person(Export one) {
  Part part;
  const auto colon = std::min(one.place.find(':'), one.place.size());
  const auto first = parse_id(one.place.substr(0, colon)).value_or(1);
  auto at = static_cast<std::size_t>(first) - 1;
  std::string place = colon < one.place.size() ? one.place.substr(colon + 1) : "";
  const Person person{one.appid, OpenId(one.openid)};
  while (at < with_.keepers.size() && part.text.size() < limits_.part_bytes) {
    auto piece = co_await with_.keepers[at]->exported(person, place);
    if (!piece) co_return std::unexpected(piece.error());
    part.text += piece->lines;
    part.rows += piece->rows;
    if (!piece->next) ++at;
    place = piece->next.value_or("");
  }
  part.end = at >= with_.keepers.size();
  part.place = fmt::format("{}:{}", at + 1, place);
  co_return part;
}

Task<Result<bool>> Exporter::settle(Export one, Result<Part> part) {
  const TimeMs now = with_.clock.now();
  if (part && !part->text.empty()) {
    auto write = [files = &with_.files, id = one.id, number = one.parts + 1, text = std::move(part->text)] {
      const auto written = files->write(id, number, text);
      return std::pair(written, std::ssize(text));
    };
    const auto written = co_await with_.workers.run(std::move(write));
    if (!written) co_return std::unexpected(written.error());
    if (!written->first) co_return std::unexpected(written->first.error());
    ++one.parts;
    one.bytes += written->second;
  }
  if (part) {
    one.rows += part->rows;
    one.place = part->place;
    one.reached_at = part->reached_at;
    one.cut = !part->end && (one.rows >= export_rows_max || one.bytes >= export_bytes_max);
    if (part->end || one.cut) one.state = ExportState::done;
  } else {
    log::warn("records.export_failed", {{"id", one.id.value()}, {"code", part.error().code}});
    one.state = ExportState::failed;
    one.problem = part.error().code;
  }
  if (one.has_ended()) {
    one.openid.clear();
    one.ended_at = now;
    one.expires_at = now + export_kept_ms;
  }
  auto save = [=, this](sql::Transaction& tx) -> Result<bool> {
    const bool saved = store::save_export(tx, one);
    if (saved && one.has_ended() && with_.listener != nullptr) with_.listener->exported(tx, one, now);
    return saved;
  };
  const auto saved = co_await with_.database.write(std::move(save), {.background = true});
  if (!saved) co_return std::unexpected(saved.error());
  // Cancelled or withdrawn meanwhile: the part that was just written goes.
  if (!*saved)
    if (auto tidied = co_await tidy(); !tidied) co_return std::unexpected(tidied.error());
  co_return true;
}

Task<Result<void>> Exporter::tidy() {
  auto forget = [now = with_.clock.now()](sql::Transaction& tx) -> Result<std::set<ExportId>> {
    store::delete_expired_exports(tx, now, expired_at_once);
    const auto kept = store::exports_with_files(tx);
    return std::set<ExportId>(kept.begin(), kept.end());
  };
  auto kept = co_await with_.database.write(std::move(forget), {.background = true});
  if (!kept) co_return std::unexpected(kept.error());
  auto remove = [files = &with_.files, ids = std::move(*kept)] { return files->keep_only(ids); };
  auto removed = co_await with_.workers.run(std::move(remove));
  if (!removed) co_return std::unexpected(removed.error());
  co_return *removed;
}

}  // namespace miniops::records
