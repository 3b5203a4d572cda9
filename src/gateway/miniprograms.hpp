// The mini programs of this installation 小程序: credentials (sealed), push mode, relay, switches. Cached, and checked
// against config_version, so that a change acts within 200 ms on all nodes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/seal.hpp"
#include "base/task.hpp"
#include "storage/sql/config_version.hpp"
#include "storage/sql/database.hpp"
#include "wechat/push.hpp"

namespace miniops::gateway {

enum class TransferMode { off, always, out_of_hours };  // transfer_customer_service: WeChat's own agent tool answers

struct MiniProgram {
  AppId appid;
  std::string name;
  std::string original_id;  // gh_…, learnt from the first push
  std::string secret;       // AppSecret
  wechat::PushKeys push_keys;
  wechat::Mode mode = wechat::Mode::safe;
  wechat::Format format = wechat::Format::json;
  std::string time_zone = "Asia/Shanghai";
  bool restrict_push_sources = false;  // to getcallbackip's list
  // That list; nullptr when it was never fetched (then nothing is refused, and the self-check says so).
  std::shared_ptr<const std::vector<std::string>> push_sources{};
  std::string relay_url;  // empty: no relay
  TransferMode transfer = TransferMode::off;
  bool enabled = true;
};

// Its name, inside another module's transaction; empty: there is no such mini program.
std::string mini_program_name(sql::Transaction& tx, const AppId& appid);

class MiniPrograms {
 public:
  MiniPrograms(sql::Database& database, const sql::ConfigVersion& version, const Sealer& sealer, const Clock& clock);
  ~MiniPrograms();
  // From the cache, which is read anew when config_version moved. nullptr: unknown.
  Task<std::shared_ptr<const MiniProgram>> find(const AppId& appid);
  Task<std::vector<std::shared_ptr<const MiniProgram>>> all();
  // Whether they could be read at all yet; until then find() knows none.
  bool known() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace miniops::gateway
