#include "migrate/foreign_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "migrate/python_assignments.h"

namespace parley::migrate {
namespace {

using database::text_of;
using Revisions = std::vector<ForeignRevision>;

constexpr std::string_view kAlembicTable = "alembic_version";
constexpr std::string_view kFlywayTable = "flyway_schema_history";
constexpr std::string_view kDbmateTable = "schema_migrations";

[[noreturn]] void refuse(const std::string& what, const std::string& way_out) {
  throw Error(ErrorCode::RefusedForSafety, what, way_out + " Nothing was changed.");
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder,
                                            std::string_view ending) {
  std::error_code failure;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
    if (entry.path().extension() == ending) files.push_back(entry.path());
  }
  if (failure) {
    throw Error(ErrorCode::FileSystem,
                fmt::format("{} cannot be read: {}", folder.string(), failure.message()),
                "Correct the folder in --from.");
  }
  std::ranges::sort(files);
  return files;
}

void refuse_pending(std::string_view tool, const std::vector<std::string>& pending,
                    const std::string& command) {
  if (pending.empty()) return;
  refuse(fmt::format("{} has migrations that this database lacks: {}", tool, join(pending, ", ")),
         fmt::format("Apply them with {} first ({}), or move their files away.", tool, command));
}

// Alembic: the files form a graph, the table names its newest revisions.

struct AlembicFile {
  ForeignRevision revision;
  std::vector<std::string> needs;  ///< Parents and dependencies.
};
using AlembicFiles = std::map<std::string, AlembicFile>;

AlembicFiles read_alembic_files(const std::filesystem::path& folder) {
  AlembicFiles files;
  for (const auto& file : files_in(folder, ".py")) {
    std::ifstream stream(file);
    const std::string python{std::istreambuf_iterator<char>(stream), {}};
    const auto id = assigned_strings(python, "revision");
    if (!id || id->empty()) continue;
    AlembicFile read{.revision = {.id = id->front(), .message = docstring_title(python)}};
    for (const char* name : {"down_revision", "depends_on"}) {
      for (std::string& need :
           assigned_strings(python, name).value_or(std::vector<std::string>())) {
        read.needs.push_back(std::move(need));
      }
    }
    files[id->front()] = std::move(read);
  }
  return files;
}

/// What `id` stands on, itself last. A dependency on a label is not followed.
void add_line(const AlembicFiles& files, const std::string& id, std::set<std::string>& seen,
              Revisions& line) {
  const auto found = files.find(id);
  if (found == files.end() || !seen.insert(id).second) return;
  for (const std::string& need : found->second.needs) add_line(files, need, seen, line);
  line.push_back(found->second.revision);
}

Revisions alembic_line(const std::filesystem::path& folder, const std::string& head) {
  const AlembicFiles files = read_alembic_files(folder);
  if (!files.contains(head)) {
    throw Error(ErrorCode::RevisionNotFound,
                fmt::format("Can't locate revision identified by '{}'", head),
                fmt::format("alembic_version of this database names it, but no file of {} has it. "
                            "Nothing was changed.",
                            folder.string()));
  }
  std::set<std::string> seen;
  Revisions line;
  add_line(files, head, seen, line);
  std::vector<std::string> pending;
  for (const auto& [id, file] : files) {
    if (!seen.contains(id)) pending.push_back(id);
  }
  refuse_pending("Alembic", pending, "alembic upgrade heads");
  return line;
}

Revisions read_alembic(database::Connection& connection, const std::filesystem::path& folder) {
  std::vector<std::string> heads;
  for (const auto& row :
       database::query(connection, "SELECT version_num FROM alembic_version ORDER BY 1")) {
    heads.push_back(text_of(row[0]));
  }
  if (heads.empty()) return {};
  if (heads.size() > 1) {
    refuse("alembic_version names several heads: " + join(heads, ", "),
           "Merge them first: alembic merge heads, then alembic upgrade head.");
  }
  if (!folder.empty()) return alembic_line(folder, heads.front());
  return {{.id = heads.front()}};
}

// Flyway: a row per migration that was ever tried.

struct FlywayRow {
  std::string version;  ///< Empty for a repeatable migration.
  std::string description;
  std::string type;
  std::string script;
  bool has_succeeded = false;
};

/// `1.10` comes after `1.9`.
std::vector<std::string> version_parts(std::string_view version) {
  std::string dotted(version);
  std::ranges::replace(dotted, '_', '.');
  std::vector<std::string> parts = split(dotted, '.');
  for (std::string& part : parts) {
    part.erase(0, std::min(part.find_first_not_of('0'), part.size()));
    part.insert(0, part.size() < 20 ? 20 - part.size() : 0, '0');
  }
  const std::string zero(20, '0');
  while (!parts.empty() && parts.back() == zero) parts.pop_back();
  return parts;
}

std::vector<FlywayRow> flyway_rows(database::Connection& connection) {
  std::vector<FlywayRow> rows;
  for (const auto& row : database::query(
           connection,
           "SELECT version, description, type, script, success FROM flyway_schema_history "
           "ORDER BY installed_rank")) {
    rows.push_back({.version = text_of(row[0]),
                    .description = text_of(row[1]),
                    .type = text_of(row[2]),
                    .script = text_of(row[3]),
                    .has_succeeded = database::truth_of(row[4])});
  }
  return rows;
}

/// What became of each script in the end: the last row counts, and an undo takes its version away.
std::map<std::vector<std::string>, FlywayRow> flyway_versions(std::vector<FlywayRow> rows) {
  std::map<std::vector<std::string>, FlywayRow> versions;
  std::map<std::string, FlywayRow> repeatables;
  for (FlywayRow& row : rows) {
    if (row.type == "DELETE" || row.type.starts_with("UNDO")) {
      versions.erase(version_parts(row.version));
    } else if (!row.version.empty()) {
      versions[version_parts(row.version)] = row;
    } else {
      repeatables[row.script] = row;
    }
  }
  const auto require_success = [](const FlywayRow& row) {
    if (row.has_succeeded) return;
    refuse(fmt::format("Flyway's migration {} failed on this database (success is 0 in {})",
                       row.script, kFlywayTable),
           "Mend it with Flyway first: flyway repair, then flyway migrate.");
  };
  for (const auto& [parts, row] : versions) require_success(row);
  for (const auto& [script, row] : repeatables) require_success(row);
  return versions;
}

/// The version in `V1_2__add_x.sql`; empty for what is no such file.
std::string flyway_file_version(const std::string& name) {
  const std::size_t end = name.find("__");
  const bool is_versioned = name.starts_with('V') && end != std::string::npos && end > 1;
  return is_versioned ? name.substr(1, end - 1) : "";
}

Revisions read_flyway(database::Connection& connection, const std::filesystem::path& folder) {
  const auto versions = flyway_versions(flyway_rows(connection));
  Revisions applied;
  std::vector<std::string> below;
  for (const auto& [parts, row] : versions) {
    if (row.type == "BASELINE") below = parts;
    applied.push_back({.id = row.version, .message = row.description});
  }
  if (folder.empty()) return applied;
  std::vector<std::string> pending;
  for (const auto& file : files_in(folder, ".sql")) {
    const std::string version = flyway_file_version(file.filename().string());
    const auto parts = version_parts(version);
    if (!version.empty() && !versions.contains(parts) && !(parts <= below)) {
      pending.push_back(file.filename().string());
    }
  }
  refuse_pending("Flyway", pending, "flyway migrate");
  return applied;
}

// dbmate: a row per migration that is applied.

std::string dbmate_file_version(const std::string& name) {
  return name.substr(0, std::min(name.find_first_not_of("0123456789"), name.size()));
}

Revisions read_dbmate(database::Connection& connection, const std::filesystem::path& folder) {
  std::map<std::string, ForeignRevision> applied;
  for (const auto& row :
       database::query(connection, "SELECT version FROM schema_migrations ORDER BY version")) {
    applied[text_of(row[0])] = {.id = text_of(row[0])};
  }
  std::vector<std::string> pending;
  if (!folder.empty()) {
    for (const auto& file : files_in(folder, ".sql")) {
      const std::string version = dbmate_file_version(file.filename().string());
      if (version.empty()) continue;
      const auto known = applied.find(version);
      if (known == applied.end()) {
        pending.push_back(file.filename().string());
      } else {
        std::string words = file.stem().string().substr(version.size());
        std::ranges::replace(words, '_', ' ');
        known->second.message = trim(words);
      }
    }
  }
  refuse_pending("dbmate", pending, "dbmate migrate");
  Revisions line;
  for (auto& [version, revision] : applied) line.push_back(std::move(revision));
  return line;
}

/// Rails has a table of that name, too; whoever has more columns in it is neither.
bool is_dbmate_table(const schema::Table& table) {
  return table.name == kDbmateTable && table.columns.size() == 1 &&
         table.columns.front().name == "version";
}

}  // namespace

