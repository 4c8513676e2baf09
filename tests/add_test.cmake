# How a test program is made, in the whole project and in kernels/ alone.
include_guard(GLOBAL)
find_package(GTest REQUIRED)

# What tests/run builds with sanitizers: the unit tests and the simulation.
add_custom_target(sanitized)

# hpogrid_add_test(<name> LABEL <unit|simulation|integration|faults|…> SOURCES <files> LINKS <targets>
#                  [TIMEOUT <seconds for the whole program, default 120; five times that with sanitizers>])
# One GoogleTest program, registered with CTest as one test: programs are small, and a process a case would be slower.
function(hpogrid_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "LABEL;TIMEOUT" "SOURCES;LINKS")
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if(HPOGRID_SANITIZE)
    math(EXPR ARG_TIMEOUT "5 * ${ARG_TIMEOUT}")
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} hpogrid_options GTest::gtest_main GTest::gmock)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
  if(ARG_LABEL MATCHES "^(unit|simulation)$")
    add_dependencies(sanitized ${name})
  endif()
endfunction()
