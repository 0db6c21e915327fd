# Compiler, linker and warnings; the same for every target.

find_program(CCACHE ccache)
if(CCACHE)
  # Without this ccache never reuses what was compiled with a precompiled header (its manual, "Precompiled headers").
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()
find_program(MOLD mold)
# perf cannot unwind through what mold 1.10 has linked, and the benchmarks are what is profiled.
if(MOLD AND NOT PARLEY_BENCH)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
                    -Woverloaded-virtual -Wold-style-cast -Wswitch-enum
                    # A designated initializer names what it sets; the rest has its default on purpose.
                    -Wno-missing-field-initializers)
# For us a warning is an error; those who only build what they run (./run) may have a compiler that warns of more.
if(PARLEY_TESTS)
  add_compile_options(-Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside the standard library, on correct code (GCC bugs 105329 and 105562).
  add_compile_options(-Wno-restrict -Wno-maybe-uninitialized)
  add_compile_options(-fpch-preprocess)
  # Its garbage collector is set for small machines; with these an eighth of the time goes.
  add_compile_options(--param=ggc-min-expand=200 --param=ggc-min-heapsize=400000)
else()
  # std::ranges::stable_sort of libstdc++ 12 uses what it calls deprecated itself.
  add_compile_options(-Wno-deprecated-declarations)
  add_compile_options(-Xclang -fno-pch-timestamp)
endif()
if(PARLEY_SANITIZE)
  add_compile_options(-fsanitize=${PARLEY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${PARLEY_SANITIZE})
endif()
if(PARLEY_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
