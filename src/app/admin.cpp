#include "app/admin.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

#include "app/store.hpp"
#include "base/wait.hpp"
#include "gateway/service.hpp"

namespace miniops::app {

namespace {

using identity::Access;

std::unexpected<Error> wrong(std::string message) {
  return fail(ErrorKind::invalid, "app.wrong_usage", std::move(message));
}

Access acting(std::string_view appid = "") { return Access::system(AppId(std::string(appid)), "miniops admin"); }

Result<std::string> password_from_stdin(bool asked_for) {
  if (!asked_for) return wrong("give the password on standard input, with --password-stdin");
  std::string line;
  std::getline(std::cin, line);
  if (line.empty()) return wrong("standard input holds no password");
  return line;
}

}  // namespace

std::vector<CLI::App*> AdminCommands::add_to(CLI::App& admin) {
  CLI::App* create = admin.add_subcommand("create-user", "a new account; with --miniprogram a member of it");
  create->add_option("--username", username_)->required();
  create
      ->add_option("--role", role_,
                   "admin, operator, developer, analyst, agent; admin without --miniprogram: "
                   "an instance administrator")
      ->required();
  create->add_option("--miniprogram", appid_, "appid");
  create->add_option("--display-name", display_name_);
  create->add_flag("--password-stdin", password_from_stdin_, "read the password from standard input");
  create->add_flag("--must-change-password", must_change_, "asked for a new one at the first sign-in");

  CLI::App* reset = admin.add_subcommand("reset-password", "a new password for an account; its sessions end");
  reset->add_option("--username", username_)->required();
  reset->add_flag("--password-stdin", password_from_stdin_, "read the password from standard input");

  CLI::App* key = admin.add_subcommand("create-api-key", "prints the key and nothing else");
  key->add_option("--user", username_)->required();
  key->add_option("--name", key_name_)->required();
  key->add_option("--scope", scopes_, "a permission such as desk.read; may be repeated; none: all of the user's");
  key->add_option("--miniprogram", appid_, "limits the key to one mini program");
  key->add_option("--days", days_, "days until it expires; 0: never");

  CLI::App* program = admin.add_subcommand("add-miniprogram", "a mini program with its credentials");
  program->add_option("--appid", appid_)->required();
  program->add_option("--name", program_name_)->required();
  program->add_option("--mode", mode_, "plain, compatible or safe [safe]");
  program->add_option("--format", format_, "xml or json [json]");
  program->add_flag("--secrets-stdin", secrets_from_stdin_,
                    "read AppSecret, Token and EncodingAESKey from standard input, a line each");

  CLI::App* users = admin.add_subcommand("list-users", "all accounts");
  return {create, reset, key, program, users};
}

Result<std::string> AdminCommands::add_mini_program(Store& store) const {
  if (!secrets_from_stdin_)
    return wrong("give AppSecret, Token and EncodingAESKey on standard input, with --secrets-stdin");
  std::string secret, token, aes_key;
  std::getline(std::cin, secret);
  std::getline(std::cin, token);
  std::getline(std::cin, aes_key);
  gateway::MiniProgramInput input;
  input.name = program_name_;
  input.secret = secret;
  input.token = token;
  if (!aes_key.empty()) input.encoding_aes_key = aes_key;
  input.mode = mode_;
  input.format = format_;
  gateway::MiniProgramService service(*store.database, *store.version, *store.sealer, store.clock, *store.ids);
  const auto made = wait(service.create(acting(), AppId(appid_), std::move(input)));
  if (!made) return std::unexpected(made.error());
  return "added " + appid_ + "; its push address is /wechat/push/" + appid_;
}

Result<std::string> AdminCommands::run(const std::string& command, const Config& config) {
  auto opened = Store::open(config);
  if (!opened) return std::unexpected(opened.error());
  identity::Service& service = *(*opened)->identity;

  if (command == "add-miniprogram") return add_mini_program(**opened);
  if (command == "create-user") {
    const auto role = identity::parse_role(role_);
    if (!role) return wrong(role_ + ": the roles are admin, operator, developer, analyst and agent");
    if (appid_.empty() && *role != identity::Role::admin) return wrong("name the mini program with --miniprogram");
    auto password = password_from_stdin(password_from_stdin_);
    if (!password) return std::unexpected(password.error());
    identity::NewAccount wanted{username_, *password, display_name_, appid_.empty(), must_change_};
    const auto made = wait(service.create_account(acting(), wanted));
    if (!made) return std::unexpected(made.error());
    if (appid_.empty()) return "created " + username_ + ", an instance administrator";
    identity::NewMember member{username_, *role};
    const auto added = wait(service.add_member(acting(appid_), member));
    if (!added) return std::unexpected(added.error());
    return fmt::format("created {}, {} of {}", username_, role_, appid_);
  }
  if (command == "list-users") {
    const auto accounts = wait(service.list_accounts(0, 1000));
    if (!accounts) return std::unexpected(accounts.error());
    std::string out;
    for (const auto& account : *accounts)
      out +=
          fmt::format("{}{}\t{}{}{}", out.empty() ? "" : "\n", account.username, account.display_name,
                      account.instance_admin ? "\tinstance administrator" : "", account.disabled ? "\tdisabled" : "");
    return out;
  }

  const auto account = wait(service.find_account_by_name(username_));
  if (!account) return std::unexpected(account.error());
  if (command == "reset-password") {
    auto password = password_from_stdin(password_from_stdin_);
    if (!password) return std::unexpected(password.error());
    identity::AccountPatch patch;
    patch.password = *password;
    const auto changed = wait(service.update_account(acting(), account->id, patch));
    if (!changed) return std::unexpected(changed.error());
    return "the password of " + username_ + " is changed, its sessions have ended";
  }
  // create-api-key
  identity::NewApiKey wanted;
  wanted.name = key_name_;
  if (!scopes_.empty()) {
    wanted.scopes.emplace();
    for (const std::string& scope : scopes_) {
      const auto permission = identity::parse_permission(scope);
      if (!permission) return wrong(scope + ": no such permission");
      wanted.scopes->insert(*permission);
    }
  }
  if (!appid_.empty()) wanted.appid = AppId(appid_);
  if (days_ > 0) wanted.expires_at = (*opened)->clock.now() + days_ * day_ms;
  const auto made = wait(service.create_api_key(acting(), account->id, wanted));
  if (!made) return std::unexpected(made.error());
  return made->secret;
}

}  // namespace miniops::app
