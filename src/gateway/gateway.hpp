// The gateway as the program sees it: owns its parts and their background loops (README.md).
//
// Built before the router is filled; start() after everything is mounted and all consumers are added; stop() while the
// io threads still run. All collaborators must outlive it.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <string>

#include "base/ids.hpp"
#include "base/random.hpp"
#include "base/seal.hpp"
#include "gateway/journal.hpp"
#include "gateway/media.hpp"
#include "gateway/miniprograms.hpp"
#include "gateway/outbox.hpp"
#include "gateway/push.hpp"
#include "gateway/wechat_client.hpp"
#include "identity/guard.hpp"
#include "net/address_guard.hpp"
#include "net/client.hpp"
#include "net/router.hpp"
#include "net/server.hpp"
#include "storage/blobs/blobs.hpp"
#include "storage/sql/config_version.hpp"
#include "storage/sql/database.hpp"
#include "wechat/api.hpp"

namespace miniops::gateway {

class MiniProgramService;

struct GatewaySettings {
  std::string api_base = "https://api.weixin.qq.com";  // wechat.api_base
  std::string public_url{};                            // server.public_url; the push address shown is below it
  Outbox::Settings window{};                           // wechat.window.*
  int calls_per_second = 1000;                         // gateway.sends_per_second, per mini program
  int sends_at_once = 32;                              // per mini program
  TimeMs http_timeout_ms = 10 * second_ms;             // wechat.api_timeout_ms
  TimeMs store_deadline_ms = 4 * second_ms;            // then the connection is closed, or
  int refuse_with_status = 0;                          // gateway.refuse_with_status; 0: close
  net::AddressGuard relay_guard{};                     // notify.private_addresses_allowed
  std::string owner{};                                 // this process in leases and claims; empty: drawn
};

// What /metrics shows, of this process.
struct GatewayFigures {
  std::uint64_t pushes_accepted = 0, pushes_duplicate = 0, pushes_refused = 0, pushes_dropped = 0;
  double ack_p50_ms = 0, ack_p99_ms = 0;
  std::int64_t journal_lag = 0, outbox_open = 0, dead_letters = 0;
};

class Gateway {
 public:
  struct Collaborators {
    sql::Database& database;
    sql::ConfigVersion& version;
    const Sealer& sealer;
    const Clock& clock;
    Random& random;
    IdSource& ids;
    net::HttpClient& http;
    Blobs& blobs;
    net::IoThreads& io;
  };
  Gateway(const Collaborators& with, GatewaySettings settings);
  ~Gateway();

  void mount(identity::Guard& guard, net::Router& router);
  void add_consumer(TransactionalConsumer& consumer);
  void set_delivery_listener(DeliveryListener& listener);
  void set_working_hours(WorkingHours& hours);
  // Without them whoever may ask sees what customers sent. Before mount().
  void set_media_readers(const MediaReaders& readers);
  // Called after commits that wrote live changes; must not block. Set before start().
  void on_changes(std::function<void()> listener);
  void start();
  void stop();  // returns when every loop has ended, at most 5 s later

  Outbox& outbox();
  MiniPrograms& mini_programs();
  // Creating and changing them, for the command line too (Access::system).
  MiniProgramService& mini_program_service();
  // "The other side is typing…" on the customer's phone. Best effort.
  Task<Result<void>> typing(AppId appid, OpenId openid, wechat::Typing typing);
  // Any call of WeChat's API for a mini program, with its token and within its rate limits.
  Task<CallOutcome> call(AppId appid, wechat::ApiCall call);
  // What the gateway's page shows of a mini program.
  Task<Result<boost::json::object>> health(AppId appid);
  Task<GatewayFigures> figures();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace miniops::gateway
