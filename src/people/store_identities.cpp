// Further ids of profiles, and the values of custom attributes.
#include "people/store.hpp"

namespace miniops::people::store {

namespace {

constexpr std::string_view identity_columns =
    "i.id, i.profile, i.kind, i.value, i.search_key, i.sealed, i.source, i.created_at";

std::vector<Identity> identities_in(const sql::Rows& rows) {
  std::vector<Identity> out;
  for (const sql::Row& row : rows)
    out.push_back({row.id<IdentityId>(0), row.id<ProfileId>(1),
                   parse_word<IdentityKind>(row.text(2)).value_or(IdentityKind::outside_id), row.text(3), row.text(4),
                   row.blob(5), parse_word<Source>(row.text(6)).value_or(Source::none), row.integer(7)});
  return out;
}

std::optional<double> optional_number(const sql::Row& row, std::size_t column) {
  return row.is_null(column) ? std::nullopt : std::optional(row.number(column));
}

Attribute attribute_of(const sql::Row& row) {
  Attribute out;
  out.id = row.id<AttributeId>(0);
  out.appid = row.id<AppId>(1);
  out.key = row.text(2);
  out.name = row.text(3);
  out.type = parse_word<AttributeType>(row.text(4)).value_or(AttributeType::text);
  for (const json::value& choice : json::parse(row.text(5)).as_array()) out.choices.emplace_back(choice.as_string());
  out.chars_max = row.integer(6);
  out.number_min = optional_number(row, 7);
  out.number_max = optional_number(row, 8);
  out.revoke_code = static_cast<int>(row.integer(9));
  out.position = row.integer(10);
  return out;
}

std::string choices_of(const Attribute& attribute) {
  return json::serialize(json::array(attribute.choices.begin(), attribute.choices.end()));
}

}  // namespace

std::vector<Identity> identities_of(sql::Transaction& tx, ProfileId profile) {
  static const std::string select =
      fmt::format("SELECT {} FROM people_identities i WHERE i.profile = $1 ORDER BY i.id", identity_columns);
  return identities_in(tx.query(select, {profile}));
}

std::vector<Identity> identities_of(sql::Transaction& tx, PersonId person) {
  static const std::string select = fmt::format(
      "SELECT {} FROM people_identities i JOIN people_profiles p ON p.id = i.profile WHERE p.person = $1 "
      "ORDER BY i.id",
      identity_columns);
  return identities_in(tx.query(select, {person}));
}

std::vector<ProfileId> others_with(sql::Transaction& tx, const Identity& identity, int limit) {
  std::vector<ProfileId> out;
  for (const sql::Row& row :
       tx.query("SELECT profile FROM people_identities WHERE kind = $1 AND search_key = $2 AND profile <> $3 ORDER BY "
                "profile LIMIT $4",
                {word(identity.kind), identity.search_key, identity.profile, limit}))
    out.push_back(row.id<ProfileId>(0));
  return out;
}

void insert_identity(sql::Transaction& tx, const Identity& identity) {
  tx.execute(
      "INSERT INTO people_identities (id, profile, kind, value, search_key, sealed, source, created_at) VALUES ($1, "
      "$2, $3, $4, $5, $6, $7, $8)",
      {identity.id, identity.profile, word(identity.kind), identity.value, identity.search_key,
       sql::BlobView{identity.sealed}, word(identity.source), identity.created_at});
}

void delete_identity(sql::Transaction& tx, IdentityId id) {
  tx.execute("DELETE FROM people_identities WHERE id = $1", {id});
}

std::vector<Attribute> attributes(sql::Transaction& tx, const AppId& appid) {
  std::vector<Attribute> out;
  for (const sql::Row& row :
       tx.query("SELECT id, appid, key, name, type, choices, chars_max, number_min, number_max, revoke_code, position "
                "FROM people_attributes WHERE appid = $1 ORDER BY position, id",
                {appid}))
    out.push_back(attribute_of(row));
  return out;
}

void insert_attribute(sql::Transaction& tx, const Attribute& attribute) {
  const std::string choices = choices_of(attribute);
  tx.execute(
      "INSERT INTO people_attributes (id, appid, key, name, type, choices, chars_max, number_min, number_max, "
      "revoke_code, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      {attribute.id, attribute.appid, attribute.key, attribute.name, word(attribute.type), choices, attribute.chars_max,
       attribute.number_min, attribute.number_max, attribute.revoke_code, attribute.position});
}

void update_attribute(sql::Transaction& tx, const Attribute& attribute) {
  const std::string choices = choices_of(attribute);
  tx.execute(
      "UPDATE people_attributes SET name = $2, choices = $3, chars_max = $4, number_min = $5, number_max = $6, "
      "revoke_code = $7, position = $8 WHERE id = $1",
      {attribute.id, attribute.name, choices, attribute.chars_max, attribute.number_min, attribute.number_max,
       attribute.revoke_code, attribute.position});
}

void delete_attribute(sql::Transaction& tx, AttributeId id) {
  tx.execute("DELETE FROM people_attributes WHERE id = $1", {id});
}

AttributeValues values_of(sql::Transaction& tx, ProfileId profile) {
  AttributeValues out;
  for (const sql::Row& row :
       tx.query("SELECT attribute, text, number FROM people_values WHERE profile = $1", {profile}))
    out[row.id<AttributeId>(0)] = {row.text(1), row.number(2)};
  return out;
}

std::map<ProfileId, AttributeValues> values_of(sql::Transaction& tx, PersonId person) {
  std::map<ProfileId, AttributeValues> out;
  for (const sql::Row& row :
       tx.query("SELECT v.profile, v.attribute, v.text, v.number FROM people_values v JOIN people_profiles p ON p.id = "
                "v.profile WHERE p.person = $1",
                {person}))
    out[row.id<ProfileId>(0)][row.id<AttributeId>(1)] = {row.text(2), row.number(3)};
  return out;
}

void put_value(sql::Transaction& tx, ProfileId profile, AttributeId attribute, const AttributeValue& value) {
  tx.execute(
      "INSERT INTO people_values (profile, attribute, text, number) VALUES ($1, $2, $3, $4) ON CONFLICT (profile, "
      "attribute) DO UPDATE SET text = excluded.text, number = excluded.number",
      {profile, attribute, value.text, value.number});
}

bool delete_value(sql::Transaction& tx, ProfileId profile, AttributeId attribute) {
  put_numbers(tx, profile, attribute.str(), {});
  return tx.execute("DELETE FROM people_values WHERE profile = $1 AND attribute = $2", {profile, attribute}) > 0;
}

std::int64_t delete_values(sql::Transaction& tx, AttributeId attribute, int limit) {
  return tx.execute(
      "DELETE FROM people_values WHERE attribute = $1 AND profile IN (SELECT profile FROM people_values WHERE "
      "attribute = $1 LIMIT $2)",
      {attribute, limit});
}

}  // namespace miniops::people::store
