# splitstrip_fixture(NAME SOURCES lib.c ... [DRIVER driver.c] [FLAGS ...] [VERSION_SCRIPT lib.map]
#                    [LIBRARIES ...] [LINKER lld] [LINK ...])
#
# Declares fixtures/NAME: the library libNAME.so with all its DWARF, its driver without any, and both
# of them beside their fixture.toml in the build tree and in the installation. A source FILE:FLAG... has flags
# of its own. FLAGS are for all of the library's sources, LIBRARIES for both, LINKER and LINK for linking the
# library. Crash cases (cases.toml, cases/*.py) go where fixture.toml goes.
#
# The library is what a distribution builds before it strips, and the same bytes whatever the preset
# and wherever the build tree lies. The driver must not have DWARF: a debugger that is asked for a
# type would take it from there, and the check of the library could not fail. Nor must it have PLT
# entries named after the library's functions, where gdb would stop as well.
include(languages)
function(splitstrip_fixture name)
  cmake_parse_arguments(ARG "" "DRIVER;VERSION_SCRIPT;LINKER" "SOURCES;FLAGS;LIBRARIES;LINK" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS OR NOT ARG_SOURCES)
    message(FATAL_ERROR "splitstrip_fixture(${name}): ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  set(source ${PROJECT_SOURCE_DIR}/fixtures/${name})
  set(output ${PROJECT_BINARY_DIR}/fixtures/${name})
  splitstrip_objects(${name} "${ARG_SOURCES}")
  if(ARG_LINKER)
    find_program(linker ld.${ARG_LINKER} NO_CACHE)
    if(NOT linker)
      set(missing "needs ld.${ARG_LINKER}: install package ${ARG_LINKER}")
    endif()
    list(APPEND ARG_LINK -fuse-ld=${ARG_LINKER})
  endif()
  file(REMOVE ${output}/missing)
  if(missing)
    # The program says so, too: no fixture goes unchecked in silence.
    message(STATUS "fixture ${name} is left out: ${missing}")
    file(REMOVE_RECURSE ${output})
    file(WRITE ${output}/missing "${missing}\n")
    return()
  endif()

  set(language C)
  if("${sources}" MATCHES "\\.cpp")
    set(language CXX)
  endif()
  add_library(fixture_${name} SHARED ${sources} ${objects})
  target_include_directories(fixture_${name} PRIVATE ${source})
  target_compile_options(fixture_${name} PRIVATE
    -g -O2 -gdwarf-5 -fPIC -Wall
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}/= -ffile-prefix-map=${PROJECT_BINARY_DIR}=.
    ${ARG_FLAGS})
  target_link_options(fixture_${name} PRIVATE -Wl,--build-id=sha1 -Wl,--no-undefined ${ARG_LINK})
  target_link_libraries(fixture_${name} PRIVATE ${ARG_LIBRARIES} ${runtime})
  if(ARG_VERSION_SCRIPT)
    target_link_options(fixture_${name} PRIVATE -Wl,--version-script=${source}/${ARG_VERSION_SCRIPT})
    set_property(TARGET fixture_${name} PROPERTY LINK_DEPENDS ${source}/${ARG_VERSION_SCRIPT})
  endif()
  set_target_properties(fixture_${name} PROPERTIES
    LINKER_LANGUAGE ${language} OUTPUT_NAME ${name} LIBRARY_OUTPUT_DIRECTORY ${output} SKIP_BUILD_RPATH ON
    C_STANDARD 17 C_EXTENSIONS ON)

  if(ARG_DRIVER)
    splitstrip_fixture_driver(${name} ${ARG_DRIVER} "${ARG_LIBRARIES}")
  endif()
  splitstrip_fixture_toml(${source} ${output})

  set(destination ${CMAKE_INSTALL_DATADIR}/splitstrip/fixtures/${name})
  # As a program, because file(INSTALL) of a target would strip it on `install/strip`.
  install(PROGRAMS ${output}/lib${name}.so DESTINATION ${destination})
  install(FILES ${source}/fixture.toml DESTINATION ${destination})
  splitstrip_fixture_cases(${source} ${output} ${destination})
  set_property(GLOBAL APPEND PROPERTY SPLITSTRIP_FIXTURES ${name})
