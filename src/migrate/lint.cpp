#include "migrate/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "base/check.h"
#include "base/error.h"
#include "base/overloaded.h"
#include "base/text.h"
#include "migrate/scope.h"
#include "migrate/type_width.h"

namespace parley::migrate {
namespace {

using namespace schema;

constexpr std::size_t kNameMax = 63;  // PostgreSQL cuts longer ones; MySQL and MariaDB keep 64.

using Rewrite = std::vector<std::vector<Change>>;

/// Looks at one change after another, each against the state before it.
class Linter {
  /// An engine that can do the change at hand, and how.
  struct Able {
    const dialect::Dialect* dialect;
    std::vector<std::string> statements;
  };

 public:
  Linter(const Revision& revision, Schema state, std::span<const dialect::Dialect* const> dialects)
      : revision_(revision), state_(std::move(state)), dialects_(dialects) {}

  std::vector<Finding> run() {
    for (; position_ < revision_.upgrade.size(); ++position_) {
      const Change& change = revision_.upgrade[position_];
      check_engines(change);
      std::visit([&](const auto& each) { check(each); }, change);
      remember(change);
      apply(state_, change);
    }
    check_new_tables();
    return std::move(findings_);
  }

 private:
  // ---- What each change may do. ----

  void check(const CreateTable& c) {
    check_name(c.table.name);
    for (const Column& column : c.table.columns) check_name(column.name);
    for (const Index& index : c.table.indexes) check_name(index.name);
    new_tables_.emplace(c.table.name, position_);
  }

  void check(const DropTable& c) {
    if (is_new(c.table)) return;
    add("PL101", {}, {{RenameTable{c.table, c.table + "_dropped"}}});
  }

  void check(const RenameTable& c) {
    check_name(c.new_name);
    if (is_new(c.table)) {
      new_tables_.emplace(c.new_name, position_);
      return;
    }
    add("PL401");
  }

  void check(const AddColumn& c) {
    check_name(c.column.name);
    if (is_new(c.table)) return;
    const Column& column = c.column;
    const bool has_value = column.nullable || column.default_value || column.auto_increment ||
                           column.generated.has_value();
    if (!has_value) add("PL201", {}, {nullable_then_filled(c.table, column)});
    const bool is_computed =
        column.default_value && std::holds_alternative<Expression>(*column.default_value);
    if (is_computed) add("PL303", {}, {default_afterwards(c.table, column)});
  }

  void check(const DropColumn& c) {
    if (!is_new(c.table)) add("PL102");
  }

  void check(const AlterColumn& c) {
    const Table* table = state_.find_table(c.table);
    const Column* old = table == nullptr ? nullptr : table->find_column(c.column.name);
    if (old == nullptr || is_new(c.table)) return;
    switch (compare_width(old->type, c.column.type)) {
      case Width::Same:
      case Width::Wider: break;
      case Width::Narrower: add("PL103", types(*old, c.column), swapped(c, *old)); break;
      case Width::Other: add("PL302", types(*old, c.column), swapped(c, *old)); break;
    }
    const bool forbids_null = old->nullable && !c.column.nullable;
    if (forbids_null && !is_filled(c.table, c.column.name)) {
      add("PL202", {}, {{fill(c.table, c.column), c}});
    }
  }

  void check(const RenameColumn& c) {
    check_name(c.new_name);
    if (is_new(c.table)) return;
    const Table* table = state_.find_table(c.table);
    const Column* old = table == nullptr ? nullptr : table->find_column(c.column);
    if (old == nullptr) return;
    Column column = *old;
    column.name = c.new_name;
    column.nullable = true;
    const Backfill fill{c.table, {{c.new_name, {{"", c.column}}}}, {}};
    add("PL402", {}, {{AddColumn{c.table, column}, fill}, {DropColumn{c.table, c.column}}});
  }

  void check(const CreateIndex& c) {
    check_name(c.index.name);
    if (is_new(c.table)) return;
    if (c.index.unique) add("PL203", "A unique index is built.");
    check_blocking(c);
  }

  void check(const DropIndex&) {}
  void check(const RenameIndex& c) { check_name(c.new_name); }

  void check(const AddPrimaryKey& c) {
    if (!is_new(c.table)) add("PL203", "A primary key is added.");
  }
  void check(const DropPrimaryKey&) {}

