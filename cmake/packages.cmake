# Everything comes from Debian 12's packages; scripts/setup installs them.
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(pugixml REQUIRED IMPORTED_TARGET pugixml)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(simdjson REQUIRED IMPORTED_TARGET simdjson)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(brotli REQUIRED IMPORTED_TARGET libbrotlidec)
pkg_check_modules(argon2 REQUIRED IMPORTED_TARGET libargon2)
pkg_check_modules(xlsxwriter REQUIRED IMPORTED_TARGET xlsxwriter)
pkg_check_modules(prometheus REQUIRED IMPORTED_TARGET prometheus-cpp-core)
find_library(HOWARD_TZ date-tz REQUIRED)
# DuckDB is no package of Debian's: scripts/setup puts header and library into .tools. The library is loaded when the
# event store is first used, from lib/ beside the program.
find_path(DUCKDB_INCLUDE duckdb.h HINTS ${CMAKE_SOURCE_DIR}/.tools/duckdb REQUIRED)
find_file(DUCKDB_LIBRARY libduckdb.so HINTS ${CMAKE_SOURCE_DIR}/.tools/node_modules/@duckdb/node-bindings-linux-x64 /usr/lib REQUIRED)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/lib/libduckdb.so
  COMMAND ${CMAKE_COMMAND} -E copy ${DUCKDB_LIBRARY} ${CMAKE_BINARY_DIR}/lib/libduckdb.so
  DEPENDS ${DUCKDB_LIBRARY} VERBATIM)
find_file(REGIONS_FILE ip2region.xdb HINTS ${CMAKE_SOURCE_DIR}/.tools/ip2region REQUIRED)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/lib/ip2region.xdb
  COMMAND ${CMAKE_COMMAND} -E copy ${REGIONS_FILE} ${CMAKE_BINARY_DIR}/lib/ip2region.xdb
  DEPENDS ${REGIONS_FILE})
add_custom_target(duckdb_library DEPENDS ${CMAKE_BINARY_DIR}/lib/libduckdb.so ${CMAKE_BINARY_DIR}/lib/ip2region.xdb)
find_package(GTest REQUIRED)
