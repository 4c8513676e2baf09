# How a test program is made, in the whole project and in kernels/ alone.
include_guard(GLOBAL)
find_package(GTest REQUIRED)

# What tests/run builds with sanitizers: the unit tests and the simulation.
add_custom_target(sanitized)

# hpogrid_add_test(<name> LABEL <unit|simulation|integration|faults|…> SOURCES <files> LINKS <targets>
#                  [TIMEOUT <seconds for the whole program, default 120; five times that with sanitizers>]
#                  [SHARDS <number>])
# One GoogleTest program, registered with CTest as one test: programs are small, and a process a case would be slower.
# A long one is registered as several that share its cases, <name>_1 and so on, so that they use several cores.
function(hpogrid_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "LABEL;TIMEOUT;SHARDS" "SOURCES;LINKS")
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if(HPOGRID_SANITIZE)
    math(EXPR ARG_TIMEOUT "5 * ${ARG_TIMEOUT}")
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} hpogrid_options GTest::gtest_main GTest::gmock)
  # What is tested is optimised; to optimise the tests would take a quarter of the time that they compile.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  if(ARG_SHARDS)
    foreach(shard RANGE 1 ${ARG_SHARDS})
      math(EXPR index "${shard} - 1")
      add_test(NAME ${name}_${shard} COMMAND ${name})
      set_tests_properties(${name}_${shard} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT}
        ENVIRONMENT "GTEST_TOTAL_SHARDS=${ARG_SHARDS};GTEST_SHARD_INDEX=${index}")
    endforeach()
  else()
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
  endif()
  if(ARG_LABEL MATCHES "^(unit|simulation)$")
    add_dependencies(sanitized ${name})
  endif()
endfunction()
