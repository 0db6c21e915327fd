#pragma once

// Checks an OpenAPI document for itself, and what a server answers against it. Values that are not
// changed after construction; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "support/http_client.h"

namespace parley::test {

class OpenApiCheck {
 public:
  explicit OpenApiCheck(Json document) : document_(std::move(document)) {}

  /// What OpenAPI 3.1 does not allow in the document; empty when it is well formed.
  std::vector<std::string> mistakes() const;

  /// `GET /path` of every operation, sorted.
  std::vector<std::string> operations() const;

  /// In what an exchange is other than the document says: a status that is not described, a body
  /// that is not valid, a field that is not described, a request that succeeded although its body
  /// is not valid or its query is not described. `default` stands only for what the server may
  /// answer to any request. A path or method that the document does not have must be answered
  /// with 404 or 405.
  std::vector<std::string> mismatches(std::string_view method, std::string_view target,
                                      std::string_view body, const HttpAnswer& answer) const;

 private:
  const JsonObject& paths() const;
  /// The path item whose template fits; null when none does.
  const JsonObject* path_item(std::string_view path) const;

  Json document_;
};

}  // namespace parley::test
