#include "desk/sealing.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/mask.hpp"
#include "base/text.hpp"
#include "base/words.hpp"

namespace miniops::desk {

namespace {

constexpr std::size_t numbers_max = 200;
constexpr std::string_view raw_field = "raw";

// What people write. The others are ids, addresses of pictures and places on a map: changed, they would not work.
constexpr std::array<std::string_view, 6> fields{"content", "title", "description", "label", "url", "pagepath"};

std::string search_key_of(const Vault& vault, PersonalData kind, std::string_view plain) {
  return vault.search_key(fmt::format("message.{}", word(kind)), plain);
}

// The row: as one place, it cannot be moved to another message or position.
std::string row_of(MessageId id, std::int64_t position) { return fmt::format("{}:{}", id.value(), position); }
SealedPlace place_of(const std::string& row) { return {"desk_sealed_numbers", "sealed", row}; }

void mask_original(std::string& original) {
  if (original.empty()) return;
  json::value said = json::parse(original);
  for (auto& [key, value] : said.as_object())
    if (value.is_string()) value = mask_personal_data(value.get_string());
  original = json::serialize(said);
}

}  // namespace

std::string Sealing::hide_text(Message& message, std::string_view field, const std::string& text) const {
  HiddenText masked = hide_personal_data(text);
  for (const HiddenNumber& number : masked.numbers) {
    if (message.sealed.size() == numbers_max) break;
    const auto position = std::ssize(message.sealed);
    const std::string_view before = std::string_view(masked.text).substr(0, number.begin);
    const std::string_view stars = std::string_view(masked.text).substr(number.begin, number.end - number.begin);
    message.sealed.push_back({std::string(word(number.kind)),
                              vault_.seal(number.written, place_of(row_of(message.id, position))),
                              search_key_of(vault_, number.kind, plain_number(number.written))});
    message.hidden.push_back({position, std::string(word(number.kind)), std::string(field),
                              static_cast<std::int64_t>(count_chars(before)),
                              static_cast<std::int64_t>(count_chars(stars))});
  }
  return std::move(masked.text);
}

void Sealing::hide(Message& message) const {
  message.hidden.clear();
  message.sealed.clear();
  json::value said = json::parse(message.body);
  bool changed = false;
  for (const std::string_view field : fields) {
    json::value* value = said.is_object() ? said.get_object().if_contains(field) : nullptr;
    if (value == nullptr || !value->is_string()) continue;
    const std::string text(value->get_string());
    const std::string masked = hide_text(message, field, text);
    if (masked == text) continue;
    *value = masked;
    changed = true;
  }
  if (changed) message.body = json::serialize(said);
  if (valid_utf8(message.raw)) message.raw = hide_text(message, raw_field, message.raw);
  mask_original(message.original);
}

Result<std::optional<std::string>> Sealing::reveal(sql::Transaction& tx, MessageId id, std::int64_t position) const {
  const auto row =
      tx.query_one("SELECT sealed FROM desk_sealed_numbers WHERE message_id = $1 AND position = $2", {id, position});
  if (!row) return std::nullopt;
  auto opened = vault_.open(row->blob(0), place_of(row_of(id, position)));
  if (!opened) return std::unexpected(opened.error());
  return std::optional(std::move(*opened));
}

Result<void> Sealing::restore(sql::Transaction& tx, Message& message) const {
  if (message.hidden.empty()) return {};
  std::map<std::string, std::vector<WholeNumber>> by_field;
  for (const HiddenPlace& one : message.hidden) {
    auto number = reveal(tx, message.id, one.position);
    if (!number) return std::unexpected(number.error());
    if (*number)
      by_field[one.field].push_back(
          {static_cast<std::size_t>(one.at), static_cast<std::size_t>(one.length), std::move(**number)});
  }
  json::value said = json::parse(message.body);
  for (auto& [field, numbers] : by_field) {
    if (field == raw_field) {
      message.raw = with_numbers(std::move(message.raw), numbers);
    } else if (json::value* value = said.as_object().if_contains(field); value != nullptr && value->is_string()) {
      *value = with_numbers(std::string(value->get_string()), numbers);
    }
  }
  message.body = json::serialize(said);
  message.hidden.clear();
  return {};
}

std::string Sealing::search_key(std::string_view typed) const {
  const auto number = as_personal_number(typed);
  return number ? search_key_of(vault_, number->kind, number->plain) : std::string();
}

namespace store {

void insert_sealed(sql::Transaction& tx, const Message& message) {
  for (std::size_t i = 0; i < message.sealed.size(); ++i) {
    const SealedNumber& one = message.sealed[i];
    tx.execute_later(
        "INSERT INTO desk_sealed_numbers (message_id, position, appid, kind, sealed, search_key) VALUES "
        "($1,$2,$3,$4,$5,$6)",
        {message.id, static_cast<std::int64_t>(i), message.appid, one.kind, sql::BlobView{one.sealed}, one.search_key});
  }
}

void delete_sealed(sql::Transaction& tx, MessageId id) {
  tx.execute("DELETE FROM desk_sealed_numbers WHERE message_id = $1", {id});
}

std::vector<std::string> search_keys_of(sql::Transaction& tx, MessageId id) {
  std::vector<std::string> keys;
  for (const sql::Row& row :
       tx.query("SELECT search_key FROM desk_sealed_numbers WHERE message_id = $1 ORDER BY position", {id}))
    keys.push_back(row.text(0));
  return keys;
}

std::vector<std::int64_t> messages_with(sql::Transaction& tx, const AppId& appid, std::string_view search_key,
                                        MessageId before, int limit) {
  std::vector<std::int64_t> ids;
  const std::int64_t below = before.empty() ? std::numeric_limits<std::int64_t>::max() : before.value();
  for (const sql::Row& row :
       tx.query("SELECT DISTINCT s.message_id FROM desk_sealed_numbers s JOIN desk_messages m ON m.id = s.message_id "
                "WHERE s.appid = $1 AND s.search_key = $2 AND s.message_id < $3 AND m.whispered_to = 0 "
                "ORDER BY s.message_id DESC LIMIT $4",
                {appid, search_key, below, limit}))
    ids.push_back(row.integer(0));
  return ids;
}

}  // namespace store
}  // namespace miniops::desk
