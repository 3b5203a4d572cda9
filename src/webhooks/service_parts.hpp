// What the service's closures have in common. Private to service*.cpp.
#pragma once

#include "identity/audit.hpp"
#include "webhooks/errors.hpp"
#include "webhooks/service.hpp"

namespace miniops::webhooks {

inline std::string object_of(SubscriptionId id) { return "webhook:" + id.str(); }

inline Result<Stored> stored_in(sql::Transaction& tx, const AppId& appid, SubscriptionId id) {
  auto found = store::find(tx, appid, id);
  if (!found) return fail(errors::not_found("webhook"));
  return std::move(*found);
}

// Cuts the row that tells whether more follow; `key` is what the list is sorted by, and the id.
template <class Page, class Item, class Key>
Page page_of(std::vector<Item> items, int limit, Key key) {
  Page page{std::move(items)};
  if (page.items.size() <= static_cast<std::size_t>(limit)) return page;
  page.items.resize(static_cast<std::size_t>(limit));
  page.next = key(page.items.back());
  return page;
}

}  // namespace miniops::webhooks
