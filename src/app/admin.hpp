// `miniops admin …`: works on the same data folder or database while the server runs; what it changes acts within
// 200 ms, since caches ask for config_version.
#pragma once

#include <string>
#include <vector>

#include "app/config.hpp"
#include "base/error.hpp"

namespace CLI {
class App;
}

namespace miniops::app {

struct Store;

class AdminCommands {
 public:
  // Adds create-user, reset-password, create-api-key, add-miniprogram and list-users; returns them.
  std::vector<CLI::App*> add_to(CLI::App& admin);
  // What goes to standard output; create-api-key gives the key and nothing else.
  Result<std::string> run(const std::string& command, const Config& config);

 private:
  Result<std::string> add_mini_program(Store& store) const;

  std::string username_, display_name_, role_, appid_, key_name_, program_name_, mode_ = "safe", format_ = "json";
  std::vector<std::string> scopes_;
  bool password_from_stdin_ = false, secrets_from_stdin_ = false, must_change_ = false;
  int days_ = 0;
};

}  // namespace miniops::app
