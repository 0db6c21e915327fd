#pragma once

// The OpenAPI 3.1 document of a server, made from its routes: there is no second list of them. Pure,
// but for the route that serves it; any thread.

#include <string>

#include "base/json.h"
#include "http/router.h"

namespace parley::http {

struct ApiInfo {
  std::string title;
  std::string version;
  std::string description;
};

/// The document of all routes of `router` that have an operation. A schema with a name
/// (`json_schema::named`) is written once, under components, and referred to. Requires: operations
/// have ids of their own, and schemas of one name are equal.
JsonObject openapi_document(const Router& router, const ApiInfo& info);

/// `GET /openapi.json`, for everybody. The document is made at the first request, when `router` has
/// all its routes. Requires: `router` outlives the use of the route.
Route openapi_route(const Router& router, ApiInfo info);

}  // namespace parley::http
