#include "sandbox/app_input.hpp"

namespace miniops::sandbox {

namespace {

constexpr TimeMs month_ms = 30 * day_ms;

// A probability, 0 … 1.
std::optional<double> optional_rate(JsonInput& in, std::string_view key) {
  const json::value* value = in.optional_value(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (value->is_number()) {
    const double rate = value->to_number<double>();
    if (rate >= 0 && rate <= 1) return rate;
  }
  in.mistake(key, "must be a number from 0 to 1");
  return std::nullopt;
}

// "change what `member` names to the value, if there is one"
template <class T, class Set>
void change(std::vector<AppChange>& changes, std::optional<T> value, Set set) {
  if (value) changes.push_back([value = std::move(*value), set](App& app) { set(app, value); });
}

void read_window(JsonInput in, std::vector<AppChange>& changes) {
  change(changes, in.optional_integer("message_count", 0, 1000),
         [](App& app, std::int64_t n) { app.window.message_count = static_cast<int>(n); });
  change(changes, in.optional_integer("message_ms", 0, month_ms),
         [](App& app, std::int64_t ms) { app.window.message_ms = ms; });
  change(changes, in.optional_integer("enter_count", 0, 1000),
         [](App& app, std::int64_t n) { app.window.enter_count = static_cast<int>(n); });
  change(changes, in.optional_integer("enter_ms", 0, month_ms),
         [](App& app, std::int64_t ms) { app.window.enter_ms = ms; });
}

void read_policy(JsonInput in, std::vector<AppChange>& changes) {
  change(changes, in.optional_integer("timeout_ms", 10, hour_ms),
         [](App& app, std::int64_t ms) { app.push_policy.timeout_ms = ms; });
  change(changes, in.optional_integer("retry_ms", 0, hour_ms),
         [](App& app, std::int64_t ms) { app.push_policy.retry_ms = ms; });
  change(changes, in.optional_integer("tries", 1, 20),
         [](App& app, std::int64_t n) { app.push_policy.tries = static_cast<int>(n); });
  change(changes, in.optional_boolean("retry_on_status"),
         [](App& app, bool on) { app.push_policy.retry_on_status = on; });
}

void read_push_faults(JsonInput in, std::vector<AppChange>& changes) {
  change(changes, optional_rate(in, "duplicate_rate"), [](App& app, double r) { app.push_faults.duplicate_rate = r; });
  change(changes, optional_rate(in, "reorder_rate"), [](App& app, double r) { app.push_faults.reorder_rate = r; });
  change(changes, optional_rate(in, "bad_signature_rate"),
         [](App& app, double r) { app.push_faults.bad_signature_rate = r; });
  change(changes, optional_rate(in, "old_key_rate"), [](App& app, double r) { app.push_faults.old_key_rate = r; });
}

// {"message/custom/send": {"daily": 100, "minute": 10}, …}
void read_quotas(JsonInput& in, std::vector<AppChange>& changes) {
  const json::value* value = in.optional_value("quotas");
  if (value == nullptr || value->is_null()) return;
  if (!value->is_object()) return in.mistake("quotas", "must be an object of {api: {daily, minute}}");
  for (const auto& [api, limits] : value->get_object()) {
    JsonInput fields(limits);
    const auto daily = fields.optional_integer("daily", 0, 1'000'000'000);
    const auto minute = fields.optional_integer("minute", 0, 1'000'000'000);
    if (!fields.finish()) return in.mistake("quotas", "must be an object of {api: {daily, minute}}");
    changes.push_back([name = std::string(api), daily, minute](App& app) {
      const QuotaLimit now = app.quotas.limit(name);
      app.quotas.set_limit(name, {daily.value_or(now.daily), minute.value_or(now.minute)});
    });
  }
}

}  // namespace

std::vector<AppChange> read_config(JsonInput& in) {
  std::vector<AppChange> changes;
  change(changes, in.optional_text("name", {0, 64}), [](App& app, const auto& text) { app.config.name = text; });
  change(changes, in.optional_text("secret", {1, 256}), [](App& app, const auto& text) { app.config.secret = text; });
  change(changes, in.optional_text("push_url", {0, 2000}),
         [](App& app, const auto& text) { app.config.push_url = text; });
  change(changes, in.optional_text("token", {0, 64}), [](App& app, const auto& text) { app.config.token = text; });
  change(changes, in.optional_text("encoding_aes_key", {0, 64}), [](App& app, const auto& text) {
    if (text == app.config.encoding_aes_key) return;
    app.previous_aes_key = std::exchange(app.config.encoding_aes_key, text);
  });
  change(changes, in.optional_choice("mode", {"plain", "compatible", "safe"}),
         [](App& app, const auto& text) { app.config.mode = *wechat::parse_mode(text); });
  change(changes, in.optional_choice("format", {"xml", "json"}),
         [](App& app, const auto& text) { app.config.format = *wechat::parse_format(text); });
  return changes;
}

std::vector<AppChange> read_switches(JsonInput& in) {
  std::vector<AppChange> changes;
  change(changes, in.optional_boolean("secret_frozen"), [](App& app, bool on) { app.secret_frozen = on; });
  change(changes, in.optional_integer("wrong_secret_errcode", -1, 9'999'999),
         [](App& app, std::int64_t code) { app.wrong_secret_errcode = static_cast<int>(code); });
  if (in.has("ip_whitelist")) {
    changes.push_back([list = in.optional_texts("ip_whitelist", 200, {1, 64})](App& app) { app.ip_whitelist = list; });
  }
  if (in.has("blocked_words")) {
    changes.push_back(
        [list = in.optional_texts("blocked_words", 200, {1, 64})](App& app) { app.blocked_words = list; });
  }
  if (in.has("risky_words")) {
    changes.push_back([list = in.optional_texts("risky_words", 200, {1, 64})](App& app) { app.risky_words = list; });
  }
  if (in.has("review_words")) {
    changes.push_back([list = in.optional_texts("review_words", 200, {1, 64})](App& app) { app.review_words = list; });
  }
  if (in.has("unauthorized_apis")) {
    changes.push_back(
        [list = in.optional_texts("unauthorized_apis", 50, {1, 64})](App& app) { app.unauthorized_apis = list; });
  }
  change(changes, in.optional_integer("token_life_s", 1, 7200),
         [](App& app, std::int64_t life) { app.tokens.set_life(life * second_ms); });
  if (in.has("window")) read_window(in.object("window"), changes);
  if (in.has("push")) read_policy(in.object("push"), changes);
  if (in.has("push_faults")) read_push_faults(in.object("push_faults"), changes);
  read_quotas(in, changes);
  return changes;
}

Result<void> check_config(const AppConfig& config) {
  if (config.mode == wechat::Mode::plain || wechat::decode_aes_key(config.encoding_aes_key)) return {};
  return fail(ErrorKind::invalid, "sandbox.bad_aes_key",
              "compatible and safe mode need an encoding_aes_key of 43 letters and digits");
}

Result<void> apply(App& app, const std::vector<AppChange>& changes) {
  // Only the configuration can turn out wrong: try it on an app that has nothing else.
  App trial;
  trial.config = app.config;
  for (const AppChange& one : changes) one(trial);
  if (auto ok = check_config(trial.config); !ok) return ok;
  for (const AppChange& one : changes) one(app);
  return {};
}

Fault read_fault(JsonInput& in) {
  Fault fault;
  fault.api = in.text("api", {1, 64});
  if (const auto code = in.optional_integer("errcode", -99'999'999, 99'999'999))
    fault.errcode = static_cast<int>(*code);
  fault.errmsg = in.optional_text("errmsg", {0, 200}).value_or("");
  fault.delay_ms = in.optional_integer("delay_ms", 0, hour_ms).value_or(0);
  if (const json::value* disconnect = in.optional_value("disconnect"); disconnect != nullptr) {
    if (*disconnect == "before") {
      fault.disconnect = Fault::Disconnect::before;
    } else if (*disconnect == "after" || *disconnect == true) {
      fault.disconnect = Fault::Disconnect::after;
    } else if (*disconnect != false && !disconnect->is_null()) {
      in.mistake("disconnect", "must be \"before\", \"after\" or true (after)");
    }
  }
  fault.status = static_cast<int>(in.optional_integer("status", 200, 599).value_or(0));
  fault.answer = in.optional_text("answer", {0, 10'000}).value_or("");
  if (!fault.answer.empty() && fault.status == 0) fault.status = 200;
  const auto rate = optional_rate(in, "rate");
  fault.rate = rate.value_or(1);
  fault.times = in.optional_integer("times", 1, 1'000'000).value_or(rate ? Fault::unlimited : 1);
  return fault;
}

PushSwitches read_push_switches(JsonInput& in) {
  PushSwitches switches;
  // true means one copy more
  if (const json::value* duplicate = in.optional_value("duplicate"); duplicate != nullptr && !duplicate->is_null()) {
    if (duplicate->is_bool()) {
      switches.duplicate = duplicate->get_bool() ? 1 : 0;
    } else if (duplicate->is_int64() && duplicate->get_int64() >= 0 && duplicate->get_int64() <= 10) {
      switches.duplicate = static_cast<int>(duplicate->get_int64());
    } else {
      in.mistake("duplicate", "must be true, false or 0 to 10");
    }
  }
  switches.reorder = in.optional_boolean("reorder").value_or(false);
  switches.bad_signature = in.optional_boolean("bad_signature").value_or(false);
  switches.old_key = in.optional_boolean("old_key").value_or(false);
  switches.as_is = in.optional_boolean("as_is").value_or(false);
  switches.delay_ms = in.optional_integer("delay_ms", 0, hour_ms).value_or(0);
  return switches;
}

}  // namespace miniops::sandbox
