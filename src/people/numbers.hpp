// Phones, ID and card numbers in what is written about a customer: the profile keeps the masked text, the numbers lie
// sealed in rows of their own, in the same transaction. Safe from any thread: it holds nothing that changes.
#pragma once

#include "people/store.hpp"
#include "people/vault.hpp"

namespace miniops::people {

class Numbers {
 public:
  // Both must outlive it.
  Numbers(IdSource& ids, const IdentityVault& vault) : ids_(ids), vault_(vault) {}

  // A text as it is to be stored, when `before` was stored in its place. Numbers of `before` whose masked form stands
  // in the new text, in order, are kept with it: who changes a text need not see what it hides.
  std::string hide(sql::Transaction& tx, ProfileId profile, std::string_view field, std::string_view before,
                   std::string_view text) const;
  // The same for what is in `stored`, when a text is given.
  void take(sql::Transaction& tx, ProfileId profile, std::string_view field, std::string& stored,
            const std::optional<std::string>& text) const;
  // The text with its numbers, for the person's own export. base.seal_broken
  Result<std::string> whole(sql::Transaction& tx, ProfileId profile, std::string_view field, std::string text) const;

 private:
  IdSource& ids_;
  const IdentityVault& vault_;
};

inline constexpr std::string_view nickname_field = "nickname";
inline constexpr std::string_view note_field = "note";

// What is for everybody, and found by its whole text: masked for good.
std::vector<std::string> masked_tags(const std::vector<std::string>& tags);

}  // namespace miniops::people
