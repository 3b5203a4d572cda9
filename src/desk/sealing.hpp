// Phones, ID and card numbers in what customers and agents write: the message keeps the masked text, the numbers lie
// sealed in rows of their own, in the same transaction. Whoever types a whole number finds it by its HMAC; who may see
// one reveals it, and everybody else never had it.
//
// Safe from any thread: it holds nothing that changes. Within closures; the vault must outlive it.
#pragma once

#include "base/vault.hpp"
#include "desk/conversation.hpp"
#include "storage/sql/database.hpp"

namespace miniops::desk {

class Sealing {
 public:
  explicit Sealing(const Vault& vault) : vault_(vault) {}

  // Masks the message's texts and fills `hidden` and `sealed`. Its id is set. More numbers than 200 are masked for
  // good.
  void hide(Message& message) const;
  // One number, as it was written; nullopt: there is none at this position. base.seal_broken
  Result<std::optional<std::string>> reveal(sql::Transaction& tx, MessageId id, std::int64_t position) const;
  // Puts all of them back into the message, which hides nothing then. base.seal_broken
  Result<void> restore(sql::Transaction& tx, Message& message) const;
  // What finds a number that was typed whole; "": it is none.
  std::string search_key(std::string_view typed) const;

 private:
  std::string hide_text(Message& message, std::string_view field, const std::string& text) const;

  const Vault& vault_;
};

namespace store {

// Rows of `message.sealed`. By insert_message.
void insert_sealed(sql::Transaction& tx, const Message& message);
void delete_sealed(sql::Transaction& tx, MessageId id);
// The search keys of a message's numbers, in order.
std::vector<std::string> search_keys_of(sql::Transaction& tx, MessageId id);
// Messages with this number but whispers, newest first, below `before` (0: from the newest).
std::vector<std::int64_t> messages_with(sql::Transaction& tx, const AppId& appid, std::string_view search_key,
                                        MessageId before, int limit);

}  // namespace store
}  // namespace miniops::desk
