# Compiler, warnings, sanitizers, precompiled header.
# g++ 12 miscompiles coroutines (docs/adr/0001), so nothing but clang is let in.
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "MiniOps is built with clang 19: use the presets (cmake --preset release).")
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # The precompiled header's timestamp must not spoil the cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
endif()

add_link_options(-fuse-ld=lld-19)
find_package(Threads REQUIRED)
add_compile_options(-pthread)  # also in the precompiled header, whatever a package asks for

# A static library need not wait for those it uses before its own files are compiled.
set(CMAKE_OPTIMIZE_DEPENDENCIES ON)

option(MINIOPS_FUZZ "build the fuzz targets" OFF)
set(MINIOPS_SANITIZE "" CACHE STRING "sanitizers, as -fsanitize takes them")
if(MINIOPS_SANITIZE)
  add_compile_options(-fsanitize=${MINIOPS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MINIOPS_SANITIZE})
  if(MINIOPS_SANITIZE MATCHES "undefined")
    # Boost 1.81 takes function pointers through void*; not ours to mend.
    add_compile_options(-fno-sanitize=function,vptr)
    # A null pointer ends the program without a check too; one before each access is a fifth of the build.
    add_compile_options(-fno-sanitize=null,alignment)
  endif()
endif()

add_library(miniops_warnings INTERFACE)
target_compile_options(miniops_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  $<$<NOT:$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>>:-Wshadow>
  -Woverloaded-virtual -Wimplicit-fallthrough -Wextra-semi -Werror)

add_library(miniops_boost INTERFACE)
target_compile_definitions(miniops_boost INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ERROR_CODE_HEADER_ONLY)

# One precompiled header for all modules: the standard library, Asio's
# coroutines, Boost.JSON and fmt. Beast is not in it: it belongs to net alone.
# The tests have another with GoogleTest.
file(WRITE ${CMAKE_BINARY_DIR}/pch.cpp.in "// compiles the precompiled header\n")
function(miniops_precompile name header)
  configure_file(${CMAKE_BINARY_DIR}/pch.cpp.in ${CMAKE_BINARY_DIR}/${name}.cpp COPYONLY)
  add_library(${name} OBJECT EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/${name}.cpp)
  target_link_libraries(${name} PUBLIC miniops_boost ${ARGN})
  target_precompile_headers(${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/${header})
endfunction()
miniops_precompile(miniops_pch pch.hpp)
if(NOT MINIOPS_FUZZ)
  miniops_precompile(miniops_tests_pch tests_pch.hpp GTest::gtest GTest::gmock)
endif()

# Several files of a target compiled as one: headers and templates are read and made once for all of them, which is
# half of a clean build's time. The price: two files of a module may not name two things alike, and -Wshadow, which
# sees one file's names from another, is left to the builds that compile each file by itself.
set(MINIOPS_UNITY "0" CACHE STRING "how many files are compiled as one; 0: each by itself")
function(miniops_unity target)
  if(MINIOPS_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${MINIOPS_UNITY})
  endif()
endfunction()
