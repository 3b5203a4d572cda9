#include "telemetry/numbers.hpp"

#include <set>

namespace miniops::telemetry {

namespace {

using store::Dictionary;
using store::Word;

// Few enough for a closure.
constexpr std::size_t words_of_closure = 400;
constexpr std::size_t people_of_closure = 100;
constexpr std::size_t cached_max = 500'000;
constexpr char between = '\x1f';

std::string person_key(const UserIds& user) {
  return fmt::format("{1}{0}{2}{0}{3}{0}{4}", between, user.login_id, user.unionid, user.openid, user.device_id);
}

// Each word of a record that is not known yet, and was not looked up with the record before it.
template <class Use>
void for_unknown_words(const Record& record, const Record* before, const AppNumbers& known, Use use) {
  const auto look = [&](Dictionary dictionary, const std::string& word) {
    if (!word.empty() && known.word(dictionary, word) == store::no_word) use(dictionary, word);
  };
  const auto differs = [&](auto member) { return before == nullptr || before->*member != record.*member; };
  look(store::names_of(record.kind), record.name);
  if (differs(&Record::page)) look(Dictionary::page, record.page);
  if (differs(&Record::release)) look(Dictionary::release, record.release);
  if (differs(&Record::device)) look(Dictionary::device, device_word(record.device));
  if (differs(&Record::network)) look(Dictionary::network, record.network);
  if (differs(&Record::region)) look(Dictionary::region, record.region);
  if (differs(&Record::protocol) || differs(&Record::sdk)) look(Dictionary::client, client_word(record));
}

}  // namespace

std::string device_word(const Device& device) {
  if (device == Device{}) return "";
  return fmt::format("{1}{0}{2}{0}{3}{0}{4}{0}{5}{0}{6}{0}{7}", between, device.brand, device.model, device.level,
                     device.os, device.os_version, device.wechat, device.base_library);
}

Device device_of_word(std::string_view word) {
  Device device;
  for (std::string* part : {&device.brand, &device.model, &device.level, &device.os, &device.os_version, &device.wechat,
                            &device.base_library}) {
    const auto end = std::min(word.find(between), word.size());
    *part = word.substr(0, end);
    word.remove_prefix(std::min(end + 1, word.size()));
  }
  return device;
}

std::string client_word(const Record& record) {
  return record.sdk.empty() ? record.protocol : record.protocol + " " + record.sdk;
}

std::int32_t AppNumbers::word(Dictionary dictionary, std::string_view word) const {
  if (word.empty()) return store::no_word;
  const auto& known = words_[static_cast<std::size_t>(dictionary)];
  const auto found = known.find(word);
  return found == known.end() ? store::no_word : found->second;
}

std::int64_t AppNumbers::person(const UserIds& user) const {
  if (user.empty()) return 0;
  const auto found = people_.find(person_key(user));
  return found == people_.end() ? 0 : found->second;
}

Result<void> Numbers::learn(const AppId& appid, const std::vector<const Record*>& records,
                            std::vector<store::Merge>& merges) {
  AppNumbers& known = apps_[appid];
  if (known.people_.size() > cached_max) known.people_.clear();
  if (auto ok = learn_words(appid, records, known); !ok) return ok;
  return learn_people(appid, records, known, merges);
}

Result<void> Numbers::learn_words(const AppId& appid, const std::vector<const Record*>& records, AppNumbers& known) {
  std::set<Word> missing;
  const Record* before = nullptr;
  for (const Record* record : records) {
    for_unknown_words(*record, before, known,
                      [&](Dictionary dictionary, const std::string& word) { missing.insert({dictionary, word}); });
    before = record;
  }
  const std::vector<Word> all(missing.begin(), missing.end());
  for (std::size_t at = 0; at < all.size(); at += words_of_closure) {
    const std::vector<Word> some(
        all.begin() + static_cast<std::ptrdiff_t>(at),
        all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), at + words_of_closure)));
    auto number = [&](sql::Transaction& tx) -> Result<std::map<Word, std::int32_t>> {
      return store::number_words(tx, appid, some);
    };
    const auto numbers = database_.write_blocking(number);
    if (!numbers) return std::unexpected(numbers.error());
    for (const auto& [word, given] : *numbers) {
      auto& words = known.words_[static_cast<std::size_t>(word.dictionary)];
      // Words beyond the limit are kept here, too, so that they are not asked for again; but not without end.
      if (words.size() > cached_max) words.clear();
      words[word.word] = given;
    }
  }
  return {};
}

Result<void> Numbers::learn_people(const AppId& appid, const std::vector<const Record*>& records, AppNumbers& known,
                                   std::vector<store::Merge>& merges) {
  std::map<std::string, UserIds> missing;
  const UserIds* before = nullptr;
  for (const Record* record : records) {
    if (before != nullptr && *before == record->user) continue;
    before = &record->user;
    if (!record->user.empty() && known.person(record->user) == 0)
      missing.emplace(person_key(record->user), record->user);
  }
  const std::vector<std::pair<std::string, UserIds>> all(missing.begin(), missing.end());
  for (std::size_t at = 0; at < all.size(); at += people_of_closure) {
    const std::size_t end = std::min(all.size(), at + people_of_closure);
    std::vector<std::int64_t> fresh;
    for (std::size_t i = at; i < end; ++i) fresh.push_back(ids_.next());
    const TimeMs now = clock_.now();
    auto resolve = [&](sql::Transaction& tx) -> Result<std::vector<store::Resolved>> {
      std::vector<store::Resolved> resolved;
      for (std::size_t i = at; i < end; ++i)
        resolved.push_back(store::resolve_person(tx, appid, all[i].second, fresh[i - at], now));
      return resolved;
    };
    const auto resolved = database_.write_blocking(resolve);
    if (!resolved) return std::unexpected(resolved.error());
    for (std::size_t i = at; i < end; ++i) {
      const store::Resolved& one = (*resolved)[i - at];
      known.people_[all[i].first] = one.person;
      merges.insert(merges.end(), one.merges.begin(), one.merges.end());
    }
  }
  return {};
}

}  // namespace miniops::telemetry
