#pragma once

// What a route does, for those who write clients: a value beside the route's handler. `openapi.h`
// makes the document of a server from the operations of its routes. Schemas are made with
// `base/json_schema.h`. Values; any thread.

#include <string>
#include <vector>

#include "base/json.h"

namespace parley::http {

struct Parameter {
  enum class Place { Path, Query, Header };

  Place place = Place::Query;
  std::string name;
  JsonObject schema;
  std::string meaning = {};  ///< One sentence, where the name does not say it all.
};

/// One answer of a route.
struct Answer {
  int status = 200;
  std::string meaning;
  JsonObject schema = {};  ///< Of the body; empty: the answer has none.
  std::string content_type = "application/json";
};

/// How a route's problems look.
struct ProblemShape {
  std::string content_type;
  JsonObject schema;
};

/// That of `problem_response`: the problem object of `to_json(const Problem&)`.
ProblemShape problem_shape();

enum class Access { Public, Token };

struct Operation {
  std::string id;  ///< Unique, a verb and its object: what generators call the function.
  std::string summary;
  std::string tag;
  Access access = Access::Token;
  std::vector<Parameter> parameters = {};
  JsonObject body = {};  ///< The schema of the request's body; empty: the route reads none.
  std::vector<Answer> answers = {};
  std::vector<int> problems = {};  ///< The statuses that this route answers problems with.
  ProblemShape problem = problem_shape();
};

}  // namespace parley::http
