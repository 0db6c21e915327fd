# Compiles CASE with COMPILER and the directories INCLUDES; fails unless the outcome is the one that CASE expects.

set(flags -std=c++20 -fsyntax-only)
foreach(directory ${INCLUDES})
  list(APPEND flags -I${directory})
endforeach()
execute_process(COMMAND ${COMPILER} ${flags} ${CASE} RESULT_VARIABLE result ERROR_VARIABLE output
                OUTPUT_VARIABLE output)

file(STRINGS ${CASE} expected REGEX "^// EXPECT: ")
string(REPLACE "// EXPECT: " "" expected "${expected}")
if(expected STREQUAL "")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "must compile, but:\n${output}")
  endif()
  return()
endif()

if(result EQUAL 0)
  message(FATAL_ERROR "must not compile, for: ${expected}")
endif()
# The text must be in a message of the compiler: the source lines that it quotes hold the text too.
string(REPLACE "\n" ";" lines "${output}")
foreach(line IN LISTS lines)
  if(line MATCHES ": (error|note): (.*)")
    string(FIND "${CMAKE_MATCH_2}" "${expected}" position)
    if(NOT position EQUAL -1)
      return()
    endif()
  endif()
endforeach()
message(FATAL_ERROR "must be refused with: ${expected}\nbut the compiler said:\n${output}")
