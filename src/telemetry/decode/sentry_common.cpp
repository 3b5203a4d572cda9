// What Sentry's events say of person, place and device.
#include <algorithm>
#include <cmath>

#include "base/encoding.hpp"
#include "telemetry/decode/sentry.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

namespace {

// environment is free text; these are what people write for WeChat's three.
Build build_of(std::string_view environment) {
  if (const auto build = parse_build(environment)) return *build;
  const std::string word = lower_text(environment.substr(0, 20));
  if (word == "production" || word == "prod") return Build::release;
  if (word == "development" || word == "dev") return Build::develop;
  return word == "staging" ? Build::trial : Build::unknown;
}

// "Android 12" → os and version. 1.19 writes WeChat's version into os.version, and 0.11.0 the system's.
void read_system(const Fields& contexts, Device& device) {
  const Fields os = contexts.inner("os");
  std::string system = contexts.inner("device").text("system");
  if (system.empty()) system = os.text("name");
  const std::size_t blank = system.rfind(' ');
  device.os = system.substr(0, blank);
  device.os_version = blank == std::string::npos ? os.text("version") : system.substr(blank + 1);
}

Device read_device(const Fields& contexts) {
  const Fields device = contexts.inner("device");
  const Fields miniapp = contexts.inner("miniapp");
  const Fields extra = contexts.inner("extra");  // where 0.11.0 puts the system's information
  Device out;
  out.brand = device.text("brand");
  out.model = device.text("model");
  for (const char* key : {"benchmark_level", "benchmarkLevel"}) {
    for (const Fields& place : {device, extra}) {
      if (out.level.empty()) out.level = place.text(key);
    }
  }
  out.wechat = miniapp.find("host_version") ? miniapp.text("host_version") : extra.text("version");
  out.base_library = miniapp.find("host_sdk_version") ? miniapp.text("host_sdk_version") : extra.text("SDKVersion");
  read_system(contexts, out);
  return out;
}

// The page of the last breadcrumb that names one.
std::string page_of_breadcrumbs(const Fields& event) {
  std::string page;
  for (const Element& crumb : sentry_values(event.find("breadcrumbs"))) {
    const std::string named = Fields(crumb, Undefined::dropped).inner("data").text("page");
    if (!named.empty()) page = named;
  }
  return page;
}

// 0.11.0 sends the page stack, 1.19 leaves its traces in breadcrumbs, tags and contexts.
std::string read_page(const Fields& event) {
  std::string page;
  for (const Element& router : sentry_values(event.inner("extra").find("routers"))) {
    const std::string route = Fields(router, Undefined::dropped).text("route");
    if (!route.empty()) page = route;  // the last is the one that is shown
  }
  if (page.empty()) page = event.inner("contexts").inner("route").text("current");
  if (page.empty()) page = page_of_breadcrumbs(event);
  if (page.empty()) page = event.inner("tags").text("route");
  const std::string transaction = event.text("transaction");
  if (page.empty() && transaction.contains('/') && !transaction.contains(' ')) page = transaction;
  return page_of(page);
}

}  // namespace

std::string normal_event_id(std::string_view text) {
  std::string id;
  for (char c : text.substr(0, 40)) {
    if (c != '-') id.push_back(c);
  }
  id = lower_text(id);
  return id.size() == 32 && unhex(id) ? id : std::string();
}

TimeMs sentry_time(const std::optional<Element>& value) {
  if (!value) return 0;
  if (const auto number = number_of(*value)) {
    constexpr double no_seconds = 1e11;  // the year 5138: then they are milliseconds
    return time_of(std::abs(*number) < no_seconds ? *number * 1000 : *number);
  }
  return parse_rfc3339(text_of(*value));
}

std::string sentry_sdk(const Fields& sdk) {
  const std::string name = sdk.text("name");
  const std::string version = sdk.text("version");
  return version.empty() ? name : name + "/" + version;
}

std::vector<Element> sentry_values(const std::optional<Element>& value) {
  std::vector<Element> out;
  if (!value) return out;
  const Fields object(*value);
  const auto array = object.is_object() ? object.array("values") : array_of(value);
  if (array) {
    for (const Element item : *array) {
      if (item.is_object()) out.push_back(item);
    }
  } else if (object.is_object()) {
    out.push_back(*value);
  }
  return out;
}

SentryHeader read_sentry_header(const Fields& header) {
  const Fields trace = header.inner("trace");
  SentryHeader out;
  out.event_id = normal_event_id(header.text("event_id"));
  out.sent_at = sentry_time(header.find("sent_at"));
  out.sdk = sentry_sdk(header.inner("sdk"));
  out.trace = trace.text("trace_id");
  out.release = trace.text("release");
  out.environment = trace.text("environment");
  out.weight = weight_of_rate(trace.number("sample_rate").value_or(1));
  return out;
}

UserIds sentry_user(const Fields& user) {
  UserIds ids{user.text("login_id"), user.text("unionid"), user.text("openid"), user.text("device_id")};
  std::string id = user.text("id");
  if (id.empty()) id = user.text("username");
  if (is_openid(id) && ids.openid.empty()) {
    ids.openid = id;
  } else if (ids.login_id.empty() && id != ids.openid && id != ids.unionid && id != ids.device_id) {
    ids.login_id = id;
  }
  return ids;
}

// "shop@1.4.2" names the version 1.4.2, as every other client calls it.
void set_sentry_release(Record& record, std::string_view release, std::string_view environment) {
  const std::size_t at = release.rfind('@');
  record.release = release.substr(at == std::string_view::npos ? 0 : at + 1);
  record.build = build_of(environment);
}

Record sentry_record(const Fields& event, const SentryHeader& header) {
  const Fields contexts = event.inner("contexts");
  const auto either = [](std::string a, const std::string& b) { return a.empty() ? b : a; };
  Record record;
  record.protocol = "sentry";
  record.sdk = either(sentry_sdk(event.inner("sdk")), header.sdk);
  set_sentry_release(record, either(event.text("release"), header.release),
                     either(event.text("environment"), header.environment));
  if (record.release.empty()) record.release = contexts.inner("app").text("app_version");
  record.user = sentry_user(event.inner("user"));
  record.device = read_device(contexts);
  record.trace = either(contexts.inner("trace").text("trace_id"), header.trace);
  record.network = lower_text(contexts.inner("network").text("type"));
  record.page = read_page(event);
  record.scene = scene_of(event.inner("tags").text("scene"));
  return record;
}

std::string SentryIds::next(const Fields& event) {
  std::string id = std::move(first_);
  first_.clear();
  return id.empty() ? normal_event_id(event.text("event_id")) : id;
}

std::array<char, 16> sentry_record_id(std::string_view event_id, std::string_view payload) {
  const auto bytes = unhex(event_id);
  if (!bytes || bytes->size() != 16) return hash_id({"sentry", payload});
  std::array<char, 16> id{};
  std::ranges::copy(*bytes, id.begin());
  return id;
}

}  // namespace miniops::telemetry
