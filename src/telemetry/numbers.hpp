// Numbers for words and people, kept in the SQL store and cached. A number is committed before the rows that use it;
// one that no row came to use is harmless. For the loader's thread.
#pragma once

#include <array>
#include <unordered_map>

#include "base/ids.hpp"
#include "storage/sql/database.hpp"
#include "telemetry/store.hpp"

namespace miniops::telemetry {

// What is known of one mini program.
class AppNumbers {
 public:
  // 0 for "".
  std::int32_t word(store::Dictionary dictionary, std::string_view word) const;
  std::int64_t person(const UserIds& user) const;  // 0 for nobody

 private:
  friend class Numbers;
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  template <class Number>
  using Known = std::unordered_map<std::string, Number, TextHash, std::equal_to<>>;
  // One for each dictionary, at its number.
  std::array<Known<std::int32_t>, 17> words_;
  Known<std::int64_t> people_;
};

class Numbers {
 public:
  Numbers(sql::Database& database, IdSource& ids, const Clock& clock) : database_(database), ids_(ids), clock_(clock) {}

  // Sees to it that every word and person of these records has a number. People who turned out to be one are added to
  // `merges`. Fails with storage.*
  Result<void> learn(const AppId& appid, const std::vector<const Record*>& records, std::vector<store::Merge>& merges);
  const AppNumbers& of(const AppId& appid) { return apps_[appid]; }
  // Some were deleted: who comes now is looked up anew.
  void forget_people(const AppId& appid) { apps_[appid].people_.clear(); }

 private:
  Result<void> learn_words(const AppId& appid, const std::vector<const Record*>& records, AppNumbers& known);
  Result<void> learn_people(const AppId& appid, const std::vector<const Record*>& records, AppNumbers& known,
                            std::vector<store::Merge>& merges);

  sql::Database& database_;
  IdSource& ids_;
  const Clock& clock_;
  std::unordered_map<AppId, AppNumbers> apps_;
};

// A device's and a client's form in the dictionary, and back.
std::string device_word(const Device& device);
Device device_of_word(std::string_view word);
std::string client_word(const Record& record);

}  // namespace miniops::telemetry
