# miniops_embed(<target> <namespace> <folder>): compiles every file under <folder> into <target> as
# miniops::<namespace>::files(). The bytes are included by the assembler (.incbin), which costs no compile time.
function(miniops_embed target namespace folder)
  get_filename_component(folder ${folder} ABSOLUTE)
  file(GLOB_RECURSE embedded CONFIGURE_DEPENDS ${folder}/*)
  set(stem ${CMAKE_CURRENT_BINARY_DIR}/embedded_${namespace})
  add_custom_command(
    OUTPUT ${stem}.S ${stem}.cpp
    COMMAND ${CMAKE_COMMAND} -DNAMESPACE=${namespace} -DFOLDER=${folder} -DSTEM=${stem} -P ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${embedded} ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    VERBATIM)
  set_source_files_properties(${stem}.S PROPERTIES OBJECT_DEPENDS "${embedded}" SKIP_PRECOMPILE_HEADERS ON)
  target_sources(${target} PRIVATE ${stem}.S ${stem}.cpp)
endfunction()
