#include "content_check/service.hpp"

#include "content_check/errors.hpp"
#include "identity/audit.hpp"
#include "webhooks/subscription.hpp"

namespace miniops::content_check {

namespace {

constexpr std::size_t secret_chars = 43;  // 256 bits

std::string new_secret(Random& random) { return "chksec_" + random.alphanumeric(secret_chars); }
std::string object_of(CheckerId id) { return "checker:" + id.str(); }

// Of an address only where it leads: what follows may be a secret of the receiver's.
std::string origin_of(const std::string& address) {
  const auto parsed = webhooks::parse_address(address);
  return parsed ? parsed->origin : std::string();
}

json::object shown(const Outside& one) {
  return {{"name", one.name},
          {"address", origin_of(one.address)},
          {"action", word(one.action)},
          {"unanswered", word(one.unanswered)},
          {"enabled", one.enabled}};
}

json::object shown(const Settings& settings) {
  const WeChatRule& wechat = settings.wechat;
  json::object out{{"words", word(settings.words)},
                   {"wechat", wechat.enabled},
                   {"wechat_action", word(wechat.action)},
                   {"wechat_unanswered", word(wechat.unanswered)},
                   {"wechat_inactive", word(wechat.inactive)}};
  out["leave_out"] = settings.leave_out.size();
  return out;
}

json::object from_to(json::value from, json::value to) { return {{"from", std::move(from)}, {"to", std::move(to)}}; }

void apply(Outside& one, const Given& given) {
  one.name = given.name.value_or(one.name);
  one.address = given.address.value_or(one.address);
  one.action = given.action.value_or(one.action);
  one.unanswered = given.unanswered.value_or(one.unanswered);
  one.enabled = given.enabled.value_or(one.enabled);
}

Result<Outside> checker_in(sql::Transaction& tx, const AppId& appid, CheckerId id) {
  auto found = store::checker(tx, appid, id);
  if (!found) return fail(errors::not_found());
  return std::move(*found);
}

}  // namespace

// ---- changing ----

// `change` works in the transaction, and says in the audit entry what it changed.
template <class T, class Change>
Task<Result<T>> Service::configure(Access access, Note note, Change change) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), note.action, note.object};
  auto write = [=](sql::Transaction& tx) -> Result<T> {
    identity::AuditEntry audited = entry;
    auto done = change(tx, audited.changes);
    if (!done) return done;
    identity::audit(tx, access, audited);
    sql::raise_config_version(tx);
    return done;
  };
  auto done = co_await with_.database.write(std::move(write));
  if (done) co_await act_at_once();
  co_return done;
}

Task<void> Service::act_at_once() {
  co_await with_.version.refresh();
  // Should it fail, the loop loads it a moment later.
  const auto loaded = co_await with_.checks.load();
  if (!loaded) co_return;
}

Result<void> Service::check_address(const std::optional<std::string>& text) const {
  if (!text) return {};
  const auto address = webhooks::parse_address(*text);
  if (!address) return fail(errors::address_not_allowed("this"));
  if (!webhooks::may_be_called(*address, with_.webhook.guard()))
    return fail(errors::address_not_allowed(address->host));
  return {};
}

Task<Result<Setup>> Service::setup(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<Setup> {
    return Setup{store::settings(tx, access.appid()), store::checkers(tx, access.appid())};
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Settings>> Service::set_settings(Access access, Settings settings) {
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<Settings> {
    const Settings before = store::settings(tx, access.appid());
    if (before.version != settings.version) return fail(errors::changed());
    Settings after = settings;
    ++after.version;
    store::put_settings(tx, access.appid(), after);
    changes["settings"] = from_to(shown(before), shown(after));
    return after;
  };
  Note note{"content_check.settings.update", "content_check:" + access.appid().str()};
  co_return co_await configure<Settings>(access, std::move(note), std::move(change));
}

Task<Result<WithSecret>> Service::add(Access access, Given given) {
  if (auto ok = check_address(given.address); !ok) co_return std::unexpected(ok.error());
  Outside one;
  one.id = with_.ids.next_as<CheckerId>();
  one.appid = access.appid();
  one.created_at = with_.clock.now();
  apply(one, given);
  const std::string secret = new_secret(with_.random);
  one.secret = seal_secret(with_.sealer, one.id, secret);
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<WithSecret> {
    if (store::checkers(tx, one.appid).size() >= checkers_max) return fail(errors::too_many());
    store::insert(tx, one);
    changes["checker"] = from_to(nullptr, shown(one));
    return WithSecret{one, secret};
  };
  Note note{"content_check.checker.create", object_of(one.id)};
  co_return co_await configure<WithSecret>(std::move(access), std::move(note), std::move(change));
}

Task<Result<Outside>> Service::change(Access access, CheckerId id, std::int64_t version, Given given) {
  if (auto ok = check_address(given.address); !ok) co_return std::unexpected(ok.error());
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<Outside> {
    const auto before = checker_in(tx, access.appid(), id);
    if (!before) return before;
    if (before->version != version) return fail(errors::changed());
    Outside after = *before;
    apply(after, given);
    ++after.version;
    store::update(tx, after);
    changes["checker"] = from_to(shown(*before), shown(after));
    return after;
  };
  Note note{"content_check.checker.update", object_of(id)};
  co_return co_await configure<Outside>(access, std::move(note), std::move(change));
}

Task<Result<void>> Service::remove(Access access, CheckerId id) {
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<void> {
    const auto before = checker_in(tx, access.appid(), id);
    if (!before) return std::unexpected(before.error());
    store::remove(tx, id);
    changes["checker"] = from_to(shown(*before), nullptr);
    return {};
  };
  Note note{"content_check.checker.delete", object_of(id)};
  co_return co_await configure<void>(access, std::move(note), std::move(change));
}

Task<Result<WithSecret>> Service::renew_secret(Access access, CheckerId id) {
  const std::string secret = new_secret(with_.random);
  const std::string sealed = seal_secret(with_.sealer, id, secret);
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<WithSecret> {
    auto one = checker_in(tx, access.appid(), id);
    if (!one) return std::unexpected(one.error());
    one->secret = sealed;
    ++one->version;
    store::update(tx, *one);
    changes["secret"] = {{"changed", true}};
    return WithSecret{*one, secret};
  };
  Note note{"content_check.checker.renew_secret", object_of(id)};
  co_return co_await configure<WithSecret>(access, std::move(note), std::move(change));
}

// ---- the test ----

Task<Result<Answer>> Service::test(Access access, CheckerId id, std::string text) {
  auto read = [=](sql::Transaction& tx) { return checker_in(tx, access.appid(), id); };
  auto one = co_await with_.database.read(std::move(read));
  if (!one) co_return std::unexpected(one.error());
  Answer answer = co_await with_.checks.ask_one(std::move(*one), std::move(text));
  const identity::AuditEntry entry{with_.ids.next(),
                                   with_.clock.now(),
                                   "content_check.checker.test",
                                   object_of(id),
                                   {{"verdict", word(answer.verdict)}}};
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    identity::audit(tx, access, entry);
    return {};
  };
  const auto noted = co_await with_.database.write(std::move(write));
  if (!noted) co_return std::unexpected(noted.error());
  co_return answer;
}

}  // namespace miniops::content_check
