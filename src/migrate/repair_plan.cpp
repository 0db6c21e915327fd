#include "migrate/repair_plan.h"

#include <algorithm>

#include "base/overloaded.h"
#include "dialect/probe.h"
#include "migrate/adoption.h"

namespace parley::migrate {
namespace {

using namespace schema;

/// Where a fix stands among the others: what it needs comes before it.
int phase_of(const Change& change) {
  if (std::holds_alternative<CreateEnum>(change) || std::holds_alternative<AlterEnum>(change)) {
    return 0;
  }
  if (std::holds_alternative<CreateTable>(change)) return 1;
  if (std::holds_alternative<AddColumn>(change)) return 3;
  if (std::holds_alternative<AlterColumn>(change)) return 4;
  const bool is_key = std::holds_alternative<AddPrimaryKey>(change) ||
                      std::holds_alternative<AddUnique>(change) ||
                      std::holds_alternative<AddCheck>(change);
  if (is_key) return 5;
  if (std::holds_alternative<CreateIndex>(change)) return 6;
  if (std::holds_alternative<AddForeignKey>(change)) return 7;
  const bool is_drop =
      std::holds_alternative<DropIndex>(change) || std::holds_alternative<DropUnique>(change) ||
      std::holds_alternative<DropCheck>(change) || std::holds_alternative<DropForeignKey>(change);
  return is_drop ? 2 : 8;
}

bool uses_enum(const Change& change, const std::string& enumeration) {
  const auto is_of_it = [&](const Column& column) { return column.type.native == enumeration; };
  if (const auto* create = std::get_if<CreateTable>(&change)) {
    return std::ranges::any_of(create->table.columns, is_of_it);
  }
  if (const auto* add = std::get_if<AddColumn>(&change)) return is_of_it(add->column);
  const auto* alter = std::get_if<AlterColumn>(&change);
  return alter != nullptr && is_of_it(alter->column);
}

/// True when the index finds nothing that another one, or a key, does not find as well.
bool is_needless(const Index& index, const Table& wanted) {
  if (index.unique || !index.where.empty() || !index.method.empty()) return false;
  const auto begins = [&](const std::vector<std::string>& columns) {
    if (columns.size() < index.parts.size()) return false;
    for (std::size_t i = 0; i < index.parts.size(); ++i) {
      if (index.parts[i].column != columns[i] || columns[i].empty()) return false;
    }
    return true;
  };
  const auto serves = [&](const Index& other) {
    std::vector<std::string> columns;
    for (const IndexPart& part : other.parts) columns.push_back(part.column);
    return other.where.empty() && begins(columns);
  };
  const auto is_key = [&](const Unique& unique) { return begins(unique.columns); };
  return (wanted.primary_key && begins(wanted.primary_key->columns)) ||
         std::ranges::any_of(wanted.uniques, is_key) || std::ranges::any_of(wanted.indexes, serves);
}

class Planner {
 public:
  Planner(Deployment& deployment, const Examination& found, const RepairOptions& options)
      : deployment_(deployment),
        found_(found),
        options_(options),
        rules_(deployment.definition().adoption),
        orphans_(options.quarantine ? std::set<std::string>{} : tables_with_orphans(found.rows)) {}

  std::vector<Mend> run() {
    for (const RowFinding& finding : found_.rows) {
      if (finding.is_in_the_way) add_rows(finding);
    }
    for (const Change& fix : fixes()) {
      mends_.push_back({fix, std::nullopt});
      if (const auto* added = std::get_if<AddColumn>(&fix)) fill(*added);
    }
    for (const RowFinding& finding : found_.rows) {
      if (!finding.is_in_the_way) add_rows(finding);
    }
    if (options_.prune) prune();
    return std::move(mends_);
  }

 private:
  bool is_given(const std::string& option) const {
    return option.empty() || (option == "--quarantine" && options_.quarantine) ||
           (option == "--dedupe" && options_.dedupe) || (option == "--times" && options_.times);
  }

  void add_rows(const RowFinding& finding) {
    if (!is_given(finding.option)) return;
    for (const Change& change : finding.mend) {
      const bool is_last = &change == &finding.mend.back();
      mends_.push_back({change, is_last ? finding.done : ""});
    }
  }

  std::vector<Change> fixes() const {
    std::vector<Change> fixes;
    for (const Difference& difference : found_.report.differences) {
      if (!difference.fix || is_refused_by_rows(*difference.fix)) continue;
      if (difference.level == Level::Note && !options_.full) continue;
      fixes.push_back(*difference.fix);
    }
    if (!deployment_.dialect().capabilities().native_enums) drop_unused_enums(fixes);
    std::ranges::stable_sort(fixes, {}, phase_of);
    return fixes;
  }

