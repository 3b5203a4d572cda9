// The console's files, compiled into the program, for every path that no route has.
#pragma once

#include "net/router.hpp"

namespace miniops::app {

// Also mounts /api/v1/openapi.json.
void mount_console(net::Router& router);

}  // namespace miniops::app