  void check(const AddUnique& c) {
    check_name(c.unique.name);
    if (!is_new(c.table)) add("PL203");
  }
  void check(const DropUnique&) {}

  void check(const AddCheck& c) {
    check_name(c.check.name);
    if (!is_new(c.table)) add("PL204", c.check.expression);
  }
  void check(const DropCheck&) {}

  void check(const AddForeignKey& c) {
    check_name(c.foreign_key.name);
    if (!is_new(c.table)) add("PL205", "To " + c.foreign_key.referenced_table + ".");
    check_served(c.table, c.foreign_key, position_);
  }
  void check(const DropForeignKey&) {}

  void check(const CreateView& c) {
    check_name(c.view.name);
    check_texts(c.view.query);
  }
  void check(const DropView&) {}
  void check(const ReplaceView& c) { check_texts(c.view.query); }

  void check(const CreateTrigger& c) {
    check_name(c.trigger.name);
    check_texts(c.trigger.body);
  }
  void check(const DropTrigger&) {}
  void check(const ReplaceTrigger& c) { check_texts(c.trigger.body); }

  void check(const CreateEnum& c) { check_name(c.enumeration.name); }
  void check(const DropEnum&) {}

  void check(const AlterEnum& c) {
    const Enum* old = state_.find_enum(c.enumeration.name);
    if (old == nullptr) return;
    std::vector<std::string> lost;
    for (const std::string& value : old->values) {
      const auto is_from = [&](const ValueMapping& each) { return each.from == value; };
      const bool is_known = std::ranges::count(c.enumeration.values, value) > 0 ||
                            std::ranges::any_of(c.renamed, is_from) ||
                            std::ranges::any_of(c.replaced, is_from);
      if (!is_known) lost.push_back(value);
    }
    if (lost.empty()) return;
    AlterEnum mapped = c;
    for (const std::string& value : lost) {
      mapped.replaced.push_back({value, c.enumeration.values.front()});
    }
    add("PL104", "Without a replacement: " + join(lost, ", ") + ".", {{mapped}});
  }

  void check(const SetComment&) {}
  void check(const SetTableOptions&) {}

  void check(const Backfill& c) {
    for (const Assignment& each : c.set) filled_.insert({c.table, each.column});
  }

  void check(const Execute& c) {
    if (c.undo.empty() && !revision_.downgrade) add("PL105");
    check_texts(c.texts);
    for (const SqlText& text : c.texts) {
      const std::string first = lower(first_code_points(trim(text.sql), 6));
      if (first != "update" && first != "delete") continue;
      add("PL304", collapse_white_space(text.sql));
      break;
    }
  }

  // ---- Questions that several changes ask. ----

  void check_name(const std::string& name) {
    if (code_points(name) <= kNameMax) return;
    add("PL502", fmt::format("'{}' has {} characters.", name, code_points(name)));
  }

  void check_texts(const SqlTexts& texts) {
    std::vector<std::string> missing;
    for (const dialect::Dialect* each : dialects_) {
      if (each->texts_of(texts).empty()) missing.push_back(each->capabilities().name);
    }
    if (missing.empty() || missing.size() == dialects_.size()) return;
    Finding& finding = add("PL503");
    finding.dialects = missing;
  }

  /// A finding for each engine that cannot do it, with its reason.
  void check_engines(const Change& change) {
    able_.clear();
    for (const dialect::Dialect* each : dialects_) {
      try {
        able_.push_back({each, each->render(change, with_hidden(each->normalize(state_), state_))});
      } catch (const Error& error) {
        if (error.code() != ErrorCode::UnsupportedChange) throw;
        Finding& finding = add("PL501", fmt::format("{}. {}", error.what(), error.hint()));
        finding.dialects = {each->capabilities().name};
      }
    }
  }

  void check_blocking(const CreateIndex& change) {
    std::vector<std::string> blocking;
    SqlTexts texts;
    for (const Able& each : able_) {
      const std::string& name = each.dialect->capabilities().name;
      const auto concurrent = each.dialect->without_blocking(change);
      if (concurrent) blocking.push_back(name);
      texts.push_back({name, concurrent.value_or(join(each.statements, ";\n"))});
    }
    if (blocking.empty()) return;
    const Execute safe{.texts = texts,
                       .undo = {{"", fmt::format("DROP INDEX {}", change.index.name)}},
                       .stands_for = {{change}}};
    Finding& finding = add("PL301", {}, {{safe}});
    finding.dialects = blocking;
  }

