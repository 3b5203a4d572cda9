#include "app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

#include "app/admin.hpp"
#include "app/backup.hpp"
#include "app/config.hpp"
#include "app/demo.hpp"
#include "app/process.hpp"
#include "app/server.hpp"

namespace miniops::app {

namespace {

int fail_with(const Error& error) {
  std::cerr << "miniops: " << error.message << " (" << error.code << ")\n";
  return 1;
}

// The settings as flags of one subcommand, collected by key.
struct SettingFlags {
  std::string file;
  std::map<std::string, std::string> values;

  void add_to(CLI::App& command) {
    command.add_option("--config", file, "configuration file (TOML)")->check(CLI::ExistingFile);
    for (const Setting& setting : settings()) {
      const std::string key(setting.key);
      command.add_option_function<std::string>(
          flag_of(key), [this, key](const std::string& value) { values[key] = value; },
          fmt::format("{} [{}]", setting.help, setting.fallback));
    }
  }
  Result<Config> load() const { return Config::load(file, values, settings_from_environment()); }
};

int serve(const SettingFlags& flags) {
  const auto config = flags.load();
  if (!config) return fail_with(config.error());
  configure_logging(*config);
  block_stop_signals();
  auto server = Server::open(*config);
  if (!server) return fail_with(server.error());
  if (const auto& first = (*server)->first_administrator()) announce_first_administrator(*first);
  announce((*server)->url());
  wait_for_stop_signal();
  (*server)->stop();
  return 0;
}

int print_routes(const SettingFlags& flags) {
  const auto config = flags.load();
  if (!config) return fail_with(config.error());
  const auto text = Server::routes_as_json(*config);
  if (!text) return fail_with(text.error());
  std::cout << *text << "\n";
  return 0;
}

int report(const Result<std::string>& outcome) {
  if (!outcome) return fail_with(outcome.error());
  if (!outcome->empty()) std::cout << *outcome << "\n";
  return 0;
}

}  // namespace

int run(int argc, char** argv) {
  CLI::App cli("MiniOps: a self-hosted operations center for WeChat Mini Programs 小程序运维中心", "miniops");
  cli.require_subcommand(1);
  cli.set_version_flag("--version", MINIOPS_VERSION);
  cli.failure_message(CLI::FailureMessage::simple);
  int status = 0;

  SettingFlags serve_flags;
  CLI::App* serve_command = cli.add_subcommand("serve", "run the server");
  serve_flags.add_to(*serve_command);
  serve_command->callback([&] { status = serve(serve_flags); });

  SandboxOptions sandbox_options;
  CLI::App* sandbox_command = cli.add_subcommand("sandbox", "run a local WeChat platform with phones");
  sandbox_command->add_option("--listen", sandbox_options.listen, "address and port [127.0.0.1:9080]");
  sandbox_command->add_option("--seed", sandbox_options.seed, "repeatable randomness; 0: none");
  sandbox_command->add_option("--tests-clock-file", sandbox_options.clock_file, "as of `miniops serve`");
  sandbox_command->callback([&] {
    const auto outcome = run_sandbox(sandbox_options);
    if (!outcome) status = fail_with(outcome.error());
  });

  DemoOptions demo_options;
  CLI::App* demo_command = cli.add_subcommand("demo", "server, sandbox and simulated customers in one process");
  demo_command->add_option("--data", demo_options.data, "data folder, kept between starts [./data/demo]");
  demo_command->add_option("--listen", demo_options.listen, "the server's address and port [127.0.0.1:8080]");
  demo_command->add_option("--sandbox-listen", demo_options.sandbox_listen, "the sandbox's [127.0.0.1:9080]");
  demo_command->add_option("--rate", demo_options.customers_per_minute,
                           "new simulated customers a minute; 0: none [6]");
  demo_command->add_option("--visits", demo_options.visits_per_minute,
                           "visits a minute of phones that report, in the busiest hour; 0: none [20]");
  demo_command->add_flag("--fresh", demo_options.fresh, "throw the demo's data folder away first");
  demo_command->callback([&] {
    const auto outcome = run_demo(demo_options);
    if (!outcome) status = fail_with(outcome.error());
  });

  SettingFlags routes_flags;
  CLI::App* routes_command = cli.add_subcommand("routes", "print every route with its authentication and permission");
  routes_flags.add_to(*routes_command);
  routes_command->callback([&] { status = print_routes(routes_flags); });

  SettingFlags admin_flags;
  AdminCommands admin;
  CLI::App* admin_command = cli.add_subcommand("admin", "accounts, keys and mini programs, also while the server runs");
  admin_command->require_subcommand(1);
  for (CLI::App* command : admin.add_to(*admin_command)) {
    admin_flags.add_to(*command);
    command->callback([&, command] {
      const auto config = admin_flags.load();
      status = config ? report(admin.run(command->get_name(), *config)) : fail_with(config.error());
    });
  }

  SettingFlags backup_flags;
  std::string backup_to;
  CLI::App* backup_command = cli.add_subcommand("backup", "copy the embedded store and pictures while the server runs");
  backup_flags.add_to(*backup_command);
  backup_command->add_option("--to", backup_to, "a folder that does not exist yet")->required();
  backup_command->callback([&] {
    const auto config = backup_flags.load();
    status = config ? report(backup(*config, backup_to)) : fail_with(config.error());
  });

  SettingFlags restore_flags;
  std::string restore_from;
  CLI::App* restore_command = cli.add_subcommand("restore", "put a backup into an empty data folder");
  restore_flags.add_to(*restore_command);
  restore_command->add_option("--from", restore_from, "a folder that `miniops backup` made")->required();
  restore_command->callback([&] {
    const auto config = restore_flags.load();
    status = config ? report(restore(*config, restore_from)) : fail_with(config.error());
  });

  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = cli.exit(error);
    return code == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::cerr << "miniops: " << error.what() << "\n";
    return 1;
  }
  return status;
}

}  // namespace miniops::app
