# The include root is the wall: a target sees its own lane's folder and gateway/shared, nothing else, so that
# `#include "match/…"` in a surveillance file is "No such file". VG_LANE is the second wall: generating stops
# when a target links two lanes, also through PRIVATE libraries.

function(vg_include_root target group)
  if(group STREQUAL "shared")
    set(root ${CMAKE_SOURCE_DIR}/gateway/shared)
  elseif(group STREQUAL "pipelines")
    set(root ${CMAKE_SOURCE_DIR}/pipelines)
  else()
    set(root ${CMAKE_SOURCE_DIR}/gateway/${group})
  endif()
  target_include_directories(${target} PUBLIC ${root})
endfunction()

function(vg_set_lane target lane)
  set_target_properties(${target} PROPERTIES VG_LANE ${lane} INTERFACE_VG_LANE ${lane})
  set_property(TARGET ${target} APPEND PROPERTY COMPATIBLE_INTERFACE_STRING VG_LANE)
endfunction()

# vg_library(vg_core GROUP shared SOURCES a.cpp b.cpp [LANE surveillance] [PUBLIC libs…] [PRIVATE libs…])
function(vg_library target)
  cmake_parse_arguments(ARG "" "GROUP;LANE" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${target} STATIC ${ARG_SOURCES})
  vg_include_root(${target} ${ARG_GROUP})
  target_link_libraries(${target} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  if(ARG_LANE)
    vg_set_lane(${target} ${ARG_LANE})
  endif()
endfunction()

# vg_executable(veilgate-uplink SOURCES main.cpp LIBS vg_uplink [LANE …])
function(vg_executable target)
  cmake_parse_arguments(ARG "" "LANE" "SOURCES;LIBS" ${ARGN})
  add_executable(${target} ${ARG_SOURCES})
  target_link_libraries(${target} PRIVATE ${ARG_LIBS})
  if(ARG_LANE)
    set_target_properties(${target} PROPERTIES VG_LANE ${ARG_LANE})
  endif()
endfunction()

# vg_test(test_core SOURCES … LIBS … [LABELS unit])   one GoogleTest executable; every TEST is a CTest test
function(vg_test target)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LIBS;LABELS;ENVIRONMENT" ${ARGN})
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 60)
  endif()
  add_executable(${target} ${ARG_SOURCES})
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests)   # "support/…"
  target_link_libraries(${target} PRIVATE ${ARG_LIBS} vg_test_support GTest::gtest GTest::gmock GTest::gtest_main)
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT "${ARG_ENVIRONMENT}")
endfunction()
