// The composition root: builds every part in dependency order, mounts its routes, runs, stops in reverse. Nothing else
// in the program knows all modules.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/config.hpp"
#include "base/error.hpp"

namespace miniops::identity {
struct FirstAdministrator;
}

namespace miniops::app {

struct Store;

class Server {
 public:
  // Opens the data folder and the database, migrates, starts to serve. Fails with app.*, storage.* or net.*: what is
  // wrong and what to do about it.
  static Result<std::unique_ptr<Server>> open(const Config& config);
  ~Server();

  std::string url() const;
  Store& store();
  // Set when this start made the first administrator.
  const std::optional<identity::FirstAdministrator>& first_administrator() const;
  // Drains and stops within 10 s.
  void stop();

  // Every route with its authentication and permission, for `miniops routes` and the tests.
  static Result<std::string> routes_as_json(const Config& config);

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace miniops::app
