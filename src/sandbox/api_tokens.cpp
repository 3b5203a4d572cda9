// /cgi-bin/token and /cgi-bin/stable_token: who may have a token.
#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.hpp"
#include "sandbox/api_call.hpp"

namespace miniops::sandbox {

namespace {

struct Credentials {
  std::string grant_type, appid, secret;
};

// IPv4 as WeChat writes it, also when the socket is IPv6.
std::string ipv4_of(std::string_view address) {
  constexpr std::string_view mapped = "::ffff:";
  return std::string(address.starts_with(mapped) ? address.substr(mapped.size()) : address);
}

ApiAnswer issue(ApiInput& in, const Credentials& who, std::string_view api, IssuedToken (*give)(App&, ApiInput&)) {
  if (who.appid.empty()) return refuse(41002);
  if (who.secret.empty()) return refuse(41004);
  if (who.grant_type != "client_credential") return refuse(40002);
  const auto found = in.apps.find(who.appid);
  if (found == in.apps.end()) return refuse(40013);
  App& app = found->second;
  if (app.secret_frozen) return refuse(40243);
  if (!equal_constant_time(who.secret, app.config.secret)) {
    return refuse(app.wrong_secret_errcode, app.wrong_secret_errcode == 40001
                                                ? "invalid credential, appsecret is invalid or not latest"
                                                : std::string());
  }
  const std::string ip = ipv4_of(in.request.remote_address);
  if (!app.ip_whitelist.empty() && std::ranges::find(app.ip_whitelist, ip) == app.ip_whitelist.end()) {
    return refuse(40164, fmt::format("invalid ip {} ipv6 ::ffff:{}, not in whitelist", ip, ip));
  }
  if (const int over = app.quotas.take(api, in.now); over != 0) return refuse(over);
  const IssuedToken issued = give(app, in);
  return {.body = {{"access_token", issued.token}, {"expires_in", issued.expires_in_s}}};
}

}  // namespace

ApiAnswer answer_token(ApiInput& in) {
  const Credentials who{in.request.query_value("grant_type").value_or(""), in.request.query_value("appid").value_or(""),
                        in.request.query_value("secret").value_or("")};
  return issue(in, who, "token", [](App& app, ApiInput& at) { return app.tokens.issue(at.now, at.world.random); });
}

ApiAnswer answer_stable_token(ApiInput& in) {
  const auto text = [&](std::string_view key) { return std::string(text_of(in.body, key).value_or("")); };
  const Credentials who{text("grant_type"), text("appid"), text("secret")};
  return issue(in, who, "stable_token", [](App& app, ApiInput& at) {
    const json::value* force = at.body.if_contains("force_refresh");
    const bool forced = force != nullptr && force->is_bool() && force->get_bool();
    return app.tokens.stable(at.now, forced, at.world.random);
  });
}

}  // namespace miniops::sandbox
