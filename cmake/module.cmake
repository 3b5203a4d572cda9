# miniops_module(<name> [DEPENDS <module>…] [LIBRARIES <target>…] [TEST_LIBRARIES <target>…])
#
# src/<name>/*.cpp (and of the folders in SUBFOLDERS) become the library
# miniops_<name>; migrations/*.sql are compiled in as <name>::migrations();
# tests/*.cpp become the test program <name>_tests.
function(miniops_module name)
  cmake_parse_arguments(arg "" "" "DEPENDS;LIBRARIES;TEST_LIBRARIES;SUBFOLDERS" ${ARGN})
  set(globs ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  foreach(folder ${arg_SUBFOLDERS})
    list(APPEND globs ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp)
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${globs})
  file(GLOB migrations CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/migrations/*.sql)
  if(migrations)
    set(generated ${CMAKE_CURRENT_BINARY_DIR}/migrations.cpp)
    add_custom_command(
      OUTPUT ${generated}
      COMMAND ${CMAKE_COMMAND} -DMODULE=${name} -DOUTPUT=${generated} "-DFILES=${migrations}" -P ${CMAKE_SOURCE_DIR}/cmake/embed_migrations.cmake
      DEPENDS ${migrations} ${CMAKE_SOURCE_DIR}/cmake/embed_migrations.cmake
      VERBATIM)
    list(APPEND sources ${generated})
  endif()
  if(NOT sources)
    return()
  endif()
  list(TRANSFORM arg_DEPENDS PREPEND miniops_)
  add_library(miniops_${name} STATIC ${sources})
  target_include_directories(miniops_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(miniops_${name} PUBLIC miniops_boost ${arg_DEPENDS} ${arg_LIBRARIES} PRIVATE miniops_warnings Threads::Threads)
  target_precompile_headers(miniops_${name} REUSE_FROM miniops_pch)
  miniops_unity(miniops_${name})

  set(test_globs ${CMAKE_CURRENT_SOURCE_DIR}/tests/*.cpp)
  foreach(folder ${arg_SUBFOLDERS})
    list(APPEND test_globs ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/tests/*.cpp)
  endforeach()
  file(GLOB tests CONFIGURE_DEPENDS ${test_globs})
  if(tests AND NOT MINIOPS_FUZZ)
    add_executable(${name}_tests ${tests})
    target_link_libraries(${name}_tests PRIVATE miniops_${name} ${arg_TEST_LIBRARIES} miniops_warnings GTest::gtest GTest::gmock GTest::gtest_main)
    target_precompile_headers(${name}_tests REUSE_FROM miniops_tests_pch)
    miniops_unity(${name}_tests)
    # DuckDB's library is loaded when it is first needed.
    set_target_properties(${name}_tests PROPERTIES EXCLUDE_FROM_ALL ON BUILD_RPATH ${CMAKE_BINARY_DIR}/lib)
    add_test(NAME ${name} COMMAND ${name}_tests)
    set_property(GLOBAL APPEND PROPERTY MINIOPS_UNIT_TESTS ${name}_tests)
  endif()
endfunction()

# One target that builds every test program, and a file that names them for scripts/test.mjs.
function(miniops_unit_tests)
  get_property(programs GLOBAL PROPERTY MINIOPS_UNIT_TESTS)
  add_custom_target(unit_tests DEPENDS ${programs})
  set(lines "")
  foreach(program ${programs})
    string(APPEND lines "$<TARGET_FILE:${program}>\n")
  endforeach()
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/unit_tests.txt CONTENT "${lines}")
endfunction()
