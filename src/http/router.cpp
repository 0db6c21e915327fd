#include "http/router.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "base/log.h"
#include "base/text.h"

namespace parley::http {
namespace {

bool is_parameter(std::string_view segment) { return segment.starts_with('{'); }

std::vector<std::string> segments_of(std::string_view path) { return split(path.substr(1), '/'); }

void check_pattern(std::string_view pattern, const std::vector<std::string>& segments) {
  PARLEY_CHECK(pattern.starts_with('/'));
  for (const auto& segment : segments) {
    const bool has_brace = segment.find_first_of("{}") != std::string::npos;
    PARLEY_CHECK(!has_brace ||
                 (is_parameter(segment) && segment.ends_with('}') && segment.size() > 2));
  }
}

/// True when `path` is `prefix` or lies below it: `/api` holds `/api` and `/api/x`, not `/apix`.
bool lies_under(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return false;
  return prefix.empty() || prefix.ends_with('/') || path.size() == prefix.size() ||
         path[prefix.size()] == '/';
}

/// Cuts the first segment off `rest`, which begins with its slash.
std::string_view take_segment(std::string_view& rest) {
  const std::string_view segment = rest.substr(1, rest.find('/', 1) - 1);
  rest.remove_prefix(1 + segment.size());
  return segment;
}

void read_path_values(const std::vector<std::string>& pattern, Request& request) {
  std::string_view rest = request.path;
  for (const auto& name : pattern) {
    const std::string_view segment = take_segment(rest);
    if (!is_parameter(name)) continue;
    request.path_values.emplace(name.substr(1, name.size() - 2), segment);
  }
}

}  // namespace

struct Router::Match {
  std::string_view method;
  const Entry* entry = nullptr;        ///< The route, when there is one.
  const Entry* get = nullptr;          ///< The path's route for GET, which answers HEAD.
  std::set<std::string_view> allowed;  ///< Without a route: the methods that the path has.
};

Response problem_response(const Problem& problem, const Request& request) {
  Response response = Response::json(problem.status, to_json(problem, request.path));
  response.content_type = "application/problem+json";
  response.headers = problem.headers;
  return response;
}

void Router::add_group(std::string prefix, std::vector<Route> routes, ProblemStyle style,
                       TrailingSlash trailing_slash) {
  groups_.push_back({std::move(prefix), std::move(style), trailing_slash});
  for (auto& route : routes) {
    auto segments = segments_of(route.pattern);
    check_pattern(route.pattern, segments);
    Node* node = &root_;
    for (const auto& segment : segments) {
      auto& next = is_parameter(segment) ? node->parameter : node->texts[segment];
      if (!next) next = std::make_unique<Node>();
      node = next.get();
    }
    for (const Entry* entry : node->entries) PARLEY_CHECK(entry->route.method != route.method);
    body_bytes_max_ = std::max(body_bytes_max_, route.body_bytes_max);
    entries_.push_back({std::move(segments), std::move(route), groups_.size() - 1});
    node->entries.push_back(&entries_.back());
  }
}

/// The path that routes are looked up by.
std::string_view Router::routed_path(std::string_view path) const {
  if (path.size() < 2 || !path.ends_with('/')) return path;
  const Group* group = group_of(path);
  const bool is_ignored = group && group->trailing_slash == TrailingSlash::Ignored;
  return is_ignored ? path.substr(0, path.size() - 1) : path;
}

Router::Match Router::match(const Request& request) const {
  Match match{.method = request.method};
  // `OPTIONS *` and a path that could not be read have no segments.
  if (!request.path.starts_with('/') || find(root_, routed_path(request.path), match)) return match;
  if (match.get) match.allowed.insert("HEAD");
  if (request.method == "HEAD") match.entry = match.get;
  return match;
}

/// Looks below `node` for what fits `rest`, text before parameters; true when the route is found.
bool Router::find(const Node& node, std::string_view rest, Match& match) {
  if (rest.empty()) {
    for (const Entry* entry : node.entries) {
      if (entry->route.method == match.method) {
        match.entry = entry;
        return true;
      }
      if (entry->route.method == "GET" && !match.get) match.get = entry;
      match.allowed.insert(entry->route.method);
    }
    return false;
  }
  const std::string_view segment = take_segment(rest);
  const auto text = node.texts.find(segment);
  if (text != node.texts.end() && find(*text->second, rest, match)) return true;
  return node.parameter && !segment.empty() && find(*node.parameter, rest, match);
}

Problem Router::no_route(const Match& match) const {
  if (match.allowed.empty()) return not_found("There is nothing at this path.");
  const ErrorFacts& facts = facts_of(ErrorCode::MethodNotAllowed);
  const std::vector<std::string> methods(match.allowed.begin(), match.allowed.end());
  const std::string allow = join(methods, ", ");
  return {facts.http_status,
          std::string(facts.name),
          "This path is answered for " + allow + " only.",
          {},
          {{"Allow", allow}}};
}

void Router::handle(std::shared_ptr<Request> request, Responder responder) const {
  const Match found = match(*request);
  if (!found.entry) {
    responder(style_of(request->path)(no_route(found), *request));
    return;
  }
  try {
    read_path_values(found.entry->segments, *request);
    request->route = found.entry->route.pattern;
    found.entry->route.handler(request, responder);
  } catch (...) {
    const Problem problem = logged_problem_of(std::current_exception(), *request);
    responder(groups_[found.entry->group].style(problem, *request));
  }
}

const Router::Group* Router::group_of(std::string_view path) const {
  const Group* best = nullptr;
  for (const auto& group : groups_) {
    if (!lies_under(path, group.prefix)) continue;
    if (!best || group.prefix.size() > best->prefix.size()) best = &group;
  }
  return best;
}

std::size_t Router::body_bytes_max(const Request& request, std::size_t usual) const {
  const Match found = match(request);
  return found.entry ? std::max(found.entry->route.body_bytes_max, usual) : usual;
}

const ProblemStyle& Router::style_of(std::string_view path) const {
  const Group* group = group_of(path);
  return group ? group->style : default_style_;
}

std::vector<const Route*> Router::routes() const {
  std::vector<const Route*> list;
  for (const Entry& entry : entries_) list.push_back(&entry.route);
  std::ranges::sort(list, {}, [](const Route* route) {
    return std::pair<std::string_view, std::string_view>(route->pattern, route->method);
  });
  return list;
}

}  // namespace parley::http
