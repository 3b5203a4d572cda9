#include "gateway/service.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/text.hpp"
#include "calendar/time_zone.hpp"
#include "gateway/errors.hpp"
#include "identity/audit.hpp"
#include "live/change_log.hpp"
#include "storage/sql/config_version.hpp"

namespace miniops::gateway {

namespace {

constexpr std::size_t aes_key_chars = 43;

bool alphanumeric(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

bool printable_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

bool web_address(std::string_view url) {
  const bool http = url.starts_with("http://");
  if (!http && !url.starts_with("https://")) return false;
  const std::string_view rest = url.substr(http ? 7 : 8);
  return !rest.empty() && rest.front() != '/' && rest.front() != '?' && url.size() <= 2048 && printable_ascii(url) &&
         url.find('#') == std::string_view::npos;
}

// A name is looked up when it is called (Relay), and what it leads to is looked at then.
bool forbidden(const net::AddressGuard& guard, std::string_view url) {
  const auto parsed = boost::urls::parse_uri(boost::urls::string_view(url.data(), url.size()));
  if (!parsed) return false;
  boost::system::error_code is_name;
  const auto literal = boost::asio::ip::make_address(std::string(parsed->host_address()), is_name);
  return !is_name && !guard.allows(literal);
}

// Collects what is wrong with the fields that are given.
std::vector<FieldError> mistakes_in(const MiniProgramInput& input, const net::AddressGuard& guard) {
  std::vector<FieldError> mistakes;
  const auto wrong = [&](std::string_view field, std::string message) {
    mistakes.push_back({"/" + std::string(field), std::move(message)});
  };
  if (input.name && (!valid_utf8(*input.name) || input.name->empty() || count_chars(*input.name) > 64)) {
    wrong("name", "1 to 64 characters");
  }
  if (input.secret && (input.secret->empty() || input.secret->size() > 128 || !printable_ascii(*input.secret))) {
    wrong("secret", "1 to 128 characters without blanks");
  }
  if (input.token && (input.token->size() < 3 || input.token->size() > 32 || !alphanumeric(*input.token))) {
    wrong("token", "3 to 32 letters and digits");
  }
  if (input.encoding_aes_key && !input.encoding_aes_key->empty() &&
      (input.encoding_aes_key->size() != aes_key_chars || !alphanumeric(*input.encoding_aes_key))) {
    wrong("encoding_aes_key", "exactly 43 letters and digits");
  }
  if (input.mode && !wechat::parse_mode(*input.mode)) wrong("mode", "plain, compatible or safe");
  if (input.format && !wechat::parse_format(*input.format)) wrong("format", "xml or json");
  if (input.time_zone && !calendar::known_time_zone(*input.time_zone))
    wrong("time_zone", "a name such as Asia/Shanghai");
  if (input.relay_url && !input.relay_url->empty() && !web_address(*input.relay_url)) {
    wrong("relay_url", "an address that begins with http:// or https://");
  } else if (input.relay_url && forbidden(guard, *input.relay_url)) {
    wrong("relay_url", "an address of the public internet, or one of notify.private_addresses_allowed");
  }
  if (input.transfer && !parse_transfer(*input.transfer)) wrong("transfer", "off, always or out_of_hours");
  return mistakes;
}

Error invalid(std::vector<FieldError> mistakes) {
  return {"request.invalid", "some fields are not as they must be", ErrorKind::invalid, std::move(mistakes)};
}

// Writes what was given into the row and says what changed, secrets without their value.
boost::json::object merge(MiniProgramRow& row, const MiniProgramInput& input, TimeMs now) {
  boost::json::object changes;
  const auto note = [&](std::string_view field, const auto& from, const auto& to) {
    changes[field] = {{"from", from}, {"to", to}};
  };
  const auto put_text = [&](std::string_view field, std::string& value, const std::optional<std::string>& given) {
    if (!given || *given == value) return;
    note(field, value, *given);
    value = *given;
  };
  const auto put_flag = [&](std::string_view field, bool& value, const std::optional<bool>& given) {
    if (!given || *given == value) return;
    note(field, value, *given);
    value = *given;
  };
  put_text("name", row.name, input.name);
  put_text("time_zone", row.time_zone, input.time_zone);
  put_text("relay_url", row.relay_url, input.relay_url);
  put_flag("restrict_push_sources", row.restrict_push_sources, input.restrict_push_sources);
  put_flag("enabled", row.enabled, input.enabled);
  if (input.format && *input.format != wechat::to_string(row.format)) {
    note("format", wechat::to_string(row.format), *input.format);
    row.format = *wechat::parse_format(*input.format);
  }
  if (input.transfer && *input.transfer != to_string(row.transfer)) {
    note("transfer", to_string(row.transfer), *input.transfer);
    row.transfer = *parse_transfer(*input.transfer);
  }
  if (input.mode && *input.mode != wechat::to_string(row.mode)) {
    note("mode", wechat::to_string(row.mode), *input.mode);
    row.previous_mode = row.mode;
    row.mode_changed_at = now;
    row.mode = *wechat::parse_mode(*input.mode);
  }
  if (input.secret && *input.secret != row.secret) {
    changes["secret"] = {{"changed", true}};
    row.secret = *input.secret;
    row.secret_changed_at = now;
  }
  if (input.token && *input.token != row.token) {
    changes["token"] = {{"changed", true}};
    if (!row.token.empty()) row.previous_token = row.token;
    row.token = *input.token;
    row.token_changed_at = now;
  }
  if (input.encoding_aes_key && *input.encoding_aes_key != row.aes_key) {
    changes["encoding_aes_key"] = {{"changed", true}};
    if (!row.aes_key.empty()) row.previous_aes_key = row.aes_key;
    row.aes_key = *input.encoding_aes_key;
    row.aes_key_changed_at = now;
  }
  return changes;
}

std::vector<FieldError> mistakes_of_whole(const MiniProgramRow& row) {
  if (row.mode != wechat::Mode::plain && row.aes_key.empty()) {
    return {{"/encoding_aes_key", "needed in compatible and safe mode: exactly 43 letters and digits"}};
  }
  return {};
}

MiniProgramView view_of(MiniProgramRow row, TimeMs last_push_at) {
  MiniProgramView view;
  view.has_secret = !row.secret.empty();
  for (std::string* secret : {&row.secret, &row.token, &row.aes_key}) secret->clear();
  row.previous_token.reset();
  row.previous_aes_key.reset();
  view.row = std::move(row);
  view.last_push_at = last_push_at;
  return view;
}

std::map<AppId, TimeMs> last_pushes(sql::Transaction& tx) {
  std::map<AppId, TimeMs> last;
  for (const sql::Row& row :
       tx.query("SELECT appid, MAX(last_at) FROM gateway_push_counts WHERE outcome IN ('accepted', 'duplicate') "
                "GROUP BY appid")) {
    last[row.id<AppId>(0)] = row.integer(1);
  }
  return last;
}

void tell_browsers(sql::Transaction& tx, std::int64_t id, TimeMs now, const MiniProgramView& view) {
  live::Change change{view.row.appid, "miniprogram", identity::Permission::miniprogram_read, to_json(view, "")};
  live::append_change(tx, id, now, change);
}

}  // namespace

boost::json::object to_json(const MiniProgramView& view, const std::string& push_base) {
  const MiniProgramRow& row = view.row;
  boost::json::object item;
  item["appid"] = row.appid.str();
  item["name"] = row.name;
  item["original_id"] = row.original_id;
  item["mode"] = wechat::to_string(row.mode);
  item["format"] = wechat::to_string(row.format);
  item["enabled"] = row.enabled;
  item["push_url"] = push_base + "/wechat/push/" + row.appid.str();
  item["has_secret"] = view.has_secret;
  item["secret_changed_at"] = row.secret_changed_at;
  item["token_changed_at"] = row.token_changed_at;
  item["aes_key_changed_at"] = row.aes_key_changed_at;
  item["mode_changed_at"] = row.mode_changed_at;
  item["relay_url"] = row.relay_url;
  item["transfer"] = to_string(row.transfer);
  item["restrict_push_sources"] = row.restrict_push_sources;
  item["time_zone"] = row.time_zone;
  if (view.last_push_at != 0) {
    item["last_push_at"] = view.last_push_at;
  } else {
    item["last_push_at"] = nullptr;
  }
  item["created_at"] = row.created_at;
  return item;
}

Task<Result<MiniProgramView>> MiniProgramService::create(const identity::Access& access, AppId appid,
                                                         MiniProgramInput input) {
  std::vector<FieldError> mistakes = mistakes_in(input, relay_guard_);
  const auto id_char = [](char c) { return alphanumeric({&c, 1}) || c == '_'; };
  if (appid.empty() || appid.str().size() > 32 || !std::all_of(appid.str().begin(), appid.str().end(), id_char)) {
    mistakes.push_back({"/appid", "as WeChat shows it: wx and 16 letters and digits"});
  }
  if (!input.name) mistakes.push_back({"/name", "is missing"});
  if (!input.secret) mistakes.push_back({"/secret", "is missing"});
  if (!input.token) mistakes.push_back({"/token", "is missing"});
  if (!mistakes.empty()) co_return fail(invalid(std::move(mistakes)));
  MiniProgramRow row;
  row.appid = appid;
  row.created_at = clock_.now();
  merge(row, input, row.created_at);
  row.previous_mode.reset();  // there was none before
  row.mode_changed_at = 0;
  if (auto missing = mistakes_of_whole(row); !missing.empty()) co_return fail(invalid(std::move(missing)));

  const SealedRow sealed(sealer_, row);
  identity::AuditEntry entry{ids_.next(), row.created_at, "miniprogram.create", "miniprogram:" + appid.str(), {}};
  entry.changes = {{"name", {{"to", row.name}}}, {"mode", {{"to", wechat::to_string(row.mode)}}}};
  const MiniProgramView view = view_of(std::move(row), 0);
  const std::int64_t change_id = ids_.next();
  auto work = [&](sql::Transaction& tx) -> Result<void> {
    if (tx.query_one("SELECT 1 FROM gateway_miniprograms WHERE appid = $1", {appid})) {
      return fail(errors::already_exists());
    }
    sealed.insert(tx);
    identity::audit(tx, access, entry);
    sql::raise_config_version(tx);
    tell_browsers(tx, change_id, entry.at, view);
    return {};
  };
  auto written = co_await database_.write(std::move(work));
  if (!written) co_return std::unexpected(written.error());
  co_await version_.refresh();
  co_return view;
}

Task<Result<MiniProgramView>> MiniProgramService::change(const identity::Access& access, AppId appid,
                                                         MiniProgramInput input) {
  if (auto mistakes = mistakes_in(input, relay_guard_); !mistakes.empty()) co_return fail(invalid(std::move(mistakes)));
  auto row = co_await load(appid);
  if (!row) co_return std::unexpected(row.error());
  const TimeMs now = clock_.now();
  identity::AuditEntry entry{ids_.next(), now, "miniprogram.update", "miniprogram:" + appid.str(), {}};
  entry.changes = merge(*row, input, now);
  if (auto missing = mistakes_of_whole(*row); !missing.empty()) co_return fail(invalid(std::move(missing)));
  if (entry.changes.empty()) co_return co_await get(appid);

  const SealedRow sealed(sealer_, *row);
  const MiniProgramView view = view_of(std::move(*row), 0);
  const std::int64_t change_id = ids_.next();
  auto work = [&](sql::Transaction& tx) -> Result<void> {
    sealed.update(tx);
    if (input.relay_url && input.relay_url->empty()) {  // nobody to forward to any more
      tx.execute("DELETE FROM gateway_relay_queue WHERE appid = $1", {appid});
    }
    identity::audit(tx, access, entry);
    sql::raise_config_version(tx);
    tell_browsers(tx, change_id, now, view);
    return {};
  };
  auto written = co_await database_.write(std::move(work));
  if (!written) co_return std::unexpected(written.error());
  co_await version_.refresh();
  co_return co_await get(appid);
}

Task<Result<void>> MiniProgramService::remove(const identity::Access& access, AppId appid) {
  identity::AuditEntry entry{ids_.next(), clock_.now(), "miniprogram.delete", "miniprogram:" + appid.str(), {}};
  auto work = [&](sql::Transaction& tx) -> Result<void> {
    if (!tx.query_one("SELECT 1 FROM gateway_miniprograms WHERE appid = $1", {appid})) {
      return fail(errors::unknown_mini_program());
    }
    delete_mini_program(tx, appid);
    identity::audit(tx, access, entry);
    sql::raise_config_version(tx);
    return {};
  };
  auto done = co_await database_.write(std::move(work));
  if (done) co_await version_.refresh();
  co_return done;
}

Task<Result<std::vector<MiniProgramView>>> MiniProgramService::list(std::optional<std::set<AppId>> appids) {
  auto work = [&](sql::Transaction& tx) -> Result<std::vector<MiniProgramView>> {
    auto rows = load_mini_programs(tx, sealer_);
    if (!rows) return std::unexpected(rows.error());
    const auto last = last_pushes(tx);
    std::vector<MiniProgramView> views;
    for (MiniProgramRow& row : *rows) {
      if (appids && !appids->contains(row.appid)) continue;
      const auto at = last.find(row.appid);
      views.push_back(view_of(std::move(row), at == last.end() ? 0 : at->second));
    }
    return views;
  };
  co_return co_await database_.read(std::move(work));
}

Task<Result<MiniProgramView>> MiniProgramService::get(AppId appid) {
  std::set<AppId> only{appid};
  auto views = co_await list(std::move(only));
  if (!views) co_return std::unexpected(views.error());
  if (views->empty()) co_return fail(errors::unknown_mini_program());
  co_return std::move(views->front());
}

Task<Result<MiniProgramRow>> MiniProgramService::load(AppId appid) {
  auto work = [&](sql::Transaction& tx) -> Result<MiniProgramRow> {
    auto row = load_mini_program(tx, sealer_, appid);
    if (!row) return std::unexpected(row.error());
    if (!*row) return fail(errors::unknown_mini_program());
    return std::move(**row);
  };
  co_return co_await database_.read(std::move(work));
}

Task<Result<std::string>> MiniProgramService::reveal_token(const identity::Access& access) {
  auto row = co_await load(access.appid());
  if (!row) co_return std::unexpected(row.error());
  identity::AuditEntry entry{
      ids_.next(), clock_.now(), "miniprogram.reveal_token", "miniprogram:" + access.appid().str(), {}};
  auto work = [&](sql::Transaction& tx) -> Result<void> {
    identity::audit(tx, access, entry);
    return {};
  };
  auto noted = co_await database_.write(std::move(work));
  if (!noted) co_return std::unexpected(noted.error());
  co_return row->token;
}

}  // namespace miniops::gateway
