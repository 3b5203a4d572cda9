#include "notify/channel_store.hpp"

namespace miniops::notify {

namespace {

constexpr std::string_view columns =
    "SELECT c.appid, c.id, c.name, c.kind, c.enabled, c.language, c.per_minute, c.settings, c.secrets, c.secret_names, "
    "c.target, c.created_at, c.updated_at, c.broken, c.last_success_at, c.last_failure_at, c.failure_reason, "
    "c.failure_detail, (SELECT COUNT(*) FROM notify_deliveries d WHERE d.unfinished = 1 AND d.channel_id = c.id) "
    "FROM notify_channels c WHERE c.appid = $1 ";

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all.append(all.empty() ? "" : " ").append(word);
  return all;
}

Result<ChannelRow> row_of(const sql::Row& row) {
  auto settings = stored_settings(row.text(3), row.text(7));
  if (!settings) return std::unexpected(settings.error());
  ChannelRow out;
  Channel& channel = out.channel;
  channel.appid = row.id<AppId>(0);
  channel.id = row.id<ChannelId>(1);
  channel.name = row.text(2);
  channel.enabled = row.integer(4) != 0;
  channel.language = row.text(5);
  channel.per_minute = row.integer(6);
  channel.settings = std::move(*settings);
  channel.sealed = row.blob(8);
  channel.secret_names = split(row.text(9));
  channel.target = row.text(10);
  channel.created_at = row.integer(11);
  channel.updated_at = row.integer(12);
  out.health = {row.integer(13) != 0, row.integer(14), row.integer(15), row.text(16), row.text(17), row.integer(18)};
  return out;
}

}  // namespace

Result<std::vector<ChannelRow>> channels_of(sql::Transaction& tx, const AppId& appid) {
  static const std::string statement = std::string(columns) + "ORDER BY c.name, c.id";
  std::vector<ChannelRow> rows;
  for (const sql::Row& row : tx.query(statement, {appid})) {
    auto channel = row_of(row);
    if (!channel) return std::unexpected(channel.error());
    rows.push_back(std::move(*channel));
  }
  return rows;
}

Result<std::optional<ChannelRow>> find_channel(sql::Transaction& tx, const AppId& appid, ChannelId id) {
  static const std::string statement = std::string(columns) + "AND c.id = $2";
  const auto row = tx.query_one(statement, {appid, id});
  if (!row) return std::nullopt;
  auto channel = row_of(*row);
  if (!channel) return std::unexpected(channel.error());
  return std::move(*channel);
}

void insert_channel(sql::Transaction& tx, const Channel& channel) {
  const std::string settings = json::serialize(to_json(channel.settings));
  const std::string names = joined(channel.secret_names);
  tx.execute(
      "INSERT INTO notify_channels (appid, id, name, kind, enabled, language, per_minute, settings, secrets, "
      "secret_names, target, broken, last_success_at, last_failure_at, failure_reason, failure_detail, created_at, "
      "updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, 0, '', '', $12, $13)",
      {channel.appid, channel.id, channel.name, kind_of(channel.settings), channel.enabled, channel.language,
       channel.per_minute, settings, sql::BlobView{channel.sealed}, names, channel.target, channel.created_at,
       channel.updated_at});
}

// A changed channel is not known to be broken any more.
void update_channel(sql::Transaction& tx, const Channel& channel) {
  const std::string settings = json::serialize(to_json(channel.settings));
  const std::string names = joined(channel.secret_names);
  tx.execute(
      "UPDATE notify_channels SET name = $3, enabled = $4, language = $5, per_minute = $6, settings = $7, "
      "secrets = $8, secret_names = $9, target = $10, broken = 0, updated_at = $11 WHERE appid = $1 AND id = $2",
      {channel.appid, channel.id, channel.name, channel.enabled, channel.language, channel.per_minute, settings,
       sql::BlobView{channel.sealed}, names, channel.target, channel.updated_at});
}

bool delete_channel(sql::Transaction& tx, const AppId& appid, ChannelId id) {
  return tx.execute("DELETE FROM notify_channels WHERE appid = $1 AND id = $2", {appid, id}) == 1;
}

Presence presence_of(sql::Transaction& tx, const AppId& appid, ChannelId id) {
  const auto row = tx.query_one("SELECT enabled FROM notify_channels WHERE appid = $1 AND id = $2", {appid, id});
  if (!row) return Presence::gone;
  return row->integer(0) != 0 ? Presence::there : Presence::disabled;
}

bool is_failing(sql::Transaction& tx, const AppId& appid, ChannelId id) {
  const auto row = tx.query_one(
      "SELECT last_failure_at, last_success_at FROM notify_channels WHERE appid = $1 AND id = $2", {appid, id});
  return row && row->integer(0) > row->integer(1);
}

void note_health(sql::Transaction& tx, const Channel& channel, const Outcome& outcome, TimeMs now) {
  if (outcome.kind == Outcome::Kind::sent) {
    tx.execute("UPDATE notify_channels SET broken = 0, last_success_at = $3 WHERE appid = $1 AND id = $2",
               {channel.appid, channel.id, now});
    return;
  }
  // One message that is refused says nothing against the channel's settings.
  const bool broken = outcome.kind == Outcome::Kind::broken;
  tx.execute(
      "UPDATE notify_channels SET broken = CASE WHEN $3 = 1 THEN 1 ELSE broken END, last_failure_at = $4, "
      "failure_reason = $5, failure_detail = $6 WHERE appid = $1 AND id = $2",
      {channel.appid, channel.id, broken, now, outcome.reason, outcome.detail});
}

}  // namespace miniops::notify
