// A revision file is refused with its position, or read into what can be written and read again.

#include "fuzz.h"
#include "migrate/revision.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley::migrate;
  Revision revision;
  const auto read = [&] {
    revision = parse_revision(parley::fuzz::text_of(data, size), "file.yaml");
  };
  if (!parley::fuzz::succeeds(read, {parley::ErrorCode::InvalidRevisionFile})) return 0;
  Revision again = parse_revision(to_yaml(revision), "file.yaml");
  parley::fuzz::require(again == revision, "what was read can be written and means the same");
  parley::fuzz::require(checksum_of(again) == checksum_of(revision), "and has the same checksum");
  return 0;
}
