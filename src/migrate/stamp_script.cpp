#include "migrate/stamp_script.h"

#include <fmt/format.h>

#include "migrate/journal.h"

namespace parley::migrate {
namespace {

std::string create(const schema::Table& table, const dialect::Dialect& dialect) {
  std::string script;
  for (const std::string& statement : dialect.render(schema::CreateTable{table}, {})) {
    script += statement + ";\n\n";
  }
  return script;
}

std::string remove_row(const std::string& revision, const dialect::Dialect& dialect) {
  return fmt::format("DELETE FROM {} WHERE revision = {};\n\n", schema::table_name<RevisionRow>(),
                     dialect.literal(revision));
}

std::string delete_all(const std::string& history, const Marker& marker,
                       const dialect::Dialect& dialect) {
  const auto table = marker.table();
  return (table ? fmt::format("DELETE FROM {};\n\n", table->name) : "") +
         fmt::format("DELETE FROM {} WHERE history = {};\n\n", schema::table_name<RevisionRow>(),
                     dialect.literal(history));
}

std::string add_row(const Revision& revision, const dialect::Dialect& dialect,
                    const std::string& tool_version, Timestamp now) {
  return fmt::format(
      "INSERT INTO {} (revision, history, checksum, checksum_version, content, tool_version, "
      "applied_at) VALUES ({}, {}, {}, {}, {}, {}, {});\n\n",
      schema::table_name<RevisionRow>(), dialect.literal(revision.id),
      dialect.literal(revision.history), dialect.literal(checksum_of(revision)), kChecksumVersion,
      dialect.literal(to_yaml(revision)), dialect.literal(tool_version),
      dialect.literal(format_sql(now)));
}

std::string move_marker(const std::vector<std::string>& before,
                        const std::vector<std::string>& after, const Marker& marker,
                        const dialect::Dialect& dialect) {
  const auto table = marker.table();
  if (!table) return {};
  const std::string& column = table->columns.front().name;
  std::string script;
  for (const std::string& id : before) {
    script +=
        fmt::format("DELETE FROM {} WHERE {} = {};\n\n", table->name, column, dialect.literal(id));
  }
  for (const std::string& id : after) {
    script += fmt::format("INSERT INTO {} ({}) VALUES ({});\n\n", table->name, column,
                          dialect.literal(id));
  }
  return script;
}

}  // namespace

std::string record_tables_script(const Marker& marker, const dialect::Dialect& dialect) {
  const auto table = marker.table();
  return (table ? create(*table, dialect) : "") + create(schema::to_table<RevisionRow>(), dialect);
}

std::string stamp_script(const NamespaceDefinition& definition, const StampScript& wanted,
                         const dialect::Dialect& dialect) {
  const History& graph = definition.graph;
  const Applied target = graph.stamped(wanted.expressions, wanted.from, wanted.history);
  std::string script;
  if (wanted.record == Record::Unknown) {
    script += delete_all(wanted.history, definition.marker, dialect);
  } else if (wanted.from.empty()) {
    script += record_tables_script(definition.marker, dialect);
  }
  for (const Revision& revision : graph.revisions()) {
    const bool is_wanted = target.contains(revision.id);
    const bool is_recorded = wanted.from.contains(revision.id);
    if (is_recorded && !is_wanted) script += remove_row(revision.id, dialect);
    if (is_wanted && !is_recorded) {
      script += add_row(revision, dialect, wanted.tool_version, wanted.now);
    }
  }
  const std::string& core = definition.core().name;
  return script + move_marker(graph.marker(wanted.from, core), graph.marker(target, core),
                              definition.marker, dialect);
}

}  // namespace parley::migrate
