// Use cases of records: search and reading, retention and holds, exports, one person's data. Each takes the proof of
// access to its mini program; how far that reaches is part of every question (Reader).
//
// Safe from any thread; results reach the caller after commit. Collaborators must outlive it.
#pragma once

#include "identity/reading_log.hpp"
#include "net/workers.hpp"
#include "records/erasure.hpp"
#include "records/export_files.hpp"
#include "records/hold.hpp"
#include "records/retention.hpp"

namespace miniops::records {

struct Found : PageOf<Hit> {
  std::int64_t not_indexed = 0;  // by words: messages that are not known yet
};

struct ConversationView {
  ConversationRecord conversation{};
  std::vector<MessageRecord> messages{};
  std::int64_t next_seq = 0;  // there is more after it; 0: that was all
};

struct RetentionPatch {
  std::int64_t version = 0;
  std::optional<std::int64_t> messages_days{}, media_days{};
};

struct HoldWish {
  HoldKind kind{};
  std::string openid{};
  ConversationId conversation{};
  std::string reason{};
};

struct Download {
  Export from{};
  std::string bytes{};
};

class Service {
 public:
  struct Collaborators {
    sql::Database& database;
    Archive& archive;
    PersonErasures& erasures;
    const ExportFiles& files;
    net::Workers& workers;
    const Clock& clock;
    IdSource& ids;
  };
  explicit Service(const Collaborators& with) : with_(with), audited_(with.database, with.ids) {}

  // Audited, whatever page is asked for (ReadingLog). records.scores_hidden, records.not_found
  Task<Result<Found>> search(Access access, Question question, Before before, int limit);
  Task<Result<ConversationView>> read(Access access, ConversationId id, std::int64_t after_seq, int limit);

  Task<Result<Retention>> retention(Access access);
  // records.changed, records.media_longer_than_messages
  Task<Result<Retention>> change_retention(Access access, RetentionPatch patch);

  Task<Result<PageOf<Hold>>> holds(Access access, bool released_too, HoldId before, int limit);
  // records.hold_exists, records.too_many_holds, records.not_found
  Task<Result<Hold>> place_hold(Access access, HoldWish wish);
  // records.not_found, records.hold_released
  Task<Result<Hold>> release_hold(Access access, HoldId id, std::string reason);

  // One's own; everybody's with desk.configure; those of a person with personal_data.read only.
  Task<Result<PageOf<Export>>> exports(Access access, ExportId before, int limit);
  Task<Result<Export>> find_export(Access access, ExportId id);
  // records.needs_export, records.scores_hidden, records.too_many_exports, records.too_many_files
  Task<Result<Export>> add_export(Access access, Question question, Format format);
  Task<Result<Export>> add_person_export(Access access, OpenId openid);
  // records.export_ended
  Task<Result<Export>> cancel_export(Access access, ExportId id);
  Task<Result<void>> remove_export(Access access, ExportId id);
  // Part 1, 2 …, each audited. records.export_not_ready, records.export_personal, records.export_reach,
  // records.export_gone
  Task<Result<Download>> download(Access access, ExportId id, std::int64_t part);

  // Asked again for the same person while it is under way, the same request is answered. records.held,
  // records.needs_personal_data, records.too_many_erasures
  Task<Result<Erasure>> erase(Access access, OpenId openid, std::string reason);
  Task<Result<PageOf<Erasure>>> erasures(Access access, ErasureId before, int limit);
  Task<Result<Erasure>> find_erasure(Access access, ErasureId id);

 private:
  Reader reader_of(sql::Transaction& tx, const Access& access) const;
  Result<Reader> exporting(sql::Transaction& tx, const Access& access) const;
  Task<Result<Export>> add(Access access, Export wanted);
  Erasure as_it_is(sql::Transaction& tx, Erasure erasure) const;

  const Collaborators with_;
  identity::ReadingLog audited_;
};

}  // namespace miniops::records
