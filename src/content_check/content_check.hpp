// content_check as the program sees it: owns its parts and its loop (README.md). Other modules use Checker alone.
#pragma once

#include <memory>

#include "base/random.hpp"
#include "content_check/checks.hpp"
#include "identity/guard.hpp"
#include "net/server.hpp"

namespace miniops::content_check {

class ContentCheck {
 public:
  struct Collaborators {
    sql::Database& database;
    sql::ConfigVersion& version;
    const Sealer& sealer;
    const Clock& clock;
    Random& random;
    IdSource& ids;
    net::HttpClient& http;
    WeChat& wechat;
    net::IoThreads& io;
  };
  // All collaborators must outlive it. `guard`: which addresses that people give may be called.
  ContentCheck(const Collaborators& with, net::AddressGuard guard);
  ~ContentCheck();

  Checker& checker();
  Figures figures() const;
  void mount(identity::Guard& guard);
  // Reads who is asked; before anything can be. storage.* when the database fails.
  Result<void> prepare_blocking();
  void start();
  void stop();  // while the io threads still run

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace miniops::content_check
