#pragma once

// Graphs for the tests of History: one function per shape.

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "migrate/history.h"

namespace parley::migrate {

inline Revision node(std::string id, std::vector<std::string> parents = {},
                     std::vector<std::string> depends_on = {}, std::string history = "") {
  return Revision{.id = id,
                  .down_revisions = std::move(parents),
                  .depends_on = std::move(depends_on),
                  .message = "step " + id,
                  .history = std::move(history),
                  .file = id + ".yaml"};
}

inline Revision labelled(Revision revision, std::string label) {
  revision.branch_labels = {std::move(label)};
  return revision;
}

/// aaaa1 ← bbbb2 ← cccc3
inline History line() {
  return History({node("aaaa1"), node("bbbb2", {"aaaa1"}), node("cccc3", {"bbbb2"})});
}

/// aaaa1 ← bbbb2 ← dddd4 (label left), aaaa1 ← cccc3 ← eeee5 (label right)
inline History branch() {
  return History({node("aaaa1"), labelled(node("bbbb2", {"aaaa1"}), "left"),
                  labelled(node("cccc3", {"aaaa1"}), "right"), node("dddd4", {"bbbb2"}),
                  node("eeee5", {"cccc3"})});
}

/// aaaa1 ← bbbb2, cccc3 ← dddd4
inline History diamond() {
  return History({node("aaaa1"), node("bbbb2", {"aaaa1"}), node("cccc3", {"aaaa1"}),
                  node("dddd4", {"bbbb2", "cccc3"})});
}

/// aaaa1 ← bbbb2 (label one); cccc3 ← dddd4 (label two)
inline History two_bases() {
  return History({labelled(node("aaaa1"), "one"), node("bbbb2", {"aaaa1"}),
                  labelled(node("cccc3"), "two"), node("dddd4", {"cccc3"})});
}

/// aaaa1 ← bbbb2 (label one); cccc3 ← dddd4 (label two), where dddd4 depends on bbbb2
inline History cross_dependency() {
  return History({labelled(node("aaaa1"), "one"), node("bbbb2", {"aaaa1"}),
                  labelled(node("cccc3"), "two"), node("dddd4", {"cccc3"}, {"bbbb2"})});
}

inline std::vector<std::string> ids(const std::vector<const Revision*>& path) {
  std::vector<std::string> found;
  for (const Revision* revision : path) found.push_back(revision->id);
  return found;
}

/// The error that `action` throws, as code and text.
template <class Action>
std::pair<ErrorCode, std::string> error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  return {ErrorCode::Internal, "nothing was thrown"};
}

}  // namespace parley::migrate
