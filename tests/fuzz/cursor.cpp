// A cursor that a client made up is either none, or a place that is written as it was read.

#include "api/event_feed.h"
#include "fuzz.h"
#include "store/event_log.h"

namespace {

using parley::fuzz::require;
using parley::store::Cursor;

/// What is left of a log whose older events have gone.
const parley::store::LogState kLog{.end = {.epoch = "e", .offset = 40}, .first_offset = 20};

void require_same_when_written_again(std::string_view text) {
  const std::optional<Cursor> cursor = Cursor::parse(text);
  if (!cursor) return;
  require(!cursor->epoch.empty() && cursor->offset >= 0, "a cursor is a place");
  require(cursor->epoch.find(':') == std::string::npos, "an epoch has no colon");
  const std::optional<Cursor> again = Cursor::parse(cursor->text());
  require(again && *again == *cursor, "what was read can be written");
}

void require_beginning_in_log(std::string_view text) {
  const auto beginning = parley::api::beginning_of(kLog, std::string(text));
  require(beginning.at.epoch == kLog.end.epoch, "reading begins in this log");
  require(beginning.at.offset + 1 >= kLog.first_offset && beginning.at.offset <= kLog.end.offset,
          "where events are");
  if (!beginning.recovered) return require(beginning.at == kLog.end, "or at its end");
  require(Cursor::parse(text) == beginning.at, "and only a cursor that was given is recovered");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = parley::fuzz::text_of(data, size);
  require_same_when_written_again(text);
  require_beginning_in_log(text);
  return 0;
}