  void check_served(const std::string& table_name, const ForeignKey& key, std::size_t position) {
    const Table* table = state_.find_table(table_name);
    if (table == nullptr || is_served_at_end(table_name, key)) return;
    Finding& finding = add("PL602", fmt::format("({}).", join(key.columns, ", ")));
    finding.position = position;
    Index index{.name = fmt::format("ix_{}_{}", table_name, join(key.columns, "_")), .parts = {}};
    for (const std::string& column : key.columns) index.parts.push_back({.column = column});
    finding.rewrite = {{revision_.upgrade[position], CreateIndex{table_name, index}}};
  }

  /// By anything that a later change of the revision creates, too.
  bool is_served_at_end(const std::string& table, const ForeignKey& key) const {
    Schema end = state_;
    for (std::size_t i = position_; i < revision_.upgrade.size(); ++i)
      apply(end, revision_.upgrade[i]);
    const Table* found = end.find_table(table);
    return found == nullptr || serves(*found, key.columns);
  }

  static bool begins_with(const std::vector<std::string>& columns,
                          const std::vector<std::string>& wanted) {
    return columns.size() >= wanted.size() &&
           std::equal(wanted.begin(), wanted.end(), columns.begin());
  }

  static std::vector<std::string> columns_of(const Index& index) {
    std::vector<std::string> columns;
    for (const IndexPart& part : index.parts) {
      if (part.column.empty() || part.prefix_length > 0) break;
      columns.push_back(part.column);
    }
    return columns;
  }

  static bool serves(const Table& table, const std::vector<std::string>& columns) {
    if (table.primary_key && begins_with(table.primary_key->columns, columns)) return true;
    return std::ranges::any_of(
               table.uniques,
               [&](const auto& each) { return begins_with(each.columns, columns); }) ||
           std::ranges::any_of(table.indexes, [&](const Index& each) {
             return each.where.empty() && begins_with(columns_of(each), columns);
           });
  }

  /// The tables that the revision creates, as it leaves them.
  void check_new_tables() {
    for (const auto& [name, position] : new_tables_) {
      const Table* table = state_.find_table(name);
      if (table == nullptr) continue;
      position_ = position;
      if (!table->primary_key) add("PL601");
      for (const ForeignKey& key : table->foreign_keys) {
        if (serves(*table, key.columns)) continue;
        Index index{.name = fmt::format("ix_{}_{}", name, join(key.columns, "_")), .parts = {}};
        for (const std::string& column : key.columns) index.parts.push_back({.column = column});
        add("PL602", fmt::format("{} ({}).", name, join(key.columns, ", ")),
            {{revision_.upgrade[position], CreateIndex{name, index}}});
      }
      check_redundant(*table);
    }
    std::ranges::stable_sort(findings_, {}, &Finding::position);
  }

  void check_redundant(const Table& table) {
    for (const Index& index : table.indexes) {
      if (index.unique || !index.where.empty() || !index.method.empty()) continue;
      const auto columns = columns_of(index);
      if (columns.size() != index.parts.size()) continue;
      const bool is_by_key = table.primary_key && begins_with(table.primary_key->columns, columns);
      const auto is_longer = [&](const Index& other) {
        return &other != &index && other.where.empty() && other.method.empty() &&
               other.parts.size() > index.parts.size() &&
               std::equal(index.parts.begin(), index.parts.end(), other.parts.begin());
      };
      const auto longer = std::ranges::find_if(table.indexes, is_longer);
      if (!is_by_key && longer == table.indexes.end()) continue;
      add("PL603", fmt::format("Index '{}' is the beginning of {}.", index.name,
                               is_by_key ? "the primary key" : "'" + longer->name + "'"));
    }
  }

  // ---- Safe ways. ----

  static std::string fallback_value(const Column& column) {
    switch (column.type.kind) {
      case TypeKind::Boolean:
      case TypeKind::SmallInteger:
      case TypeKind::Integer:
      case TypeKind::BigInteger:
      case TypeKind::Float:
      case TypeKind::Double:
      case TypeKind::Decimal: return "0";
      case TypeKind::Date:
      case TypeKind::Time:
      case TypeKind::DateTime: return "CURRENT_TIMESTAMP";
      case TypeKind::Json: return "'{}'";
      case TypeKind::String:
      case TypeKind::Char:
      case TypeKind::Text:
      case TypeKind::Binary:
      case TypeKind::Uuid:
      case TypeKind::Enum:
      case TypeKind::Native: return "''";
    }
    return "''";
  }

