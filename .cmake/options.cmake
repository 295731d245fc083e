option(VEILGATE_TESTS "Build the tests" ON)
set(VEILGATE_SANITIZE "" CACHE STRING "Sanitizers for every target, e.g. address,undefined")

option(VEILGATE_FUZZ "Build the fuzz targets with libFuzzer (clang)" OFF)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# -O2 everywhere: broken invariants abort in release too, so nothing hides behind NDEBUG.
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_C_FLAGS_RELEASE "-O2")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g1")

add_compile_options(-Wall -Wextra -Wshadow -Wnon-virtual-dtor -Werror=return-type -Werror=unused-result
                    -fstack-protector-strong -fno-strict-overflow)
add_compile_definitions(_FORTIFY_SOURCE=2)
add_link_options(-Wl,-z,relro,-z,now -Wl,--as-needed)

if(VEILGATE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(VEILGATE_SANITIZE)
  add_compile_options(-fsanitize=${VEILGATE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
                      -U_FORTIFY_SOURCE)
  add_link_options(-fsanitize=${VEILGATE_SANITIZE})
endif()

# Paths relative to the source tree: every checkout shares one cache, and no machine path gets into __FILE__.
find_program(CCACHE ccache)
if(CCACHE)
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
