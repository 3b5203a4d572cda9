#include "gateway/miniprogram_store.hpp"

namespace miniops::gateway {

namespace {

constexpr std::string_view table = "gateway_miniprograms";

constexpr std::string_view miniprogram_columns =
    "SELECT appid, name, original_id, enabled, mode, previous_mode, mode_changed_at, format, secret, "
    "secret_changed_at, token, previous_token, token_changed_at, aes_key, previous_aes_key, aes_key_changed_at, "
    "time_zone, restrict_push_sources, relay_url, transfer, created_at FROM gateway_miniprograms ";

// The previous value is sealed for its own column, so that the two cannot be exchanged.
Result<std::string> open_secret(const Sealer& sealer, const sql::Row& row, std::size_t column, std::string_view name) {
  return sealer.open(row.blob(column), {table, name, row.text(0)});
}

Result<std::optional<std::string>> open_optional(const Sealer& sealer, const sql::Row& row, std::size_t column,
                                                 std::string_view name) {
  if (row.is_null(column)) return std::nullopt;
  auto opened = open_secret(sealer, row, column, name);
  if (!opened) return std::unexpected(opened.error());
  return std::optional(*opened);
}

Result<MiniProgramRow> row_of(const Sealer& sealer, const sql::Row& row) {
  auto secret = open_secret(sealer, row, 8, "secret");
  auto token = open_secret(sealer, row, 10, "token");
  auto previous_token = open_optional(sealer, row, 11, "previous_token");
  auto aes_key = open_optional(sealer, row, 13, "aes_key");
  auto previous_aes_key = open_optional(sealer, row, 14, "previous_aes_key");
  if (!secret) return std::unexpected(secret.error());
  if (!token) return std::unexpected(token.error());
  if (!previous_token) return std::unexpected(previous_token.error());
  if (!aes_key) return std::unexpected(aes_key.error());
  if (!previous_aes_key) return std::unexpected(previous_aes_key.error());

  MiniProgramRow out;
  out.appid = row.id<AppId>(0);
  out.name = row.text(1);
  out.original_id = row.text(2);
  out.enabled = row.integer(3) != 0;
  out.mode = wechat::parse_mode(row.text(4)).value_or(wechat::Mode::safe);
  out.previous_mode = wechat::parse_mode(row.text(5));
  out.mode_changed_at = row.integer(6);
  out.format = wechat::parse_format(row.text(7)).value_or(wechat::Format::json);
  out.secret = std::move(*secret);
  out.secret_changed_at = row.integer(9);
  out.token = std::move(*token);
  out.previous_token = std::move(*previous_token);
  out.token_changed_at = row.integer(12);
  out.aes_key = aes_key->value_or("");
  out.previous_aes_key = std::move(*previous_aes_key);
  out.aes_key_changed_at = row.integer(15);
  out.time_zone = row.text(16);
  out.restrict_push_sources = row.integer(17) != 0;
  out.relay_url = row.text(18);
  out.transfer = parse_transfer(row.text(19)).value_or(TransferMode::off);
  out.created_at = row.integer(20);
  return out;
}

std::optional<sql::BlobView> blob_of(const std::optional<std::string>& bytes) {
  return bytes ? std::optional(sql::BlobView{*bytes}) : std::nullopt;
}

}  // namespace

std::string_view to_string(TransferMode mode) {
  switch (mode) {
    case TransferMode::off:
      return "off";
    case TransferMode::always:
      return "always";
    case TransferMode::out_of_hours:
      return "out_of_hours";
  }
  return "off";
}

std::optional<TransferMode> parse_transfer(std::string_view text) {
  for (const TransferMode mode : {TransferMode::off, TransferMode::always, TransferMode::out_of_hours}) {
    if (text == to_string(mode)) return mode;
  }
  return std::nullopt;
}

Result<std::vector<MiniProgramRow>> load_mini_programs(sql::Transaction& tx, const Sealer& sealer) {
  static const std::string statement = std::string(miniprogram_columns) + "ORDER BY created_at DESC, appid";
  std::vector<MiniProgramRow> rows;
  for (const sql::Row& row : tx.query(statement)) {
    auto opened = row_of(sealer, row);
    if (!opened) return std::unexpected(opened.error());
    rows.push_back(std::move(*opened));
  }
  return rows;
}

Result<std::optional<MiniProgramRow>> load_mini_program(sql::Transaction& tx, const Sealer& sealer,
                                                        const AppId& appid) {
  static const std::string statement = std::string(miniprogram_columns) + "WHERE appid = $1";
  const auto row = tx.query_one(statement, {appid});
  if (!row) return std::nullopt;
  auto opened = row_of(sealer, *row);
  if (!opened) return std::unexpected(opened.error());
  return std::optional(std::move(*opened));
}

std::string mini_program_name(sql::Transaction& tx, const AppId& appid) {
  const auto row = tx.query_one("SELECT name FROM gateway_miniprograms WHERE appid = $1", {appid});
  return row ? row->text(0) : std::string();
}

SealedRow::SealedRow(const Sealer& sealer, const MiniProgramRow& row) : row_(row) {
  const auto seal = [&](std::string_view value, std::string_view column) {
    return sealer.seal(value, {table, column, row.appid.str()});
  };
  secret_ = seal(row.secret, "secret");
  token_ = seal(row.token, "token");
  if (row.previous_token) previous_token_ = seal(*row.previous_token, "previous_token");
  if (!row.aes_key.empty()) aes_key_ = seal(row.aes_key, "aes_key");
  if (row.previous_aes_key) previous_aes_key_ = seal(*row.previous_aes_key, "previous_aes_key");
  for (std::string* secret : {&row_.secret, &row_.token, &row_.aes_key}) secret->clear();
}

void SealedRow::insert(sql::Transaction& tx) const {
  tx.execute(
      "INSERT INTO gateway_miniprograms (appid, name, original_id, enabled, mode, previous_mode, mode_changed_at, "
      "format, secret, secret_changed_at, token, previous_token, token_changed_at, aes_key, previous_aes_key, "
      "aes_key_changed_at, time_zone, restrict_push_sources, relay_url, transfer, created_at) "
      "VALUES ($1, $2, '', 1, $3, '', 0, $4, $5, $6, $7, NULL, $6, $8, NULL, $6, $9, $10, $11, $12, $6)",
      {row_.appid, row_.name, wechat::to_string(row_.mode), wechat::to_string(row_.format), sql::BlobView{secret_},
       row_.created_at, sql::BlobView{token_}, blob_of(aes_key_), row_.time_zone, row_.restrict_push_sources,
       row_.relay_url, to_string(row_.transfer)});
}

void SealedRow::update(sql::Transaction& tx) const {
  const std::string_view previous_mode = row_.previous_mode ? wechat::to_string(*row_.previous_mode) : "";
  tx.execute(
      "UPDATE gateway_miniprograms SET name = $2, enabled = $3, mode = $4, previous_mode = $5, mode_changed_at = $6, "
      "format = $7, secret = $8, secret_changed_at = $9, token = $10, previous_token = $11, token_changed_at = $12, "
      "aes_key = $13, previous_aes_key = $14, aes_key_changed_at = $15, time_zone = $16, restrict_push_sources = $17, "
      "relay_url = $18, transfer = $19 WHERE appid = $1",
      {row_.appid, row_.name, row_.enabled, wechat::to_string(row_.mode), previous_mode, row_.mode_changed_at,
       wechat::to_string(row_.format), sql::BlobView{secret_}, row_.secret_changed_at, sql::BlobView{token_},
       blob_of(previous_token_), row_.token_changed_at, blob_of(aes_key_), blob_of(previous_aes_key_),
       row_.aes_key_changed_at, row_.time_zone, row_.restrict_push_sources, row_.relay_url, to_string(row_.transfer)});
}

void delete_mini_program(sql::Transaction& tx, const AppId& appid) {
  tx.execute("DELETE FROM gateway_miniprograms WHERE appid = $1", {appid});
  tx.execute("DELETE FROM gateway_tokens WHERE appid = $1", {appid});
  tx.execute("DELETE FROM gateway_callback_ips WHERE appid = $1", {appid});
  tx.execute("DELETE FROM gateway_api_pauses WHERE appid = $1", {appid});
  tx.execute("DELETE FROM gateway_uploads WHERE appid = $1", {appid});
  tx.execute("DELETE FROM gateway_relay_queue WHERE appid = $1", {appid});
  tx.execute("DELETE FROM gateway_relay_state WHERE appid = $1", {appid});
}

bool learn_original_id(sql::Transaction& tx, const AppId& appid, std::string_view original_id) {
  return tx.execute("UPDATE gateway_miniprograms SET original_id = $2 WHERE appid = $1 AND original_id = ''",
                    {appid, original_id}) == 1;
}

MiniProgram mini_program_of(const MiniProgramRow& row, TimeMs now) {
  MiniProgram program;
  program.appid = row.appid;
  program.name = row.name;
  program.original_id = row.original_id;
  program.secret = row.secret;
  program.mode = row.mode;
  program.format = row.format;
  program.time_zone = row.time_zone;
  program.restrict_push_sources = row.restrict_push_sources;
  program.relay_url = row.relay_url;
  program.transfer = row.transfer;
  program.enabled = row.enabled;

  wechat::PushKeys& keys = program.push_keys;
  keys.appid = row.appid.str();
  keys.mode = row.mode;
  keys.tokens.push_back(row.token);
  if (row.previous_token && now < row.token_changed_at + previous_keys_kept_ms) {
    keys.tokens.push_back(*row.previous_token);
  }
  const auto add_key = [&keys](const std::string& encoded) {
    if (auto key = wechat::decode_aes_key(encoded)) keys.aes_keys.push_back(std::move(*key));
  };
  if (!row.aes_key.empty()) add_key(row.aes_key);
  if (row.previous_aes_key && now < row.aes_key_changed_at + previous_keys_kept_ms) add_key(*row.previous_aes_key);
  if (row.previous_mode && now < row.mode_changed_at + mode_grace_ms) keys.also_accepted = row.previous_mode;
  return program;
}

std::optional<TimeMs> next_change_of(const MiniProgramRow& row, TimeMs now) {
  std::optional<TimeMs> next;
  const auto consider = [&](bool has, TimeMs at) {
    if (has && at > now && (!next || at < *next)) next = at;
  };
  consider(row.previous_token.has_value(), row.token_changed_at + previous_keys_kept_ms);
  consider(row.previous_aes_key.has_value(), row.aes_key_changed_at + previous_keys_kept_ms);
  consider(row.previous_mode.has_value(), row.mode_changed_at + mode_grace_ms);
  return next;
}

}  // namespace miniops::gateway