  static Backfill fill(const std::string& table, const Column& column) {
    return {
        table, {{column.name, {{"", fallback_value(column)}}}}, {{"", column.name + " IS NULL"}}};
  }

  static std::vector<Change> nullable_then_filled(const std::string& table, const Column& column) {
    Column nullable = column;
    nullable.nullable = true;
    return {AddColumn{table, nullable}, fill(table, column), AlterColumn{table, column}};
  }

  static std::vector<Change> default_afterwards(const std::string& table, const Column& column) {
    Column bare = column;
    bare.nullable = true;
    bare.default_value.reset();
    Column with_default = column;
    with_default.nullable = true;
    const Backfill backfill{
        table,
        {{column.name, {{"", std::get<Expression>(*column.default_value).sql}}}},
        {{"", column.name + " IS NULL"}}};
    std::vector<Change> changes = {AddColumn{table, bare}, AlterColumn{table, with_default},
                                   backfill};
    if (!column.nullable) changes.emplace_back(AlterColumn{table, column});
    return changes;
  }

  /// A column beside the old one, filled in batches; the names change places a release later.
  static Rewrite swapped(const AlterColumn& change, const Column& old) {
    Column column = change.column;
    column.name = old.name + "_new";
    column.nullable = true;
    const Backfill backfill{change.table, {{column.name, {{"", old.name}}}}, {}};
    return {
        {AddColumn{change.table, column}, backfill},
        {DropColumn{change.table, old.name}, RenameColumn{change.table, column.name, old.name}}};
  }

  std::string types(const Column& old, const Column& wanted) const {
    const dialect::Dialect& words = dialects_.empty() ? dialect::postgresql() : *dialects_.front();
    return fmt::format("{} becomes {}.", words.type_text(old.type), words.type_text(wanted.type));
  }

  // ---- Book-keeping. ----

  void remember(const Change& change) {
    const auto* rename = std::get_if<RenameTable>(&change);
    if (rename == nullptr) return;
    const auto found = new_tables_.find(rename->table);
    if (found != new_tables_.end()) new_tables_.erase(found);
  }

  /// A table that the same revision creates has no rows and no users yet.
  bool is_new(const std::string& table) const { return new_tables_.contains(table); }

  bool is_filled(const std::string& table, const std::string& column) const {
    return filled_.contains({table, column});
  }

  Finding& add(std::string_view rule, std::string detail = {}, Rewrite rewrite = {}) {
    const LintRule* found = find_lint_rule(rule);
    PARLEY_CHECK(found != nullptr);
    findings_.push_back({.rule = found,
                         .revision = revision_.id,
                         .file = revision_.file,
                         .position = position_,
                         .subject = describe(revision_.upgrade[position_]),
                         .detail = std::move(detail),
                         .dialects = {},
                         .rewrite = std::move(rewrite)});
    return findings_.back();
  }

  const Revision& revision_;
  Schema state_;
  std::span<const dialect::Dialect* const> dialects_;
  std::vector<Able> able_;
  std::size_t position_ = 0;
  std::map<std::string, std::size_t> new_tables_;         ///< And where the revision creates them.
  std::set<std::pair<std::string, std::string>> filled_;  ///< Columns that a backfill has set.
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> lint(const Revision& revision, const Schema& before,
                          std::span<const dialect::Dialect* const> dialects) {
  return Linter(revision, part_of(before, scope_of(revision.upgrade, before)), dialects).run();
}

std::vector<std::string> allowed_rules(std::string_view yaml) {
  constexpr std::string_view kMark = "# lint: allow ";
  std::vector<std::string> allowed;
  for (std::size_t at = yaml.find(kMark); at != std::string_view::npos; at = yaml.find(kMark, at)) {
    at += kMark.size();
    const std::string_view line = yaml.substr(at, yaml.find('\n', at) - at);
    std::string word;
    for (const char c : std::string(line) + " ") {
      if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-') {
        word += c;
      } else if (!word.empty()) {
        if (find_lint_rule(word) == nullptr) break;
        allowed.push_back(std::exchange(word, {}));
      }
    }
  }
  return allowed;
}

}  // namespace parley::migrate
