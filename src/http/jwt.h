#pragma once

// Signed tokens (RFC 7519) with the one algorithm that Parley makes and accepts: HS256, one secret
// per module. What the claims mean (issuer, subject, role) is the caller's business. Pure
// functions; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/json.h"

namespace parley::http {

/// Why a token is not accepted. For the log and for tests: a client learns no more than "401".
enum class JwtRefusal {
  Malformed,    ///< Not three base64url parts of JSON objects, a time claim that is no number, or
                ///< `crit`.
  Algorithm,    ///< `alg` is anything but HS256, `none` included.
  Signature,    ///< Not signed with this secret.
  Expired,      ///< `exp` is not in the future.
  NotYetValid,  ///< `nbf` is in the future.
};

/// The claims as a signed token. Requires: `secret` is not empty.
std::string sign_jwt(const JsonObject& claims, std::string_view secret);

/// The claims of a token that is signed with `secret` and valid at `now`, else the reason. A token
/// without `exp` does not expire (RFC 7519 section 4.1.4: optional); who insists on one looks for
/// it in the claims. Requires: `secret` is not empty.
std::variant<JsonObject, JwtRefusal> verify_jwt(std::string_view token, std::string_view secret,
                                                Timestamp now);

/// What speaks against verified claims at `now`: Expired, NotYetValid, or Malformed for a time that
/// is no number.
std::optional<JwtRefusal> refusal_in_time(const JsonObject& claims, Timestamp now);

}  // namespace parley::http
