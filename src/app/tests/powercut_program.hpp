// MiniOps from one power-on to the next power cut: the real parts of push, journal, desk with its queues and timers,
// outbox and relay on a disk that can lose its power, every background loop driven by hand on one thread.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <thread>

#include "app/tests/held_database.hpp"
#include "app/tests/powercut_world.hpp"
#include "base/seal.hpp"
#include "desk/desk.hpp"
#include "gateway/consumer_runner.hpp"
#include "gateway/push.hpp"
#include "gateway/relay.hpp"
#include "gateway/sender.hpp"
#include "live/sequencer.hpp"
#include "storage/blobs/blobs.hpp"
#include "storage/sql/config_version.hpp"

namespace miniops::app {

class Program {
 public:
  // Opens the database and brings it up to date. Throws std::runtime_error when that fails, as with no power.
  explicit Program(World& world, std::uint64_t seed);
  ~Program();

  // On the first power-on: the mini program, its automatic reply, what the desk promises and how long it waits, and
  // somebody who wants to be told everything.
  void configure();
  // Reads the configuration; false: the power went.
  bool prepare();

  // A piece of everything: pushes, agents, loops, answers of the network, as the world's seed decides.
  void turn();
  // All loops once, and all that waits.
  void turn_everything();
  bool idle();  // nothing is left to do, but held messages
  // Without power: what is under way comes to its (bad) end.
  void end();

  sql::Rows query(const std::string& statement, const sql::Params& params = {});
  std::vector<desk::Conversation> conversations();
  // All agents are there, with room for everybody who waits.
  void give_away_all_who_wait();

 private:
  struct Loop {
    std::function<Task<void>(bool&)> step;
    bool running = false;
  };
  class Typing final : public desk::TypingSender {
    void typing(const AppId&, const OpenId&, bool) override {}
  };
  class Broadcaster final : public desk::Broadcaster {
    void broadcast(const AppId&, boost::json::object, live::Audience) override {}
    void changed(const AppId&) override {}
  };
  class Colleagues final : public desk::Colleagues {
    std::optional<desk::Colleague> find(sql::Transaction&, const AppId&, desk::AccountId account) override {
      return desk::Colleague{account, "小王"};
    }
    bool may_answer(sql::Transaction&, const AppId&, desk::AccountId) override { return true; }
    std::vector<desk::Colleague> members(sql::Transaction&, const AppId&) override {
      return {{desk::AccountId(1), "小王"}, {desk::AccountId(2), "小李"}};
    }
    std::string name_of(sql::Transaction&, desk::AccountId) override { return "小王"; }
  };
  class NoBlobs final : public Blobs {
    Task<Result<std::string>> put(std::string) override { co_return std::string(); }
    Task<Result<std::string>> get(std::string) override { co_return std::string(); }
    Task<Result<bool>> remove(std::string) override { co_return true; }
  };

  // Runs everything on this thread until nothing moves but by the network's answers.
  void settle();
  template <class T>
  T run(Task<T> task);
  void spawn(Task<void> task);
  template <class Step>
  void add_loop(Step step);
  void add_loops();
  void start(Loop& loop);

  Task<void> deliver(Push& push);
  Task<void> say(Answer& answer, desk::ConversationId conversation);
  Task<void> say_again(desk::ConversationId conversation, desk::MessageId message);
  sql::Rows look(const std::string& statement, const sql::Params& params = {});  // nothing, when the power is gone
  void customers_and_agents();
  bool come_online(std::int64_t load_max);
  void configure_desk();
  Task<void> act(std::string what, desk::ConversationId conversation, std::int64_t seen, desk::AccountId as);
  void agent_acts();
  void agent_answers();
  void agent_resends();

  World& world_;
  SeededRandom random_;
  boost::asio::io_context context_{1};
  int under_way_ = 0;
  std::unique_ptr<sql::Database> engine_;
  std::optional<HeldDatabase> database_;
  std::optional<sql::ConfigVersion> version_;
  IdSource ids_;
  Sealer sealer_;
  NoBlobs blobs_;
  net::Workers workers_{1, 16};
  Typing typing_;
  Broadcaster broadcaster_;
  Colleagues colleagues_;

  struct Parts;
  std::unique_ptr<Parts> parts_;
  std::vector<std::unique_ptr<Loop>> loops_;
};

}  // namespace miniops::app