std::string_view name_of(ForeignTool tool) {
  switch (tool) {
    case ForeignTool::Alembic: return "Alembic";
    case ForeignTool::Flyway: return "Flyway";
    case ForeignTool::Dbmate: return "dbmate";
  }
  return "";
}

std::optional<ForeignHistory> read_foreign_history(database::Connection& connection,
                                                   const schema::Schema& tables,
                                                   const std::filesystem::path& files) {
  std::vector<ForeignHistory> found;
  for (const schema::Table& table : tables.tables) {
    ForeignHistory history{.table = table.name};
    if (table.name == kAlembicTable) {
      history.applied = read_alembic(connection, files);
    } else if (table.name == kFlywayTable) {
      history.tool = ForeignTool::Flyway;
      history.applied = read_flyway(connection, files);
    } else if (is_dbmate_table(table)) {
      history.tool = ForeignTool::Dbmate;
      history.applied = read_dbmate(connection, files);
    }
    if (!history.applied.empty()) found.push_back(std::move(history));
  }
  if (found.empty()) return std::nullopt;
  if (found.size() > 1) {
    refuse(
        fmt::format("Two tools have written down what they did here: {} in {}, {} in {}",
                    name_of(found[0].tool), found[0].table, name_of(found[1].tool), found[1].table),
        "Drop the table of the one that is not in use any more.");
  }
  return std::move(found.front());
}

}  // namespace parley::migrate
