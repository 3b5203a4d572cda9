// miniops serve · sandbox · demo · admin · backup · restore
#pragma once

namespace miniops::app {

// The process's exit code: 0 done, 1 it failed (said on standard error), 2 wrong usage.
int run(int argc, char** argv);

}  // namespace miniops::app
