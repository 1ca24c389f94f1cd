# What every target of this repository shares: warnings, sanitizers, include roots, and one way to
# declare a module with its tests.

add_library(splitstrip_options INTERFACE)
target_include_directories(splitstrip_options INTERFACE ${PROJECT_SOURCE_DIR}/harness ${PROJECT_SOURCE_DIR})
target_compile_options(splitstrip_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Werror
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
  # Line tables are what a backtrace of this program needs; more costs a quarter of the build's time.
  $<$<CONFIG:RelWithDebInfo>:-g1>)
if(SPLITSTRIP_SANITIZE)
  target_compile_options(splitstrip_options INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(splitstrip_options INTERFACE -fsanitize=address,undefined)
endif()

if(SPLITSTRIP_FUZZ)
  target_compile_options(splitstrip_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# splitstrip_fuzzer(NAME SOURCES fuzz_x.cpp [LIBRARIES ...])
#
# Declares the libFuzzer program NAME_fuzzer of a source that defines LLVMFuzzerTestOneInput(); only
# under the preset "fuzz". What it calls is what the fixed-seed mutation test of the module calls.
function(splitstrip_fuzzer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  if(SPLITSTRIP_FUZZ)
    add_executable(${name}_fuzzer ${ARG_SOURCES})
    target_link_libraries(${name}_fuzzer PRIVATE splitstrip_options ${ARG_LIBRARIES})
    target_link_options(${name}_fuzzer PRIVATE -fsanitize=fuzzer)
  endif()
endfunction()

# splitstrip_module(NAME SOURCES a.cpp ... [TESTS a_test.cpp ...] [LIBRARIES ...] [TEST_LIBRARIES ...])
#
# Declares the static library splitstrip_NAME and, where there are tests, the test program NAME_test,
# whose cases ctest knows one by one under the label "core".
function(splitstrip_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;TESTS;LIBRARIES;TEST_LIBRARIES" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "splitstrip_module(${name}): ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  add_library(splitstrip_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(splitstrip_${name} PUBLIC splitstrip_options fmt::fmt ${ARG_LIBRARIES})
  if(BUILD_TESTING AND ARG_TESTS)
    add_executable(${name}_test ${ARG_TESTS})
    target_link_libraries(${name}_test PRIVATE splitstrip_${name} ${ARG_TEST_LIBRARIES} GTest::gmock GTest::gtest_main)
    # Tests are built more often than they are waited for.
    target_compile_options(${name}_test PRIVATE -O0)
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." PROPERTIES LABELS core TIMEOUT 120 DISCOVERY_TIMEOUT 60)
  endif()
endfunction()

# splitstrip_benchmark(NAME SOURCE LIBRARIES...): a Google Benchmark program, built where the library is here.
function(splitstrip_benchmark name source)
  if(benchmark_FOUND)
    add_executable(${name} ${source})
    target_link_libraries(${name} PRIVATE splitstrip_options benchmark::benchmark ${ARGN})
  endif()
endfunction()
