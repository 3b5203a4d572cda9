// The blacklist and segments.
#include "people/store.hpp"

namespace miniops::people::store {

namespace {

constexpr std::string_view block_columns = "b.id, b.appid, b.profile, b.reason, b.blocked_by, b.blocked_at, b.ends_at";
constexpr std::string_view live = "b.lifted_at = 0 AND (b.ends_at = 0 OR b.ends_at > $2)";

Block block_of(const sql::Row& row) {
  return {row.integer(0), row.id<AppId>(1), row.id<ProfileId>(2), row.text(3),
          row.text(4),    row.integer(5),   row.integer(6)};
}

std::vector<Block> blocks_in(const sql::Rows& rows) {
  std::vector<Block> out;
  for (const sql::Row& row : rows) out.push_back(block_of(row));
  return out;
}

constexpr std::string_view segment_columns = "id, appid, name, condition, created_by, created_at, updated_at";

Segment segment_of(const sql::Row& row) {
  return {row.id<SegmentId>(0), row.id<AppId>(1), row.text(2),   json::parse(row.text(3)),
          row.text(4),          row.integer(5),   row.integer(6)};
}

}  // namespace

void insert_block(sql::Transaction& tx, const Block& block) {
  tx.execute(
      "INSERT INTO people_blocks (id, appid, profile, reason, blocked_by, blocked_at, ends_at) VALUES ($1, $2, $3, $4, "
      "$5, $6, $7)",
      {block.id, block.appid, block.profile, block.reason, block.blocked_by, block.blocked_at, block.ends_at});
}

std::int64_t lift_blocks(sql::Transaction& tx, ProfileId profile, const std::string& by, TimeMs at) {
  return tx.execute("UPDATE people_blocks SET lifted_by = $2, lifted_at = $3 WHERE profile = $1 AND lifted_at = 0",
                    {profile, by, at});
}

bool is_blocked(sql::Transaction& tx, ProfileId profile, TimeMs now) {
  static const std::string select =
      fmt::format("SELECT 1 FROM people_profiles p WHERE p.id = $1 AND {}", blocked_sql(2));
  return tx.query_one(select, {profile, now}).has_value();
}

std::map<ProfileId, Block> blocks_of(sql::Transaction& tx, PersonId person, TimeMs now) {
  static const std::string select = fmt::format(
      "SELECT {} FROM people_blocks b JOIN people_profiles p ON p.id = b.profile WHERE p.person = $1 AND {}",
      block_columns, live);
  std::map<ProfileId, Block> out;
  for (Block& block : blocks_in(tx.query(select, {person, now}))) out[block.profile] = std::move(block);
  return out;
}

std::vector<Block> all_blocks_of(sql::Transaction& tx, ProfileId profile) {
  static const std::string select =
      fmt::format("SELECT {} FROM people_blocks b WHERE b.profile = $1 ORDER BY b.id", block_columns);
  return blocks_in(tx.query(select, {profile}));
}

std::vector<Block> list_blocks(sql::Transaction& tx, const AppId& appid, const ShownTo& shown_to, TimeMs now,
                               std::int64_t before, int limit) {
  sql::Params params{appid, now, before, limit};
  const std::string shown = shown_to("b.profile", params);
  return blocks_in(tx.query(
      fmt::format("SELECT {} FROM people_blocks b WHERE b.appid = $1 AND {} AND ($3 = 0 OR b.id < $3){} ORDER BY b.id "
                  "DESC LIMIT $4",
                  block_columns, live, shown),
      params));
}

std::vector<Segment> segments(sql::Transaction& tx, const AppId& appid) {
  static const std::string select =
      fmt::format("SELECT {} FROM people_segments WHERE appid = $1 ORDER BY name, id", segment_columns);
  std::vector<Segment> out;
  for (const sql::Row& row : tx.query(select, {appid})) out.push_back(segment_of(row));
  return out;
}

std::optional<Segment> segment(sql::Transaction& tx, const AppId& appid, SegmentId id) {
  static const std::string select =
      fmt::format("SELECT {} FROM people_segments WHERE appid = $1 AND id = $2", segment_columns);
  const auto row = tx.query_one(select, {appid, id});
  return row ? std::optional(segment_of(*row)) : std::nullopt;
}

void insert_segment(sql::Transaction& tx, const Segment& segment) {
  const std::string condition = json::serialize(segment.condition);
  tx.execute(
      "INSERT INTO people_segments (id, appid, name, condition, created_by, created_at, updated_at) VALUES ($1, $2, "
      "$3, $4, $5, $6, $7)",
      {segment.id, segment.appid, segment.name, condition, segment.created_by, segment.created_at, segment.updated_at});
}

void update_segment(sql::Transaction& tx, const Segment& segment) {
  const std::string condition = json::serialize(segment.condition);
  tx.execute("UPDATE people_segments SET name = $2, condition = $3, updated_at = $4 WHERE id = $1",
             {segment.id, segment.name, condition, segment.updated_at});
}

bool delete_segment(sql::Transaction& tx, const AppId& appid, SegmentId id) {
  return tx.execute("DELETE FROM people_segments WHERE appid = $1 AND id = $2", {appid, id}) > 0;
}

}  // namespace miniops::people::store
