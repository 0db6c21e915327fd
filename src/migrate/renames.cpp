#include "migrate/renames.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/text.h"

namespace parley::migrate {
namespace {

using namespace schema;

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::ranges::find(list, value) != list.end();
}

std::string name_before(const std::vector<TableRename>& renames, const std::string& table) {
  const auto found = std::ranges::find(renames, table, &TableRename::to);
  return found == renames.end() ? table : found->from;
}

std::string name_after(const std::vector<TableRename>& renames, const std::string& table) {
  const auto found = std::ranges::find(renames, table, &TableRename::from);
  return found == renames.end() ? table : found->to;
}

bool is_effective(const TableRename& rename, const Schema& from, const Schema& to) {
  return from.find_table(rename.from) != nullptr && to.find_table(rename.from) == nullptr &&
         from.find_table(rename.to) == nullptr && to.find_table(rename.to) != nullptr;
}

bool is_effective(const ColumnRename& rename, const Table* old, const Table* wanted) {
  return old != nullptr && wanted != nullptr && old->find_column(rename.from) != nullptr &&
         wanted->find_column(rename.from) == nullptr && old->find_column(rename.to) == nullptr &&
         wanted->find_column(rename.to) != nullptr;
}

bool is_effective(const ValueRename& rename, const Schema& from, const Schema& to) {
  const Enum* old = from.find_enum(rename.enumeration);
  const Enum* wanted = to.find_enum(rename.enumeration);
  return old != nullptr && wanted != nullptr && contains(old->values, rename.from) &&
         !contains(wanted->values, rename.from) && contains(wanted->values, rename.to);
}

template <class List>
std::vector<std::string> names_of(const List& list) {
  std::vector<std::string> names;
  for (const auto& each : list) names.push_back(each.name);
  return names;
}

[[noreturn]] void refuse(const std::string& answer, const std::string& why, std::string hint = {}) {
  throw Error(ErrorCode::InvalidArgument, fmt::format("--rename {}: {}", answer, why),
              hint.empty() ? "Write it as old=new, table.old=new or enum.old=new." : hint);
}

std::string one_of(const std::vector<std::string>& names) {
  return names.empty() ? "There is nothing of that kind." : "Choose of: " + join(names, ", ") + ".";
}

/// `(a, b)` of `a=b`.
std::pair<std::string, std::string> halves(const std::string& answer) {
  const std::size_t equals = answer.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == answer.size()) {
    refuse(answer, "this names no old and new");
  }
  return {answer.substr(0, equals), answer.substr(equals + 1)};
}

/// What a target says already may be said again.
template <class Rename>
void add_new(std::vector<Rename>& renames, const Rename& rename) {
  if (std::ranges::find(renames, rename) == renames.end()) renames.push_back(rename);
}

TableRename table_rename(const std::string& answer, const Schema& from, const Schema& to) {
  const auto [old_name, new_name] = halves(answer);
  const TableRename rename{old_name, new_name};
  if (from.find_table(old_name) == nullptr) {
    refuse(answer, fmt::format("the database has no table '{}'", old_name),
           one_of(names_of(from.tables)));
  }
  if (to.find_table(new_name) == nullptr) {
    refuse(answer, fmt::format("the target has no table '{}'", new_name),
           one_of(names_of(to.tables)));
  }
  if (!is_effective(rename, from, to)) {
    refuse(answer, "one of the two names is on both sides, so that is no rename");
  }
  return rename;
}

/// The part behind the dot: a column of a table, or a value of an enum.
void add_part(const std::string& answer, const std::string& owner, const Schema& from,
              const Schema& to, Renames& renames) {
  auto [old_name, new_name] = halves(answer);
  old_name.erase(0, owner.size() + 1);
  if (new_name.starts_with(owner + ".")) new_name.erase(0, owner.size() + 1);
  const std::string after = name_after(renames.tables, owner);
  const Table* wanted = to.find_table(after);
  const Table* old = from.find_table(name_before(renames.tables, after));
  if (old == nullptr || wanted == nullptr) {
    const ValueRename value{owner, old_name, new_name};
    if (!is_effective(value, from, to)) {
      refuse(answer, fmt::format("'{}' is no table or enum on both sides", owner));
    }
    add_new(renames.values, value);
    return;
  }
  const ColumnRename column{after, old_name, new_name};
  if (old->find_column(old_name) == nullptr) {
    refuse(answer, fmt::format("table '{}' has no column '{}'", old->name, old_name),
           one_of(names_of(old->columns)));
  }
  if (wanted->find_column(new_name) == nullptr) {
    refuse(answer, fmt::format("table '{}' of the target has no column '{}'", after, new_name),
           one_of(names_of(wanted->columns)));
  }
  if (!is_effective(column, old, wanted)) {
    refuse(answer, "one of the two names is on both sides, so that is no rename");
  }
  add_new(renames.columns, column);
}

// ---- What is probable. ----

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

/// From 0 to 1; a name inside the other counts as near.
double name_likeness(const std::string& a, const std::string& b) {
  const std::string x = lower(a);
  const std::string y = lower(b);
  const auto longest = static_cast<double>(std::max(x.size(), y.size()));
  if (longest == 0) return 0;
  const double by_letters = 1 - static_cast<double>(edit_distance(x, y)) / longest;
  const bool is_inside = x.size() > 2 && y.size() > 2 &&
                         (x.find(y) != std::string::npos || y.find(x) != std::string::npos);
  return is_inside ? std::max(by_letters, 0.6) : by_letters;
}

constexpr double kSimilar = 0.5;

struct Scored {
  std::string name;
  double score = 0;
};

std::vector<std::string> best_first(std::vector<Scored> scored) {
  std::ranges::stable_sort(scored, std::ranges::greater{}, &Scored::score);
  std::vector<std::string> names;
  for (Scored& each : scored) names.push_back(std::move(each.name));
  return names;
}

