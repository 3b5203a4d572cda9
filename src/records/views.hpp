// The API's form of records, as a reader may see them already.
#pragma once

#include "records/export.hpp"
#include "records/hold.hpp"
#include "records/retention.hpp"

namespace miniops::records {

json::object to_json(const ConversationRecord& record);
json::object to_json(const MessageRecord& record);
json::object to_json(const Hit& hit);

}  // namespace miniops::records
