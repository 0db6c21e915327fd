#include "leads/row_fields.h"

namespace parley::leads {

std::optional<Json> RowReader::container(std::string_view field, const Json& fresh) {
  if (fresh.is_array()) {
    const std::optional<json::array> list = body_.optional_array(field);
    return list ? std::optional<Json>(*list) : std::nullopt;
  }
  const std::optional<JsonObject> object = body_.optional_object(field);
  return object ? std::optional<Json>(*object) : std::nullopt;
}

}  // namespace parley::leads