/// How much of two tables' columns is the same, from 0 to 1.
double column_likeness(const Table& a, const Table& b) {
  const auto longest = static_cast<double>(std::max(a.columns.size(), b.columns.size()));
  if (longest == 0) return 0;
  const auto is_shared = [&](const Column& column) {
    const Column* other = b.find_column(column.name);
    return other != nullptr && other->type == column.type;
  };
  return static_cast<double>(std::ranges::count_if(a.columns, is_shared)) / longest;
}

std::optional<Scored> scored_table(const Table& old, const Table& wanted) {
  const double columns = column_likeness(old, wanted);
  const double name = name_likeness(old.name, wanted.name);
  if (columns < (name >= kSimilar ? 0.4 : 0.6)) return std::nullopt;
  return Scored{wanted.name, columns + name};
}

std::optional<Scored> scored_column(const Table& old, std::size_t old_at, const Table& wanted,
                                    std::size_t wanted_at) {
  const Column& before = old.columns[old_at];
  const Column& after = wanted.columns[wanted_at];
  if (before.type.kind != after.type.kind || before.generated || after.generated) {
    return std::nullopt;
  }
  const double name = name_likeness(before.name, after.name);
  const bool is_in_place = old_at == wanted_at;
  if (name < kSimilar && !is_in_place) return std::nullopt;
  return Scored{after.name, name + (is_in_place ? 0.5 : 0) + (before.type == after.type ? 0.3 : 0)};
}

class Guesser {
 public:
  Guesser(const Schema& from, const Schema& to, const Renames& known)
      : from_(from), to_(to), known_(effective(known, from, to)) {}

  std::vector<ProbableRename> run() {
    for (const Table& old : from_.tables) ask_about(old);
    for (const Table& wanted : to_.tables) {
      const Table* old = from_.find_table(name_before(known_.tables, wanted.name));
      if (old != nullptr) ask_about_columns(*old, wanted);
    }
    return std::move(questions_);
  }

 private:
  void ask_about(const Table& old) {
    if (to_.find_table(name_after(known_.tables, old.name)) != nullptr) return;
    std::vector<Scored> scored;
    for (const Table& wanted : to_.tables) {
      if (from_.find_table(name_before(known_.tables, wanted.name)) != nullptr) continue;
      if (const auto score = scored_table(old, wanted)) scored.push_back(*score);
    }
    if (scored.empty()) return;
    questions_.push_back({"", old.name, best_first(std::move(scored)), "the same columns"});
  }

  void ask_about_columns(const Table& old, const Table& wanted) {
    const auto is_answered = [&](auto member, const std::string& column) {
      return std::ranges::any_of(known_.columns, [&](const ColumnRename& each) {
        return each.table == wanted.name && each.*member == column;
      });
    };
    for (std::size_t i = 0; i < old.columns.size(); ++i) {
      const std::string& name = old.columns[i].name;
      if (wanted.find_column(name) != nullptr || is_answered(&ColumnRename::from, name)) continue;
      std::vector<Scored> scored;
      for (std::size_t j = 0; j < wanted.columns.size(); ++j) {
        const std::string& candidate = wanted.columns[j].name;
        if (old.find_column(candidate) != nullptr) continue;
        if (is_answered(&ColumnRename::to, candidate)) continue;
        if (const auto score = scored_column(old, i, wanted, j)) scored.push_back(*score);
      }
      if (scored.empty()) continue;
      questions_.push_back({wanted.name, name, best_first(std::move(scored)),
                            "the same type, a like name or place"});
    }
  }

  const Schema& from_;
  const Schema& to_;
  const Renames known_;
  std::vector<ProbableRename> questions_;
};

}  // namespace

Renames effective(const Renames& renames, const Schema& from, const Schema& to) {
  Renames kept;
  for (const TableRename& each : renames.tables) {
    if (is_effective(each, from, to)) kept.tables.push_back(each);
  }
  for (const ColumnRename& each : renames.columns) {
    const Table* old = from.find_table(name_before(kept.tables, each.table));
    if (is_effective(each, old, to.find_table(each.table))) kept.columns.push_back(each);
  }
  for (const ValueRename& each : renames.values) {
    if (is_effective(each, from, to)) kept.values.push_back(each);
  }
  return kept;
}

Renames read_renames(const std::vector<std::string>& answers, const Schema& from, const Schema& to,
                     Renames known) {
  Renames renames = std::move(known);
  const auto owner_of = [&](const std::string& answer) {
    const std::string old_name = halves(answer).first;
    if (from.find_table(old_name) != nullptr) return std::string();  // Its name may hold a dot.
    return old_name.substr(0, old_name.rfind('.') == std::string::npos ? 0 : old_name.rfind('.'));
  };
  for (const std::string& answer : answers) {
    if (owner_of(answer).empty()) add_new(renames.tables, table_rename(answer, from, to));
  }
  for (const std::string& answer : answers) {
    const std::string owner = owner_of(answer);
    if (!owner.empty()) add_part(answer, owner, from, to, renames);
  }
  return renames;
}

std::vector<ProbableRename> probable_renames(const Schema& from, const Schema& to,
                                             const Renames& known) {
  return Guesser(from, to, known).run();
}

std::string rename_option(const ProbableRename& rename, const std::string& candidate) {
  const std::string owner = rename.table.empty() ? "" : rename.table + ".";
  const std::string answer = owner + rename.from + "=" + candidate;
  const bool is_plain = std::ranges::all_of(answer, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '=' || c == '-';
  });
  if (is_plain) return "--rename " + answer;
  std::string quoted = "--rename '";
  for (const char c : answer) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace parley::migrate
