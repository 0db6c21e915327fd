#pragma once

// A request and an answer as plain values, and the problem object of every error. No word of the
// network library: handlers and tests need only this. Values; any thread.

#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace parley::http {

struct Request {
  std::string method;                        ///< Upper case.
  std::string path;                          ///< Percent-decoded, without the query.
  std::map<std::string, std::string> query;  ///< Percent-decoded; the last of equal names wins.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string peer;  ///< Address of the other end, without the port.
  bool peer_is_loopback = false;
  std::string id;  ///< The request id, also in the log and in `X-Request-Id`.
  std::map<std::string, std::string, std::less<>>
      path_values;  ///< Of the route's `{name}` segments.
  /// The pattern of the route that answers; empty when there is none. Lives as long as the router.
  std::string_view route;

  /// The value of a header, any letter case; empty when absent.
  std::string_view header(std::string_view name) const;
};

class Channel;
class ChannelListener;

enum class ChannelKind { WebSocket, EventStream };

/// A connection to be kept for telling the client what happens; see channel.h. `open` is called
/// once on the I/O thread when the client has been answered, must not block, and may return null:
/// nobody listens then.
struct ChannelOffer {
  ChannelKind kind = ChannelKind::WebSocket;
  std::function<std::shared_ptr<ChannelListener>(std::shared_ptr<Channel>)> open;
};

/// Gives the next piece of a body, which is the end of it when it is empty. Called at most once,
/// from any thread; when it is dropped instead, the answer is cut off, so that the client sees that
/// it is not whole.
using GivePiece = std::function<void(std::string)>;

/// Asks for the next piece. Called on the I/O thread when the client has taken the one before, so
/// that neither a long body nor a slow client costs memory. Must not block.
using BodySource = std::function<void(GivePiece)>;

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type = "application/json";
  std::string body;
  /// With it the body is made while it is sent; `body` is empty then. Never asked for a HEAD.
  BodySource body_source;
  /// With it the answer has no body and opens a channel instead. A request that cannot become a
  /// WebSocket is answered with 426 or 400.
  std::optional<ChannelOffer> open_channel;
  /// Called when the answer could not be handed to the client, because its connection was gone. On
  /// the I/O thread; must not block. May be empty.
  std::function<void()> on_undelivered;

  static Response json(int status, const Json& body);

  /// The same of a text that is JSON already.
  static Response of_text(int status, std::string json_text);

  /// An answer that opens a channel. A handler authenticates first.
  static Response channel(ChannelOffer offer);

  /// The value of a header, any letter case; empty when absent.
  std::string_view header(std::string_view name) const;
};

/// One wrong field of a request: where (JSON pointer, RFC 6901), a stable code, and a text for
/// people.
struct FieldError {
  std::string pointer;
  std::string code;
  std::string message;
};

/// An answer with status ≥ 400 (RFC 9457). Thrown by handlers; `detail` is read by strangers.
struct Problem {
  int status = 500;
  std::string code;  ///< Stable, snake_case.
  std::string detail;
  std::vector<FieldError> errors;
  std::vector<std::pair<std::string, std::string>>
      headers;  ///< Allow, Retry-After, WWW-Authenticate…
};

Problem bad_request(std::string detail);
Problem unauthenticated(std::string detail);
Problem forbidden(std::string detail);
Problem not_found(std::string detail);
Problem conflict(std::string code, std::string detail);
Problem invalid_field(std::string pointer, std::string code, std::string message);

/// The problem that a stranger may see for an exception: a `Problem` as it is; an `Error` with
/// status and code of its row in the error table; anything else as `internal`. The message of an
/// `Error` becomes `detail` when its code says that the caller asked for something impossible
/// (InvalidArgument, Unauthenticated, Forbidden, NotFound, MethodNotAllowed, Conflict,
/// PayloadTooLarge, Unprocessable, TooManyRequests): our own code throws these with a text for
/// people. For every other code, the database's included, `detail` is the row's public text.
/// Requires: `error` is not null.
Problem problem_of(std::exception_ptr error);

/// `problem_of`, and what the stranger may not see goes to the log with the request's id: the
/// message of an error that is not the caller's. For answering an exception that ended a request.
Problem logged_problem_of(std::exception_ptr error, const Request& request);

/// The reason phrase of a status (RFC 9110 section 15): "Not Found"; "Unknown" for one that has
/// none.
std::string_view reason_of(int status);

/// The problem as a JSON object: type, title, status, code, instance, detail, message and, when
/// there are any, errors.
JsonObject to_json(const Problem& problem, std::string_view instance);

}  // namespace parley::http
