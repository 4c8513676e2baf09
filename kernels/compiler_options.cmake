# Compiler options of everything that is ours: the target hpogrid_options. Included by each project that builds alone.
include_guard(GLOBAL)

option(HPOGRID_WARNINGS_AS_ERRORS "Treat warnings as errors" OFF)
set(HPOGRID_SANITIZE "" CACHE STRING "Sanitizers for everything, e.g. 'address,undefined' or 'thread'")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# Includes are written from the root of the repository.
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH HPOGRID_ROOT)
add_library(hpogrid_options INTERFACE)
target_include_directories(hpogrid_options INTERFACE ${HPOGRID_ROOT})
target_compile_options(hpogrid_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
  # False alarms of GCC 12: members of moved variants (bug 105562), concatenated strings (bug 105651).
  "$<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized;-Wno-restrict>"
  $<$<BOOL:${HPOGRID_WARNINGS_AS_ERRORS}>:-Werror>)
if(HPOGRID_SANITIZE)
  # A check of each pointer for null and for alignment would take as long to compile as everything else together: the
  # address sanitizer stops at null anyway, and our processors read at any address.
  target_compile_options(hpogrid_options INTERFACE -fsanitize=${HPOGRID_SANITIZE} -fno-sanitize=null,alignment
    -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(hpogrid_options INTERFACE -fsanitize=${HPOGRID_SANITIZE})
endif()
