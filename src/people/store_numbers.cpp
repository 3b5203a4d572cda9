// Numbers of people that stood in texts of profiles.
#include "people/store.hpp"

namespace miniops::people::store {

namespace {

constexpr std::string_view number_columns = "n.id, n.profile, n.field, n.at, n.length, n.kind, n.search_key, n.sealed";

SealedNumber number_of(const sql::Row& row) {
  return {row.id<NumberRowId>(0),
          row.id<ProfileId>(1),
          row.text(2),
          row.integer(3),
          row.integer(4),
          parse_word<PersonalData>(row.text(5)).value_or(PersonalData::phone),
          row.text(6),
          row.blob(7)};
}

}  // namespace

std::vector<SealedNumber> numbers_of(sql::Transaction& tx, ProfileId profile, std::string_view field) {
  static const std::string select = fmt::format(
      "SELECT {} FROM people_numbers n WHERE n.profile = $1 AND n.field = $2 ORDER BY n.at", number_columns);
  std::vector<SealedNumber> out;
  for (const sql::Row& row : tx.query(select, {profile, field})) out.push_back(number_of(row));
  return out;
}

std::map<ProfileId, std::vector<SealedNumber>> numbers_of(sql::Transaction& tx, PersonId person) {
  static const std::string select = fmt::format(
      "SELECT {} FROM people_numbers n JOIN people_profiles p ON p.id = n.profile WHERE p.person = $1 ORDER BY "
      "n.field, "
      "n.at",
      number_columns);
  std::map<ProfileId, std::vector<SealedNumber>> out;
  for (const sql::Row& row : tx.query(select, {person})) out[row.id<ProfileId>(1)].push_back(number_of(row));
  return out;
}

std::optional<SealedNumber> number_of(sql::Transaction& tx, ProfileId profile, NumberRowId id) {
  static const std::string select =
      fmt::format("SELECT {} FROM people_numbers n WHERE n.id = $1 AND n.profile = $2", number_columns);
  const auto row = tx.query_one(select, {id, profile});
  return row ? std::optional(number_of(*row)) : std::nullopt;
}

void put_numbers(sql::Transaction& tx, ProfileId profile, std::string_view field,
                 const std::vector<SealedNumber>& numbers) {
  tx.execute("DELETE FROM people_numbers WHERE profile = $1 AND field = $2", {profile, field});
  for (const SealedNumber& one : numbers)
    tx.execute(
        "INSERT INTO people_numbers (id, profile, field, at, length, kind, search_key, sealed) VALUES ($1, $2, $3, $4, "
        "$5, $6, $7, $8)",
        {one.id, profile, field, one.at, one.length, word(one.kind), one.search_key, sql::BlobView{one.sealed}});
}

bool delete_phones(sql::Transaction& tx, ProfileId profile) {
  return tx.execute("DELETE FROM people_numbers WHERE profile = $1 AND kind = 'phone'", {profile}) > 0;
}

void delete_numbers(sql::Transaction& tx, std::string_view field) {
  tx.execute("DELETE FROM people_numbers WHERE field = $1", {field});
}

}  // namespace miniops::people::store
