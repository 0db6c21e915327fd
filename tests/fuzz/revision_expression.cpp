// An expression that names revisions is resolved to revisions there are, or refused.

#include <algorithm>

#include "fuzz.h"
#include "migrate/history_test_graphs.h"

namespace {

using namespace parley::migrate;
using parley::ErrorCode;

constexpr std::initializer_list<ErrorCode> kRefusals = {ErrorCode::RevisionNotFound,
                                                        ErrorCode::MultipleHeads};

const History& graph_of(std::uint8_t choice) {
  static const History graphs[] = {line(), branch(), diamond(), two_bases(), cross_dependency()};
  return graphs[choice % std::size(graphs)];
}

/// What may have been applied: revisions chosen by the bits, with all that they stand on.
Applied applied_of(const History& graph, std::uint8_t bits) {
  Applied applied;
  for (std::size_t i = 0; i < graph.revisions().size(); ++i) {
    if ((bits >> i & 1) != 0) applied.merge(graph.with_ancestors(graph.revisions()[i].id));
  }
  return applied;
}

void resolve(const History& graph, const Applied& applied, std::string_view expression) {
  parley::fuzz::succeeds([&] { graph.resolve(expression, applied, {}); }, kRefusals);
  parley::fuzz::succeeds([&] { graph.range(expression, {}, applied, {}); }, kRefusals);
  parley::fuzz::succeeds([&] { graph.range({}, expression, applied, {}); }, kRefusals);
  parley::fuzz::succeeds(
      [&] {
        const auto targets = graph.resolve_upgrade(expression, applied, {});
        for (const std::string& id : targets)
          parley::fuzz::require(graph.find(id) != nullptr, "a target is a revision");
        graph.upgrade_path(targets, applied);
      },
      kRefusals);
  parley::fuzz::succeeds(
      [&] {
        for (const Revision* undone : graph.downgrade_path(expression, applied, {}))
          parley::fuzz::require(applied.contains(undone->id), "only what is applied is undone");
      },
      kRefusals);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view expression = parley::fuzz::text_of(data, size);
  const History& graph = graph_of(parley::fuzz::take_byte(expression));
  resolve(graph, applied_of(graph, parley::fuzz::take_byte(expression)), expression);
  return 0;
}
