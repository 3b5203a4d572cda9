// DuckDB's C functions, found in its shared library when the event store is first used: the library is 70 MB and brings
// a C++ runtime of its own, so nobody links it. Private to storage/events.
#pragma once

#include <duckdb.h>

#include <filesystem>
#include <memory>

#include "base/error.hpp"

namespace miniops::events {

// Each name is a member and the C function duckdb_<name>.
// clang-format off: it never comes to rest on this list
#define MINIOPS_DUCKDB_FUNCTIONS(X) \
  X(library_version) X(create_config) X(set_config) X(destroy_config) X(open_ext) X(close) X(connect) \
  X(disconnect) X(interrupt) X(free) X(query) X(destroy_result) X(result_error) X(result_error_type) \
  X(column_count) X(rows_changed) X(prepare) X(destroy_prepare) X(prepare_error) X(execute_prepared) \
  X(bind_null) X(bind_int64) X(bind_double) X(bind_varchar_length) X(bind_hugeint) X(fetch_chunk) \
  X(destroy_data_chunk) X(data_chunk_get_size) X(data_chunk_get_vector) X(data_chunk_set_size) \
  X(data_chunk_reset) X(create_data_chunk) X(vector_size) X(vector_get_data) X(vector_get_validity) \
  X(vector_ensure_validity_writable) X(validity_set_row_invalid) X(vector_assign_string_element_len) \
  X(vector_get_column_type) X(get_type_id) X(create_logical_type) X(destroy_logical_type) X(appender_create_ext) \
  X(append_data_chunk) X(appender_close) X(appender_error) X(appender_destroy) X(create_scalar_function) \
  X(destroy_scalar_function) X(scalar_function_set_name) X(scalar_function_add_parameter) \
  X(scalar_function_set_return_type) X(scalar_function_set_function) X(scalar_function_set_extra_info) \
  X(scalar_function_get_extra_info) X(scalar_function_set_error) X(register_scalar_function)
// clang-format on

struct DuckApi {
#define MINIOPS_DUCKDB_MEMBER(name) decltype(&::duckdb_##name) name = nullptr;
  MINIOPS_DUCKDB_FUNCTIONS(MINIOPS_DUCKDB_MEMBER)
#undef MINIOPS_DUCKDB_MEMBER
};

// Tries each place in turn: a path is a file; a bare name is looked for by the system. The library stays loaded for the
// life of the process. Fails with storage.event_library_missing, which says what to install and where.
Result<std::shared_ptr<const DuckApi>> load_duckdb(std::span<const std::filesystem::path> places);
// lib/libduckdb.so beside the running program or its folder (bin/ and lib/), then the system's.
std::vector<std::filesystem::path> duckdb_places();

}  // namespace miniops::events
