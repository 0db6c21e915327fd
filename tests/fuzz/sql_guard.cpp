// Any text as a statement of a model: what is let through stays so behind a comment, and does not
// stay so with a second statement behind it.

#include "chat/sql_guard.h"

#include <string>

#include "fuzz.h"

using namespace parley;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 60'000) return 0;  // What is added must not make it too long.
  const std::string sql(fuzz::text_of(data, size));
  const auto refusal = chat::refusal_of(sql);
  if (refusal) {
    fuzz::require(!refusal->empty(), "a refusal has a reason");
    return 0;
  }
  fuzz::require(!chat::refusal_of("/* first */ -- then\n" + sql).has_value(),
                "a comment in front changes nothing");
  fuzz::require(chat::refusal_of(sql + "\n; DROP TABLE t").has_value(),
                "a second statement is refused");
  fuzz::require(chat::refusal_of("DROP TABLE t; " + sql).has_value(),
                "a statement in front is refused");
  fuzz::require(chat::refusal_of(sql + "\n/* open").has_value(), "an open comment is refused");
  return 0;
}
