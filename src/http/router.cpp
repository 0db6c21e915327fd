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

/// Text before parameters at the first difference; two parameters are alike whatever their names.
bool better_segment(const std::string& a, const std::string& b) {
  if (is_parameter(a) || is_parameter(b)) return !is_parameter(a) && is_parameter(b);
  return a < b;
}

bool better_segments(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), better_segment);
}

bool same_shape(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return !better_segments(a, b) && !better_segments(b, a);
}

bool segment_fits(const std::string& pattern, const std::string& segment) {
  return is_parameter(pattern) ? !segment.empty() : pattern == segment;
}

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  return std::equal(pattern.begin(), pattern.end(), path.begin(), path.end(), segment_fits);
}

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

void read_path_values(const std::vector<std::string>& pattern,
                      const std::vector<std::string>& segments, Request& request) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!is_parameter(pattern[i])) continue;
    request.path_values.emplace(pattern[i].substr(1, pattern[i].size() - 2), segments[i]);
  }
}

}  // namespace

struct Router::Match {
  std::vector<std::string> segments;
  const Entry* entry = nullptr;   ///< The route, when there is one.
  std::set<std::string> allowed;  ///< Without a route: the methods that the path has.
};

Response problem_response(const Problem& problem, const Request& request) {
  Response response = Response::json(problem.status, to_json(problem, request.path));
  response.content_type = "application/problem+json";
  response.headers = problem.headers;
  return response;
}

void Router::add_group(std::string prefix, std::vector<Route> routes, ProblemStyle style) {
  groups_.push_back({std::move(prefix), std::move(style)});
  for (auto& route : routes) {
    auto segments = segments_of(route.pattern);
    check_pattern(route.pattern, segments);
    for (const auto& entry : entries_) {
      PARLEY_CHECK(entry.route.method != route.method || !same_shape(entry.segments, segments));
    }
    entries_.push_back({std::move(segments), std::move(route), groups_.size() - 1});
  }
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return better_segments(a.segments, b.segments); });
}

Router::Match Router::match(const Request& request) const {
  Match match;
  // `OPTIONS *` and a path that could not be read have no segments.
  if (!request.path.starts_with('/')) return match;
  match.segments = segments_of(request.path);
  const Entry* get = nullptr;
  for (const auto& entry : entries_) {
    if (!fits(entry.segments, match.segments)) continue;
    if (entry.route.method == request.method) {
      match.entry = &entry;
      return match;
    }
    if (entry.route.method == "GET" && !get) get = &entry;
    match.allowed.insert(entry.route.method);
  }
  if (get) match.allowed.insert("HEAD");
  if (request.method == "HEAD") match.entry = get;
  return match;
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
    read_path_values(found.entry->segments, found.segments, *request);
    found.entry->route.handler(request, responder);
  } catch (...) {
    const Problem problem = logged_problem_of(std::current_exception(), *request);
    responder(groups_[found.entry->group].style(problem, *request));
  }
}

const ProblemStyle& Router::style_of(std::string_view path) const {
  const Group* best = nullptr;
  for (const auto& group : groups_) {
    if (!lies_under(path, group.prefix)) continue;
    if (!best || group.prefix.size() > best->prefix.size()) best = &group;
  }
  return best ? best->style : default_style_;
}

std::vector<std::pair<std::string, std::string>> Router::routes() const {
  std::vector<std::pair<std::string, std::string>> list;
  for (const auto& entry : entries_) list.emplace_back(entry.route.method, entry.route.pattern);
  std::sort(list.begin(), list.end());
  return list;
}

}  // namespace parley::http
