// The API's form of people. Personal data that stands in texts is masked unless the viewer may see it there.
#pragma once

#include "people/service.hpp"

namespace miniops::people {

json::object to_json(const store::Row& row, bool personal);
json::object to_json(const PersonView& person, const Access& access, const Reach& reach);
json::object to_json(const LinkView& link, const Reach& reach);
json::object to_json(const ProposalView& proposal, const Reach& reach);
json::object to_json(const BlockedView& blocked, bool personal);
json::object to_json(const Segment& segment);

}  // namespace miniops::people
