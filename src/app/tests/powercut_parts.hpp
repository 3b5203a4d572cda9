// The parts of MiniOps that the power-cut test runs, put together as the server does it.
#pragma once

#include "app/tests/powercut_program.hpp"
#include "base/encoding.hpp"
#include "desk/agents.hpp"
#include "desk/service.hpp"
#include "desk/settings_service.hpp"
#include "gateway/service.hpp"
#include "live/live.hpp"
#include "storage/sql/migrations.hpp"
#include "webhooks/subscribers.hpp"

namespace miniops::storage {
std::span<const sql::Migration> migrations();
}
namespace miniops::gateway {
std::span<const sql::Migration> migrations();
}
namespace miniops::people {
std::span<const sql::Migration> migrations();
}
namespace miniops::automation {
std::span<const sql::Migration> migrations();
}
namespace miniops::quick_replies {
std::span<const sql::Migration> migrations();
}
namespace miniops::teams {
std::span<const sql::Migration> migrations();
}
namespace miniops::service_levels {
std::span<const sql::Migration> migrations();
}
namespace miniops::reports {
std::span<const sql::Migration> migrations();
}
namespace miniops::satisfaction {
std::span<const sql::Migration> migrations();
}
namespace miniops::wrapup {
std::span<const sql::Migration> migrations();
}
namespace miniops::webhooks {
std::span<const sql::Migration> migrations();
}

namespace miniops::app {

inline gateway::Journal::Settings journal_settings() {
  gateway::Journal::Settings settings;
  settings.batch_max = 4;               // small, so that one push's fate differs from the next one's
  settings.pause_after_failure_ms = 2;  // of the real clock; only without power
  return settings;
}

inline gateway::ConsumerRunner::Settings runner_settings() {
  gateway::ConsumerRunner::Settings settings;
  settings.chunk_first = 2;
  settings.chunk_max = 8;
  settings.chunk_ms = 1000;  // never the reason to cut: how long something takes is not the seed's
  return settings;
}

inline gateway::Tokens::Settings token_settings(const std::string& owner) {
  gateway::Tokens::Settings settings;
  settings.api_base = platform_url;
  settings.owner = owner;
  return settings;
}

inline gateway::Sender::Settings sender_settings(const std::string& owner) {
  gateway::Sender::Settings settings;
  settings.owner = owner;
  settings.claim_max = 8;
  settings.record_max = 4;
  return settings;
}

struct Program::Parts {
  Parts(Program& program, World& world, const std::string& owner)
      : database(*program.database_),
        programs(database, *program.version_, program.sealer_, world.clock),
        stats(database, world.clock),
        journal(database, world.clock, program.context_.get_executor(), journal_settings()),
        push(programs, journal, stats, world.clock, program.random_, 4 * second_ms),
        tokens(database, programs, program.sealer_, world.clock, world, token_settings(owner)),
        wechat(database, tokens, world.clock, world, {platform_url, 10 * second_ms, 1000}),
        uploads(database, program.blobs_, wechat, world.clock, program.random_),
        outbox({}),
        sender(database, outbox, programs, wechat, uploads, world.clock, program.random_,
               program.context_.get_executor(), sender_settings(owner)),
        relay_consumer([] {}),
        relay(database, programs, world.clock, program.ids_, world, {}),
        vault(program.sealer_, std::string(32, 'h')),
        identities(vault),
        directory({program.ids_, identities, news}),
        session_keys({*program.engine_, world.clock, program.random_, program.ids_, program.sealer_}),
        setups(database, *program.version_, program.workers_),
        presence_log(program.ids_),
        surveys({program.ids_, program.random_, vault}),
        subscribers(database, *program.version_),
        events(subscribers, program.ids_),
        rule_sets(database, *program.version_, program.workers_),
        desk(desk::Desk::Collaborators{database, *program.version_, world.clock, program.ids_, program.workers_, outbox,
                                       program.typing_, program.broadcaster_, program.colleagues_, directory,
                                       session_keys, setups, presence_log, surveys, events, rule_sets, vault, checker}),
        desk_runner(database, desk.consumer(), world.clock, program.ids_, runner_settings()),
        relay_runner(database, relay_consumer, world.clock, program.ids_, runner_settings()),
        sequencer(database, world.clock, {owner}) {
    news.set_listener(desk.profile_listener());
    outbox.set_listener(desk.delivery_listener());
    surveys.set_listener(desk.score_listener());
    sender.set_listener(desk.delivery_listener());
  }

  HeldDatabase& database;
  gateway::MiniPrograms programs;
  gateway::PushStats stats;
  gateway::Journal journal;
  gateway::PushEndpoint push;
  gateway::Tokens tokens;
  gateway::WeChatClient wechat;
  gateway::Uploads uploads;
  gateway::Outbox outbox;
  gateway::Sender sender;
  gateway::RelayConsumer relay_consumer;
  gateway::Relay relay;
  Vault vault;
  people::IdentityVault identities;
  people::News news;
  people::Directory directory;
  people::SessionKeys session_keys;
  teams::Setups setups;
  teams::PresenceLog presence_log;
  satisfaction::Surveys surveys;
  webhooks::Subscribers subscribers;
  webhooks::Events events;
  automation::RuleSets rule_sets;
  content_check::NoChecker checker;
  desk::Desk desk;
  gateway::ConsumerRunner desk_runner, relay_runner;
  live::Sequencer sequencer;
};

}  // namespace miniops::app
