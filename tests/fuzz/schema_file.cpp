// A schema file is refused with its position, or read into what can be written and read again.

#include "migrate/schema_file.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley::migrate;
  SchemaFile file;
  const auto read = [&] {
    file = parse_schema_file(parley::fuzz::text_of(data, size), "schema.yaml");
  };
  if (!parley::fuzz::succeeds(read, {parley::ErrorCode::InvalidRevisionFile})) return 0;
  const SchemaFile again = parse_schema_file(to_yaml(file.schema), "schema.yaml");
  parley::fuzz::require(again.schema == file.schema, "what was read can be written again");
  return 0;
}
