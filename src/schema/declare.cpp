#include "schema/declare.h"

#include "base/overloaded.h"

namespace parley::schema {

namespace detail {

std::optional<Default> to_default(const DefaultWord& word) {
  using Result = std::optional<Default>;
  return std::visit(
      overloaded{
          [](std::monostate) -> Result { return std::nullopt; },
          [](bool value) -> Result { return value; },
          [](std::int64_t value) -> Result { return Number{std::to_string(value)}; },
          [](NumberWord value) -> Result { return Number{std::string(value.digits)}; },
          [](std::string_view value) -> Result { return std::string(value); },
          [](JsonWord value) -> Result { return std::string(value.text); },
          [](CurrentTimestamp value) -> Result { return value; },
      },
      word);
}

Json null_as(const DefaultWord& word) {
  return std::visit(overloaded{
                        [](std::monostate) -> Json { return nullptr; },
                        [](bool value) -> Json { return value; },
                        [](std::int64_t value) -> Json { return value; },
                        [](NumberWord value) -> Json { return parse_json(value.digits); },
                        [](std::string_view value) -> Json { return json::string(value); },
                        [](JsonWord value) -> Json { return parse_json(value.text); },
                        [](CurrentTimestamp) -> Json { return nullptr; },
                    },
                    word);
}

}  // namespace detail

}  // namespace parley::schema