  /// Where an enum is nothing but a check on its columns, there is none without them.
  static void drop_unused_enums(std::vector<Change>& fixes) {
    const std::vector<Change> all = fixes;
    std::erase_if(fixes, [&](const Change& fix) {
      const auto* create = std::get_if<CreateEnum>(&fix);
      return create != nullptr && std::ranges::none_of(all, [&](const Change& other) {
               return uses_enum(other, create->enumeration.name);
             });
    });
  }

  /// NOT NULL on a column that holds NULLs, a key over rows that break it, and on SQLite every
  /// rebuild as long as some row refers to none: it ends with a check of all keys.
  bool is_refused_by_rows(const Change& change) const {
    if (!orphans_.empty()) {
      Schema state = found_.live;
      for (const Enum& each : found_.wanted.enums) {
        if (state.find_enum(each.name) == nullptr) state.enums.push_back(each);
      }
      if (deployment_.dialect().needs_foreign_keys_off(change, state)) return true;
      const auto* key = std::get_if<AddForeignKey>(&change);
      if (key != nullptr && orphans_.contains(key->table)) return true;
    }
    const auto* alter = std::get_if<AlterColumn>(&change);
    if (alter == nullptr || alter->column.nullable) return false;
    const Column& found = *found_.live.find_table(alter->table)->find_column(alter->column.name);
    return found.nullable && dialect::has_nulls(deployment_.connection(), alter->table, found.name);
  }

  void fill(const AddColumn& added) {
    const Table* table = found_.live.find_table(added.table);
    const auto add = [&](const SqlTexts& statement) {
      const std::string sql = text_for(statement, deployment_.dialect());
      if (!sql.empty()) mends_.push_back({Execute{{SqlText{"", sql}}, {}}, ""});
    };
    for (const Fill& rule : rules_.fills) {
      const bool is_for_it = rule.table == added.table && rule.column == added.column.name;
      const bool has_source = rule.from_column.empty() ||
                              (table != nullptr && table->find_column(rule.from_column) != nullptr);
      if (is_for_it && has_source) add(rule.statement);
    }
    for (const OptionalColumn& rule : rules_.optional_columns) {
      if (rule.table == added.table && rule.column == added.column.name) add(rule.fill);
    }
  }

  void prune() {
    for (const Table& wanted : found_.wanted.tables) {
      const Table* live = found_.live.find_table(wanted.name);
      if (live == nullptr) continue;
      for (const Index& index : live->indexes) {
        if (wanted.find_index(index.name) != nullptr || !is_needless(index, wanted)) continue;
        mends_.push_back({DropIndex{wanted.name, index.name}, std::nullopt});
      }
    }
  }

  Deployment& deployment_;
  const Examination& found_;
  const RepairOptions& options_;
  const AdoptionRules& rules_;
  std::set<std::string> orphans_;
  std::vector<Mend> mends_;
};

}  // namespace

DriftReport Examination::unmendable(const Marker& marker) const {
  DriftReport left;
  for (const Difference& difference : report.differences) {
    const bool blocks = difference.level == Level::Missing || difference.level == Level::Wrong;
    if (blocks && !difference.fix && difference.object != marker.object()) {
      left.differences.push_back(difference);
    }
  }
  return left;
}

DriftReport Examination::everything() const {
  DriftReport all = report;
  for (const RowFinding& finding : rows) all.differences.push_back(finding.difference);
  std::ranges::stable_sort(all.differences, {}, &Difference::level);
  return all;
}

void Examination::keep_only(const std::vector<std::string>& objects) {
  const auto is_other = [&](const Difference& difference) {
    return std::ranges::find(objects, difference.object) == objects.end();
  };
  std::erase_if(report.differences, is_other);
  std::erase_if(rows, [&](const RowFinding& finding) { return is_other(finding.difference); });
}

Examination examine(Deployment& deployment, const State& state) {
  Examination found{.live = deployment.live(), .state = state};
  if (state.standing == Standing::Empty) return found;
  const NamespaceDefinition& definition = deployment.definition();
  if (!definition.name.empty()) {
    found.state.applied = recognized(definition, state.applied, found.live);
  }
  found.report = deployment.drift(found.state);
  found.wanted = deployment.recorded(found.state);
  if (!found.unmendable(definition.marker).differences.empty()) return found;
  found.rows = row_findings(deployment.connection(), deployment.dialect(), found.live, found.wanted,
                            definition.adoption);
  return found;
}

std::vector<Mend> plan_repair(Deployment& deployment, const Examination& found,
                              const RepairOptions& options) {
  return Planner(deployment, found, options).run();
}

}  // namespace parley::migrate
