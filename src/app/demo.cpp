#include "app/demo.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>

#include "app/data_folder.hpp"
#include "app/demo_content.hpp"
#include "app/demo_phones.hpp"
#include "app/process.hpp"
#include "app/sandbox_server.hpp"
#include "app/server.hpp"
#include "app/store.hpp"
#include "base/wait.hpp"
#include "sandbox/simulator.hpp"

namespace miniops::app {

namespace fs = std::filesystem;

namespace {

const AppId demo_appid{"wx0123456789abcdef"};
constexpr TimeMs demo_history_ms = 7 * day_ms;

struct Login {
  std::string_view username, display_name;
  std::optional<identity::Role> role;  // nullopt: instance administrator
};
constexpr Login logins[] = {
    {"admin", "系统管理员", std::nullopt},
    {"manager", "王店长", identity::Role::admin},
    {"operator", "李运营", identity::Role::operator_},
    {"developer", "张开发", identity::Role::developer},
    {"analyst", "陈分析", identity::Role::analyst},
    {"agent1", "客服小美", identity::Role::agent},
    {"agent2", "客服小强", identity::Role::agent},
};

// The demo's secrets are made once and stay with its data folder: password, AppSecret, Token, EncodingAESKey, API key.
struct Secrets {
  std::string password, app_secret, token, aes_key, api_key;
};

Result<Secrets> make_secrets(Store& store) {
  using identity::Access;
  Secrets secrets{store.random.alphanumeric(12), store.random.alphanumeric(32), store.random.alphanumeric(24),
                  store.random.alphanumeric(43), ""};
  for (const Login& login : logins) {
    identity::NewAccount account{std::string(login.username), secrets.password, std::string(login.display_name),
                                 !login.role.has_value(), false};
    const auto found = wait(store.identity->find_account_by_name(account.username));
    if (found) {  // the server's own first administrator
      identity::AccountPatch patch;
      patch.password = account.password;
      patch.display_name = account.display_name;
      const auto changed = wait(store.identity->update_account(Access::system(AppId(), "demo"), found->id, patch));
      if (!changed) return std::unexpected(changed.error());
      continue;
    }
    const auto made = wait(store.identity->create_account(Access::system(AppId(), "demo"), account));
    if (!made) return std::unexpected(made.error());
    if (!login.role) continue;
    identity::NewMember member{account.username, *login.role};
    const auto added = wait(store.identity->add_member(Access::system(demo_appid, "demo"), member));
    if (!added) return std::unexpected(added.error());
  }
  const auto admin = wait(store.identity->find_account_by_name("admin"));
  if (!admin) return std::unexpected(admin.error());
  identity::NewApiKey wanted;
  wanted.name = "demo";
  const auto key = wait(store.identity->create_api_key(Access::system(AppId(), "demo"), admin->id, wanted));
  if (!key) return std::unexpected(key.error());
  secrets.api_key = key->secret;
  return secrets;
}

std::optional<Secrets> read_secrets(const fs::path& file) {
  std::ifstream in(file);
  Secrets secrets;
  if (in >> secrets.password >> secrets.app_secret >> secrets.token >> secrets.aes_key >> secrets.api_key)
    return secrets;
  return std::nullopt;
}

Result<void> write_secrets(const fs::path& file, const Secrets& secrets) {
  return write_private_file(file, fmt::format("{}\n{}\n{}\n{}\n{}\n", secrets.password, secrets.app_secret,
                                              secrets.token, secrets.aes_key, secrets.api_key));
}

void print_logins(const Server& server, const SandboxServer& sandbox, const Secrets& secrets) {
  std::cout << "\nMiniOps demo 演示环境\n  console 控制台       " << server.url() << "\n  sandbox 模拟微信平台  "
            << sandbox.url() << "\n\n  password 密码 (all 通用): " << secrets.password << "\n";
  for (const Login& login : logins) std::cout << fmt::format("  {:<10} {}\n", login.username, login.display_name);
  std::cout << std::endl;
}

}  // namespace

Result<void> run_sandbox(const SandboxOptions& options) {
  block_stop_signals();
  const auto server = SandboxServer::open(options.listen, options.seed, options.clock_file);
  if (!server) return std::unexpected(server.error());
  announce((*server)->url());
  wait_for_stop_signal();
  (*server)->stop();
  return {};
}

Result<void> run_demo(const DemoOptions& options) {
  block_stop_signals();
  std::error_code ignored;
  if (options.fresh) fs::remove_all(options.data, ignored);
  auto sandbox = SandboxServer::open(options.sandbox_listen, 0);
  if (!sandbox) return std::unexpected(sandbox.error());
  const auto config = Config::load("",
                                   {{"data", options.data},
                                    {"listen", options.listen},
                                    {"wechat.api_base", (*sandbox)->url()},
                                    {"notify.wecom_base", (*sandbox)->url()},
                                    {"notify.tencent_sms_base", (*sandbox)->url()},
                                    {"log.level", "warn"}},
                                   {});
  if (!config) return std::unexpected(config.error());
  configure_logging(*config);
  auto server = Server::open(*config);
  if (!server) return std::unexpected(server.error());

  const fs::path file = fs::path(options.data) / "demo-logins";
  auto secrets = read_secrets(file);
  const bool first = !secrets;
  if (first) {
    auto made = make_secrets((*server)->store());
    if (!made) return std::unexpected(made.error());
    secrets = std::move(*made);
  }
  sandbox::AppConfig app{
      demo_appid.str(), "示例商城",       secrets->app_secret, (*server)->url() + "/wechat/push/" + demo_appid.str(),
      secrets->token,   secrets->aes_key, wechat::Mode::safe,  wechat::Format::json};
  if (auto ok = (*sandbox)->sandbox().put_app(app); !ok) return std::unexpected(ok.error());
  // A group of WeCom that alerts are told to; the sandbox forgets it when it ends.
  if (auto ok = make_demo_group((*sandbox)->url()); !ok) return std::unexpected(ok.error());
  if (first) {
    if (auto ok = fill_demo((*server)->url(), secrets->api_key, app); !ok) return std::unexpected(ok.error());
    if (auto ok = fill_alerts((*server)->url(), secrets->api_key, app.appid); !ok) return std::unexpected(ok.error());
    if (auto ok = write_secrets(file, *secrets); !ok) return std::unexpected(ok.error());
  }

  std::optional<DemoPhones> phones;
  if (options.visits_per_minute > 0) {
    const auto key = demo_project_key((*server)->url(), secrets->api_key, demo_appid.str());
    if (!key) return std::unexpected(key.error());
    const Store& store = (*server)->store();
    phones.emplace(DemoPhones::Settings{key->batch_url, options.visits_per_minute, key->made ? demo_history_ms : 0, 60},
                   store.clock, (*server)->store().random);
  }
  sandbox::SimulatorSettings customers{demo_appid.str(), options.customers_per_minute};
  if (phones) customers.on_arrival = [&phones](const std::string& openid) { phones->came_from_shop(openid); };
  sandbox::Simulator simulator((*sandbox)->io(), (*sandbox)->sandbox(), (*sandbox)->random(), std::move(customers));
  simulator.start();
  print_logins(**server, **sandbox, *secrets);
  announce((*server)->url());
  wait_for_stop_signal();
  simulator.stop();
  if (phones) phones->stop();
  (*server)->stop();
  (*sandbox)->stop();
  return {};
}

}  // namespace miniops::app
