// The module's part of the console API, and /wxapi.
#pragma once

#include "identity/guard.hpp"
#include "official/service.hpp"

namespace miniops::official {

void mount(identity::Guard& guard, Service& service, const Clock& clock);

// WeChat's paths, answered from our own store: access_token is one of our API keys with telemetry.read. Of a key that
// reaches several mini programs the query says which (`appid`). Answers and errcodes have WeChat's form; days have no
// limits.
struct WxApi {
  OwnRecords& own;
  identity::Service& identity;
  const Clock& clock;
};
void mount(net::Router& router, const WxApi& api);

}  // namespace miniops::official
