// Requests to delete one person's data, and the receipt that says what became of it.
#pragma once

#include <array>
#include <map>

#include "base/words.hpp"
#include "records/ports.hpp"

namespace miniops::records {

using ErasureId = NumberId<struct ErasureIdTag>;

// held: a legal hold keeps the person; it goes on when that is released.
enum class ErasureState { waiting, erasing, held, done };
inline constexpr std::array<std::string_view, 4> erasure_state_words{"waiting", "erasing", "held", "done"};
inline std::span<const std::string_view> words_of(ErasureState) { return erasure_state_words; }

inline constexpr std::int64_t open_erasures_max = 100;  // of a mini program

struct Receipt {
  std::map<std::string, std::int64_t> deleted{};  // "conversations.messages" …
  std::map<std::string, TimeMs> until{};          // what goes by itself, at which time
  bool operator==(const Receipt&) const = default;
};

struct Erasure {
  ErasureId id{};
  AppId appid{};
  std::string openid{};  // until this module's part is done
  std::string hash{};    // of it: enough to know the person again, too little to find out who it was
  std::string asked_by{};
  std::string reason{};
  TimeMs asked_at = 0;
  std::string keeper{};  // that is at work; "": the first
  std::string place{};   // how far it is
  Receipt receipt{};
  // As of now, by what the others say (Service).
  ErasureState state = ErasureState::waiting;
  TimeMs finished_at = 0;

  bool begun() const { return openid.empty() || !keeper.empty(); }
};

std::string hash_of(std::string_view openid);
Erasure new_erasure(ErasureId id, Person person, std::string asked_by, std::string reason, TimeMs now);
// Adds what `keeper` did to the receipt.
void note(Receipt& receipt, std::string_view keeper, const Keeper::ErasePiece& piece);

json::object to_json(const Receipt& receipt);
Receipt receipt_in(const json::object& stored);
// With the receipt as people read it: backups expire with their retention.
json::object to_json(const Erasure& erasure);

}  // namespace miniops::records
