// What the use cases share. Private to service*.cpp.
#pragma once

#include "identity/audit.hpp"
#include "records/errors.hpp"
#include "records/service.hpp"
#include "records/store.hpp"

namespace miniops::records {

using identity::AuditEntry;
using identity::Permission;

// What was looked for, without saying who somebody is: for the audit log.
json::object audited(const Question& question);

// `items` has one more than `limit` when there are more; ids fall.
template <class T>
PageOf<T> page_of(std::vector<T> items, int limit) {
  PageOf<T> page{std::move(items)};
  if (page.items.size() <= static_cast<std::size_t>(limit)) return page;
  page.items.pop_back();
  page.next = Place{0, page.items.back().id.value()};
  return page;
}

}  // namespace miniops::records
