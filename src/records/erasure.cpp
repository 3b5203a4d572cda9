#include "records/erasure.hpp"

#include "base/encoding.hpp"

namespace miniops::records {

namespace {

constexpr std::size_t hash_digits = 6;

template <class Number>
json::object shown(const std::map<std::string, Number>& numbers) {
  json::object out;
  for (const auto& [name, number] : numbers) out[name] = number;
  return out;
}

std::map<std::string, std::int64_t> numbers_in(const json::value& stored) {
  std::map<std::string, std::int64_t> out;
  for (const auto& member : stored.as_object()) out[std::string(member.key())] = member.value().as_int64();
  return out;
}

json::value time_or_null(TimeMs at) { return at == 0 ? json::value(nullptr) : json::value(at); }

}  // namespace

std::string hash_of(std::string_view openid) { return hex(sha256(openid)).substr(0, hash_digits); }

Erasure new_erasure(ErasureId id, Person person, std::string asked_by, std::string reason, TimeMs now) {
  Erasure made;
  made.id = id;
  made.appid = std::move(person.appid);
  made.openid = person.openid.str();
  made.hash = hash_of(made.openid);
  made.asked_by = std::move(asked_by);
  made.reason = std::move(reason);
  made.asked_at = now;
  return made;
}

void note(Receipt& receipt, std::string_view keeper, const Keeper::ErasePiece& piece) {
  for (const auto& [what, count] : piece.counts) receipt.deleted[fmt::format("{}.{}", keeper, what)] += count;
  for (const auto& [what, at] : piece.until) receipt.until[what] = std::max(receipt.until[what], at);
}

json::object to_json(const Receipt& receipt) {
  return {{"deleted", shown(receipt.deleted)}, {"until", shown(receipt.until)}};
}

Receipt receipt_in(const json::object& stored) {
  return {numbers_in(stored.at("deleted")), numbers_in(stored.at("until"))};
}

json::object to_json(const Erasure& erasure) {
  json::object receipt = to_json(erasure.receipt);
  receipt["backups"] = {{"rule", "expire_with_their_retention"}, {"made_before", time_or_null(erasure.finished_at)}};
  return {{"id", erasure.id.str()},
          {"state", word(erasure.state)},
          {"openid_hash", erasure.hash},
          {"asked_by", erasure.asked_by},
          {"reason", erasure.reason},
          {"asked_at", erasure.asked_at},
          {"finished_at", time_or_null(erasure.finished_at)},
          {"receipt", std::move(receipt)}};
}

}  // namespace miniops::records
