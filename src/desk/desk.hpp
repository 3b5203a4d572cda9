// The desk as the program sees it: owns its parts and their background loops (README.md).
//
// Built before the router is filled; start() after everything is mounted; stop() while the io threads still run. All
// collaborators must outlive it.
#pragma once

#include <memory>
#include <span>

#include "automation/ports.hpp"
#include "base/vault.hpp"
#include "content_check/check.hpp"
#include "desk/ports.hpp"
#include "gateway/journal.hpp"
#include "gateway/media.hpp"
#include "gateway/outbox.hpp"
#include "gateway/push.hpp"
#include "identity/guard.hpp"
#include "live/lists.hpp"
#include "net/server.hpp"
#include "net/workers.hpp"
#include "people/directory.hpp"
#include "people/session_keys.hpp"
#include "people/visibility.hpp"
#include "quick_replies/ports.hpp"
#include "records/ports.hpp"
#include "reports/ports.hpp"
#include "satisfaction/surveys.hpp"
#include "storage/sql/config_version.hpp"
#include "storage/sql/database.hpp"
#include "storage/sql/migrations.hpp"
#include "teams/ports.hpp"
#include "teams/presence.hpp"
#include "teams/setup.hpp"
#include "webhooks/events.hpp"

namespace miniops::desk {

std::span<const sql::Migration> migrations();

class Agents;
class Channel;
class Configs;
class Service;
class SettingsService;

class Desk {
 public:
  struct Collaborators {
    sql::Database& database;
    sql::ConfigVersion& version;
    const Clock& clock;
    IdSource& ids;
    net::Workers& workers;
    gateway::Outbox& outbox;
    TypingSender& typing;
    Broadcaster& broadcaster;
    Colleagues& colleagues;
    const people::Directory& directory;
    const people::SessionKeys& session_keys;
    teams::Setups& setups;  // which the desk loads, with its own configuration
    const teams::PresenceLog& presence_log;
    const satisfaction::Surveys& surveys;
    const webhooks::Events& events;
    automation::RuleSets& rule_sets;  // which the desk loads, too
    const Vault& vault;
    content_check::Checker& checker;           // of what agents say
    std::vector<Channel*> further_channels{};  // besides the mini program's, which the desk makes of outbox and typing
  };
  explicit Desk(const Collaborators& with);
  ~Desk();

  // `signals` must outlive the routes.
  void mount(identity::Guard& guard, CustomerSignals& signals);
  // What the gateway drives: the journal's consumer, news of deliveries, the question whether somebody is there.
  gateway::TransactionalConsumer& consumer();
  gateway::DeliveryListener& delivery_listener();
  // What a further channel received, in the transaction of its consumer, which calls consumer().committed() after it.
  Result<void> hear(sql::Transaction& tx, Channel& channel, const gateway::JournalEntry& entry,
                    const wechat::Message& message, TimeMs now);
  satisfaction::ScoreListener& score_listener();
  gateway::WorkingHours& working_hours();
  // What people tell of their customers, and teams of their groups.
  people::ProfileListener& profile_listener();
  teams::QueueMover& queue_mover();
  // What reports ask of the desk.
  reports::Source& report_source();
  // The conversations, as records ask for them; those of a person, for their export and deletion.
  records::Archive& records_archive();
  records::Keeper& conversation_keeper();
  // What macros do to conversations.
  quick_replies::Executor& macro_executor();
  // What automation asks about conversations.
  automation::Desk& automation_port();
  // The groups whose conversations somebody reads there besides their own, as the live hub asks; nullopt: all.
  std::optional<std::set<std::string>> groups_read(const identity::Caller& caller, const AppId& appid) const;
  std::optional<std::set<std::string>> groups_read(const identity::Access& access) const;
  // How many open conversations there are, as the live hub tells those whom single ones do not concern.
  Task<Result<std::shared_ptr<const live::Lists>>> lists(AppId appid);
  // Customers, and what they sent, are shown to whoever reads one of their conversations. desk.other_group
  const people::Visibility& visibility() const;
  const gateway::MediaReaders& media_readers() const;
  // desk.other_group
  Result<void> may_see_conversation(sql::Transaction& tx, const identity::Access& access, ConversationId id) const;
  // The live socket of an agent is open: call every few seconds. Safe from any thread.
  void heartbeat(AccountId account);

  // Reads the configuration; before the consumers start. storage.* when the database fails.
  Result<void> prepare_blocking();
  // The loops: configuration, presence, assignment, search index, housekeeping.
  void start(net::IoThreads& io);
  void stop();  // returns when every loop has ended

  // One bounded piece of each; true: there is more. For tests, which drive them under a simulated clock.
  Task<Result<bool>> config_step();
  Task<Result<bool>> presence_step();
  Task<Result<bool>> assignment_step();
  Task<Result<bool>> timer_step();
  Task<Result<bool>> index_step();
  Task<Result<bool>> clean_step();

  Service& service();
  SettingsService& settings();
  Agents& agents();
  Configs& configs();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace miniops::desk
