// The API's form of quick replies and macros.
#pragma once

#include "quick_replies/service.hpp"

namespace miniops::quick_replies {

json::object to_json(const Listed& listed);
json::object to_json(const store::Folder& folder);
json::object to_json(const Macro& macro);
json::object to_json(const ImportResult& result);
json::object to_json(const MacroRun& run);
json::object to_json(const Undo& undo);

}  // namespace miniops::quick_replies
