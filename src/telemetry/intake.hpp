// The doors for phones: each protocol's paths, its key, its answers. A request is answered when what it brought is in
// the spool.
#pragma once

#include <memory>

#include "net/router.hpp"
#include "net/workers.hpp"
#include "storage/spool/spool.hpp"
#include "telemetry/block.hpp"
#include "telemetry/keys.hpp"
#include "telemetry/quotas.hpp"
#include "telemetry/regions.hpp"

namespace miniops::telemetry {

// What /metrics and the intake page show, of this process.
struct IntakeFigures {
  std::uint64_t requests = 0, records = 0, refused = 0;
};

class Intake {
 public:
  struct Collaborators {
    ProjectKeys& keys;
    spool::Spool& spool;
    const Clock& clock;
    net::Workers& workers;  // for bodies that would hold an io thread
    const Regions& regions;
  };
  explicit Intake(const Collaborators& with) : with_(with) {}

  void mount(net::Router& router);
  IntakeFigures figures() const;
  // What was refused since, into the spool for the ledger; called once a second.
  Task<void> write_notes();

 private:
  struct Door;  // what is particular to a protocol
  Task<net::Response> answer(net::Request& request, std::shared_ptr<const Door> door);
  Task<net::Response> handle(net::Request& request, const Door& door);
  Task<Result<void>> unpack(net::Request& request);
  Task<Result<Decoded>> read(net::Request& request, const Door& door);
  Task<Result<void>> spool(Block block);
  void note(const AppId& appid, std::string_view protocol, LossNote note);

  const Collaborators with_;
  Quotas quotas_;
  std::atomic<std::uint64_t> requests_{0}, records_{0}, refused_{0};
  std::mutex notes_mutex_;
  std::map<std::pair<AppId, std::string>, Decoded> notes_;  // by mini program and protocol
};

}  // namespace miniops::telemetry
