#include "app/operations.hpp"

namespace miniops::app {

namespace {

using Ask = std::function<Task<Readiness>()>;
using Measure = std::function<Task<std::string>()>;

Task<net::Response> readyz(Ask readiness) {
  const Readiness now = co_await readiness();
  co_return net::Response::text(now.ready ? "ready\n" : now.why + "\n", now.ready ? 200 : 503);
}

Task<net::Response> figures(Measure metrics) {
  net::Response response = net::Response::text(co_await metrics());
  response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  co_return response;
}

}  // namespace

void mount_operations(net::Router& router, std::function<Task<Readiness>()> readiness,
                      std::function<Task<std::string>()> metrics) {
  // Alive: the process answers. Nothing is asked, so that a slow database does not get it restarted.
  router.add({net::Method::get, "/healthz", "operations", "", 0, "healthz"},
             [](net::Request&) -> Task<net::Response> { co_return net::Response::text("ok\n"); });
  router.add({net::Method::get, "/readyz", "operations", "", 0, "readyz"},
             [readiness](net::Request&) { return readyz(readiness); });
  router.add({net::Method::get, "/metrics", "operations", "", 0, "metrics"},
             [metrics](net::Request&) { return figures(metrics); });
}

}  // namespace miniops::app