endfunction()

# The program that exercises the library, for splitstrip_fixture().
function(splitstrip_fixture_driver name source_file libraries)
  set(source ${PROJECT_SOURCE_DIR}/fixtures/${name})
  set(output ${PROJECT_BINARY_DIR}/fixtures/${name})
  add_executable(fixture_${name}_driver ${source}/${source_file})
  target_include_directories(fixture_${name}_driver PRIVATE ${source} ${PROJECT_SOURCE_DIR}/fixtures)
  target_compile_options(fixture_${name}_driver PRIVATE -g0 -O1 -Wall -fno-plt)
  target_link_libraries(fixture_${name}_driver PRIVATE fixture_${name} ${libraries})
  # $ORIGIN/../lib as the harness stages it, $ORIGIN as it lies here.
  set_target_properties(fixture_${name}_driver PROPERTIES
    OUTPUT_NAME driver RUNTIME_OUTPUT_DIRECTORY ${output}
    BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH "$ORIGIN/../lib:$ORIGIN"
    C_STANDARD 17 C_EXTENSIONS ON)
  install(PROGRAMS ${output}/driver DESTINATION ${CMAKE_INSTALL_DATADIR}/splitstrip/fixtures/${name})
  if(BUILD_TESTING)
    add_test(NAME fixture.${name}.runs COMMAND fixture_${name}_driver)
    set_tests_properties(fixture.${name}.runs PROPERTIES LABELS core TIMEOUT 30)
  endif()
endfunction()

# Copies the fixture's crash cases, if it has any (harness/subject/crash_cases.h).
function(splitstrip_fixture_cases source output destination)
  file(GLOB cases CONFIGURE_DEPENDS RELATIVE ${source} ${source}/cases.toml ${source}/cases/*.py)
  file(REMOVE_RECURSE ${output}/cases ${output}/cases.toml)
  foreach(file IN LISTS cases)
    configure_file(${source}/${file} ${output}/${file} COPYONLY)
    get_filename_component(folder ${file} DIRECTORY)
    install(FILES ${source}/${file} DESTINATION ${destination}/${folder})
  endforeach()
endfunction()

# Copies fixture.toml, each "FILE:@MARK" replaced by the number of the one line of FILE that says
# `break: MARK`, so that the lines to stop at move with the source.
function(splitstrip_fixture_toml source output)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source}/fixture.toml)
  file(READ ${source}/fixture.toml toml)
  string(REGEX MATCHALL "[A-Za-z0-9_.]+:@[A-Za-z_]+" places "${toml}")
  foreach(place IN LISTS places)
    string(REPLACE ":@" ";" parts ${place})
    list(GET parts 0 file)
    list(GET parts 1 mark)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source}/${file})
    file(READ ${source}/${file} text)
    string(FIND "${text}" "break: ${mark} " at)
    string(FIND "${text}" "break: ${mark} " last REVERSE)
    if(at EQUAL -1 OR NOT at EQUAL last)
      message(FATAL_ERROR "${source}/fixture.toml: ${file} needs exactly one line with `break: ${mark}`")
    endif()
    string(SUBSTRING "${text}" 0 ${at} before)
    string(REGEX REPLACE "[^\n]" "" newlines "${before}")
    string(LENGTH "${newlines}" number)
    math(EXPR number "${number} + 1")
    string(REPLACE "\"${place}\"" "\"${file}:${number}\"" toml "${toml}")
  endforeach()
  file(CONFIGURE OUTPUT ${output}/fixture.toml CONTENT "${toml}" @ONLY)
endfunction()
