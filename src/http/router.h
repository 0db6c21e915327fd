#pragma once

// From method and path to a handler. Routes are grouped by module; a group says how its errors
// look. Filled before the server starts, then only read; handlers are called on I/O threads and
// must not block: they hand their work to a store and answer through the `Responder`.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "http/operation.h"

namespace parley::http {

/// Sends the answer of one request. Called once, from any thread, inside the handler or later;
/// calling it after the client or the server has gone is harmless, a second call is ignored. A
/// request whose responder is destroyed without a call is answered with 500.
using Responder = std::function<void(Response)>;
using Handler = std::function<void(std::shared_ptr<Request>, Responder)>;

/// How a module answers a problem.
using ProblemStyle = std::function<Response(const Problem&, const Request&)>;

/// The server's own style: application/problem+json.
Response problem_response(const Problem& problem, const Request& request);

struct Route {
  std::string method;
  std::string pattern;  ///< `/api/v1/live-agent/sessions/{id}`.
  Handler handler;
  Operation operation = {};        ///< For the document; without an id the route is left out of it.
  std::size_t body_bytes_max = 0;  ///< Where it takes more than the server's usual; 0: it does not.
};

/// Whether `/leads/` is another path than `/leads`, for which a group has a route.
enum class TrailingSlash { Significant, Ignored };

class Router {
 public:
  /// Adds routes; those that share `prefix` with a path that has no route answer 404 and 405 in
  /// `style`. A handler's thrown Problem or Error is answered in `style` as well. A `{name}` stands
  /// for one segment that is not empty; where two patterns fit, the one with text at the first
  /// difference wins, whatever the order they were added in. Requires: patterns begin with `/`, and
  /// no route of the same method and shape exists.
  void add_group(std::string prefix, std::vector<Route> routes,
                 ProblemStyle style = problem_response,
                 TrailingSlash trailing_slash = TrailingSlash::Significant);

  /// Answers the request: by its route, or 404 (`not_found`), or 405 with `Allow` when the path has
  /// other methods. HEAD is answered as GET (the server leaves the body out). Never throws.
  void handle(std::shared_ptr<Request> request, Responder responder) const;

  /// The style that the path's group answers problems in; for errors found before routing (413,
  /// 400).
  const ProblemStyle& style_of(std::string_view path) const;

  /// The largest body that the route of the request takes, `usual` or more.
  std::size_t body_bytes_max(const Request& request, std::size_t usual) const;

  /// The largest that any route names.
  std::size_t body_bytes_max() const { return body_bytes_max_; }

  /// Every route, sorted by pattern and method. They live as long as the router.
  std::vector<const Route*> routes() const;

 private:
  struct Group {
    std::string prefix;
    ProblemStyle style;
    TrailingSlash trailing_slash;
  };
  struct Entry {
    std::vector<std::string> segments;  ///< Of the pattern; `{name}` with its braces.
    Route route;
    std::size_t group;
  };
  /// All routes whose patterns begin alike.
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> texts;
    std::unique_ptr<Node> parameter;
    std::vector<const Entry*> entries;  ///< Whose pattern ends here: one per method.
  };
  struct Match;

  const Group* group_of(std::string_view path) const;
  std::string_view routed_path(std::string_view path) const;
  Match match(const Request& request) const;
  static bool find(const Node& node, std::string_view rest, Match& match);
  Problem no_route(const Match& match) const;

  std::vector<Group> groups_;
  std::deque<Entry> entries_;
  Node root_;
  ProblemStyle default_style_ = problem_response;
  std::size_t body_bytes_max_ = 0;
};

/// A handler made of a plain function (request, connection) → response that runs on `submit`, which
/// is a store's `read` or `write`: the answer leaves only after `done`, so a 2xx of a write is on
/// disk. Exceptions are answered in `style`.
template <class Submit, class Function>
Handler deferred(Submit submit, Function function, ProblemStyle style) {
  return [submit, function, style](std::shared_ptr<Request> request, Responder responder) {
    auto response = std::make_shared<Response>();
    submit([request, response,
            function](auto& connection) { *response = function(*request, connection); },
           [request, response, responder, style](std::exception_ptr error) {
             responder(error ? style(logged_problem_of(error, *request), *request)
                             : std::move(*response));
           });
  };
}

}  // namespace parley::http
