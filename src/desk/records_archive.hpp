// The desk as records see it: its conversations to be searched, kept for a time, and deleted with a person.
//
// Owned by the desk. Safe from any thread: it holds nothing that changes. Collaborators must outlive it.
#pragma once

#include "desk/recorder.hpp"
#include "desk/records_store.hpp"
#include "desk/search.hpp"
#include "records/ports.hpp"
#include "satisfaction/surveys.hpp"
#include "teams/setup.hpp"
#include "webhooks/events.hpp"

namespace miniops::desk {

class RecordsArchive final : public records::Archive {
 public:
  RecordsArchive(const teams::Setups& setups, const satisfaction::Surveys& surveys, const Sealing& sealing,
                 const webhooks::Events& told, IdSource& ids)
      : setups_(setups), surveys_(surveys), sealing_(sealing), told_(told), ids_(ids) {}

  records::PageOf<records::Hit> find(sql::Transaction& tx, const AppId& appid, const records::Reader& reader,
                                     const records::Question& question, const records::Before& before,
                                     int limit) override;
  std::int64_t not_indexed(sql::Transaction& tx) override { return store::count_not_indexed(tx); }
  std::optional<records::ConversationRecord> conversation(sql::Transaction& tx, const AppId& appid,
                                                          const records::Reader& reader,
                                                          records::ConversationId id) override;
  std::vector<records::MessageRecord> messages(sql::Transaction& tx, records::ConversationId id, std::int64_t after_seq,
                                               int limit) override;
  std::vector<records::EventRecord> events(sql::Transaction& tx, records::ConversationId id, int limit) override;
  Result<records::MessageRecord> revealed(sql::Transaction& tx, records::MessageRecord record) override;
  std::optional<std::set<records::GroupId>> groups_read(const identity::Access& access) override;
  bool shows_scores(sql::Transaction& tx, const identity::Access& access) override;
  std::vector<records::Closed> closed_before(sql::Transaction& tx, const AppId& appid, records::Place after,
                                             TimeMs before, int limit) override;
  MessagesRemoved remove_messages(sql::Transaction& tx, records::ConversationId id, int limit) override;
  MediaRemoved remove_media(sql::Transaction& tx, records::ConversationId id, std::int64_t after_seq,
                            int limit) override;
  std::vector<records::Aged> waiting_before(sql::Transaction& tx, const AppId& appid, records::Place after,
                                            TimeMs before, int limit) override;
  bool remove_waiting(sql::Transaction& tx, std::int64_t id) override;
  std::vector<records::Aged> told_before(sql::Transaction& tx, const AppId& appid, records::Place after, TimeMs before,
                                         int limit) override;
  void empty_told(sql::Transaction& tx, std::int64_t id) override;

 private:
  std::map<ConversationId, int> scores_of(sql::Transaction& tx, const std::vector<ConversationId>& ids) const;

  const teams::Setups& setups_;
  const satisfaction::Surveys& surveys_;
  const Sealing& sealing_;
  const webhooks::Events& told_;
  IdSource& ids_;
};

// A person's conversations. Deletes what was said and who said it; that there were conversations and messages, and
// when, stays for the figures.
class ConversationKeeper final : public records::Keeper {
 public:
  ConversationKeeper(sql::Database& database, const Common& common) : database_(database), common_(common) {}
  std::string_view name() const override { return "conversations"; }
  Task<Result<ExportPiece>> exported(records::Person person, std::string place) override;
  Result<ErasePiece> erase(sql::Transaction& tx, const records::Person& person, const std::string& place,
                           TimeMs now) override;

 private:
  Result<void> close_open(sql::Transaction& tx, const records::Person& person, TimeMs now) const;

  sql::Database& database_;
  const Common& common_;
};

}  // namespace miniops::desk
