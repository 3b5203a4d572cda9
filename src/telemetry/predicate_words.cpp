#include "telemetry/predicate_words.hpp"

#include "telemetry/numbers.hpp"

namespace miniops::telemetry {

namespace {

using events::Field;
using events::Predicate;
using store::Dictionary;

// What a person searches for in a device is what they see of it.
std::string shown_word(Dictionary dictionary, const std::string& word) {
  if (dictionary != Dictionary::device) return word;
  const Device device = device_of_word(word);
  return fmt::format("{} {} {} {} {} {}", device.brand, device.model, device.os, device.os_version, device.wechat,
                     device.base_library);
}

Predicate leaf_in_numbers(sql::Transaction& tx, const AppId& appid, Dictionary dictionary, const Predicate& leaf) {
  Predicate among;
  among.op = Predicate::Op::among;
  among.on = Predicate::On::field;
  among.field = leaf.field;
  for (const auto& [number, word] : store::all_words(tx, appid, dictionary))
    if (events::holds(leaf, shown_word(dictionary, word))) among.numbers.push_back(number);
  return among;
}

Predicate converted(sql::Transaction& tx, const AppId& appid, Kind kind, const Predicate& predicate) {
  if (predicate.op == Predicate::Op::all || predicate.op == Predicate::Op::any || predicate.op == Predicate::Op::none) {
    Predicate out = predicate;
    for (Predicate& part : out.of) part = converted(tx, appid, kind, part);
    return out;
  }
  const auto dictionary =
      predicate.on == Predicate::On::field ? dictionary_of(predicate.field, kind) : std::optional<Dictionary>();
  const bool of_numbers = predicate.op == Predicate::Op::among || predicate.op == Predicate::Op::compare;
  if (!dictionary || of_numbers) return predicate;
  return leaf_in_numbers(tx, appid, *dictionary, predicate);
}

}  // namespace

std::optional<Dictionary> dictionary_of(Field field, Kind kind) {
  switch (field) {
    case Field::name:
      return store::names_of(kind);
    case Field::page:
      return Dictionary::page;
    case Field::release:
      return Dictionary::release;
    case Field::device:
      return Dictionary::device;
    case Field::network:
      return Dictionary::network;
    case Field::region:
      return Dictionary::region;
    case Field::client:
      return Dictionary::client;
    default:
      return std::nullopt;
  }
}

events::Matching in_numbers(sql::Transaction& tx, const AppId& appid, Kind kind, const Predicate& predicate) {
  return std::make_shared<const Predicate>(converted(tx, appid, kind, predicate));
}

}  // namespace miniops::telemetry
