#include "storage/events/duckdb_api.hpp"

#include <dlfcn.h>

namespace miniops::events {

namespace fs = std::filesystem;

namespace {

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

}  // namespace

Result<std::shared_ptr<const DuckApi>> load_duckdb(std::span<const fs::path> places) {
  std::string problems;
  for (const fs::path& place : places) {
    // RTLD_LOCAL: its symbols of the C++ library must not become ours.
    void* library = ::dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      problems += fmt::format("; {}", ::dlerror());
      continue;
    }
    auto api = std::make_shared<DuckApi>();
    const char* missing = nullptr;
#define MINIOPS_DUCKDB_FIND(name) \
  if (!find(library, "duckdb_" #name, api->name)) missing = "duckdb_" #name;
    MINIOPS_DUCKDB_FUNCTIONS(MINIOPS_DUCKDB_FIND)
#undef MINIOPS_DUCKDB_FIND
    if (missing == nullptr) return api;
    problems += fmt::format("; {} has no {}", place.string(), missing);
  }
  return fail(ErrorKind::unavailable, "storage.event_library_missing",
              "DuckDB's library cannot be loaded; put libduckdb.so into lib/ beside the program" + problems);
}

std::vector<fs::path> duckdb_places() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  std::vector<fs::path> places;
  if (!error) places = {program.parent_path() / "lib/libduckdb.so", program.parent_path() / "../lib/libduckdb.so"};
  std::erase_if(places, [](const fs::path& place) { return !fs::exists(place); });
  places.emplace_back("libduckdb.so");  // by the system: also the run path that test programs are built with
  return places;
}

}  // namespace miniops::events
