# A layer is one folder of src/: a static library of its *.cpp and a test program of its *_test.cpp.

# parley_layer(NAME [LIBRARIES lib...] [GENERATED file...])
function(parley_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 layer "" "" "LIBRARIES;GENERATED")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$|/main\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  add_library(parley_${name} STATIC ${sources} ${layer_GENERATED} ${CMAKE_CURRENT_SOURCE_DIR}/layer_anchor.cpp)
  target_include_directories(parley_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(parley_${name} PUBLIC ${layer_LIBRARIES})
  target_precompile_headers(parley_${name} REUSE_FROM parley_pch)

  if(PARLEY_TESTS AND tests)
    parley_test(${name}_test ${tests} LIBRARIES parley_${name} parley_test_support)
  endif()
endfunction()

# parley_test(NAME source... LIBRARIES lib...): a GoogleTest program whose cases are ctest's tests.
function(parley_test name)
  cmake_parse_arguments(PARSE_ARGV 1 test "" "" "LIBRARIES")
  add_executable(${name} ${test_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${test_LIBRARIES} GTest::gmock_main)
  target_precompile_headers(${name} REUSE_FROM parley_test_pch)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 300)
endfunction()
