#include "migrate/row_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <set>

#include "base/text.h"
#include "migrate/quarantine.h"

namespace parley::migrate {
namespace {

using fmt::format;
using namespace schema;

constexpr std::int64_t kNamedIdsMax = 5;

bool has(const Schema& live, const std::string& need) {
  const std::size_t dot = need.find('.');
  const Table* table = live.find_table(need.substr(0, dot));
  if (table == nullptr || dot == std::string::npos) return table != nullptr;
  return table->find_column(need.substr(dot + 1)) != nullptr;
}

class Finder {
 public:
  Finder(database::Connection& connection, const dialect::Dialect& dialect, const Schema& live,
         const Schema& wanted, const AdoptionRules& rules)
      : connection_(connection), dialect_(dialect), live_(live), wanted_(wanted), rules_(rules) {}

  std::vector<RowFinding> run() {
    find_orphans();
    for (const KeepNewest& rule : rules_.keep_newest) find_surplus(rule);
    for (const RowRule& rule : rules_.rows) find_rows(rule);
    return std::move(findings_);
  }

 private:
  std::int64_t count(const std::string& sql) {
    return database::integer_of(database::query(connection_, sql).front().front());
  }

  /// One finding per table that has orphans; all move together, children before their parents.
  /// Parents are looked at first: behind a sound one there is nothing to look for, so in a sound
  /// database each condition is as short as the table's own keys.
  void find_orphans() {
    Quarantine quarantine(dialect_, live_, wanted_, rules_.table_prefix);
    for (const std::string& table : quarantine.children_first() | std::views::reverse) {
      const std::string condition = quarantine.is_lost(table);
      const std::string of = format(" FROM {} WHERE {}", dialect_.quote(table), condition);
      const std::int64_t rows = condition.empty() ? 0 : count("SELECT COUNT(*)" + of);
      if (rows == 0) {
        quarantine.note_sound(table);
      } else {
        findings_.push_back(orphans(quarantine, table, rows, ids(table, of)));
      }
    }
    std::ranges::reverse(findings_);
  }

  RowFinding orphans(const Quarantine& quarantine, const std::string& table, std::int64_t rows,
                     const std::string& named) const {
    const std::string beside = quarantine.name_for(table);
    const std::string_view word = rows == 1 ? "row" : "rows";
    return {.difference = {.level = Level::Repairable,
                           .object = "rows of " + table,
                           .expected = "rows that they refer to",
                           .found = format("{} {} without one{}", rows, word, named),
                           .fix = std::nullopt,
                           .reason = format("repair --quarantine moves them to {}", beside)},
            .mend = quarantine.move(table),
            .done = format("Moved {} {} of {} to {}", rows, word, table, beside),
            .option = "--quarantine",
            .is_in_the_way = true};
  }

  /// ` (ids 4, 9, …)`
  std::string ids(const std::string& table, const std::string& of) {
    const auto& key = live_.find_table(table)->primary_key;
    if (!key || key->columns.size() != 1) return "";
    const std::string column = dialect_.quote(key->columns.front());
    std::vector<std::string> names;
    for (const auto& row : database::query(
             connection_,
             format("SELECT {0}{1} ORDER BY {0} LIMIT {2}", column, of, kNamedIdsMax + 1))) {
      names.push_back(database::text_of(row.front()));
    }
    if (names.size() > kNamedIdsMax) names.back() = "…";
    return format(" (ids {})", join(names, ", "));
  }

  void find_surplus(const KeepNewest& rule) {
    const Table* table = live_.find_table(rule.table);
    if (table == nullptr || wanted_.find_table(rule.table) == nullptr) return;
    std::string same;
    for (const std::string& column : rule.columns) {
      same += format("n.{0} = {1}.{0} AND ", column, rule.table);
    }
    const std::string condition = format(
        "EXISTS (SELECT 1 FROM (SELECT * FROM {0}) n WHERE {1}(n.{2} > {0}.{2} OR n.{2} = {0}.{2} "
        "AND n.id > {0}.id))",
        rule.table, same, rule.newest_by);
    const std::int64_t rows =
        count(format("SELECT COUNT(*) FROM {} WHERE {}", rule.table, condition));
    if (rows == 0) return;
    findings_.push_back(
        {.difference = {.level = Level::Repairable,
                        .object = "rows of " + rule.table,
                        .expected = "one for each " + join(rule.columns, ", "),
                        .found = format("{} more", rows),
                        .fix = std::nullopt,
                        .reason =
                            "repair keeps the newest and moves the others to " + rule.kept_in},
         .mend = move_rows(dialect_, live_, rule.table, rule.kept_in, condition),
         .done = format("Moved {} {} of {} to {}", rows, rows == 1 ? "row" : "rows", rule.table,
                        rule.kept_in),
         .option = "",
         .is_in_the_way = true});
  }

  void find_rows(const RowRule& rule) {
    const auto is_there = [&](const std::string& need) { return has(live_, need); };
    const std::string sql = text_for(rule.count, dialect_);
    if (sql.empty() || !std::ranges::all_of(rule.needs, is_there)) return;
    const std::int64_t rows = count(sql);
    if (rows == 0) return;
    const std::string advice =
        rule.option.empty() ? "repair mends them" : "only repair " + rule.option + " mends them";
    findings_.push_back(
        {.difference = {.level = rule.is_note ? Level::Note : Level::Repairable,
                        .object = rule.object,
                        .expected = rule.wanted,
                        .found = format("{} {} without", rows, rows == 1 ? "row" : "rows"),
                        .fix = std::nullopt,
                        .reason = advice},
         .mend = {Execute{{SqlText{"", text_for(rule.mend, dialect_)}}, {}}},
         .done = format("{} ({} {})", rule.done, rows, rows == 1 ? "row" : "rows"),
         .option = rule.option});
  }

  database::Connection& connection_;
  const dialect::Dialect& dialect_;
  const Schema& live_;
  const Schema& wanted_;
  const AdoptionRules& rules_;
  std::vector<RowFinding> findings_;
};

}  // namespace

std::vector<RowFinding> row_findings(database::Connection& connection,
                                     const dialect::Dialect& dialect, const Schema& live,
                                     const Schema& wanted, const AdoptionRules& rules) {
  return Finder(connection, dialect, live, wanted, rules).run();
}

std::set<std::string> tables_with_orphans(const std::vector<RowFinding>& findings) {
  std::set<std::string> tables;
  for (const RowFinding& finding : findings) {
    if (finding.option == "--quarantine") tables.insert(finding.difference.object.substr(8));
  }
  return tables;
}

std::string text_for(const SqlTexts& texts, const dialect::Dialect& dialect) {
  std::string common;
  for (const SqlText& text : texts) {
    if (text.dialect == dialect.capabilities().name) return text.sql;
    if (text.dialect.empty()) common = text.sql;
  }
  return common;
}

}  // namespace parley::migrate
