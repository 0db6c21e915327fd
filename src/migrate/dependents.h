#pragma once

// Views and triggers in a difference of two schemas: those that read what changes under them go
// before it and come back after it, all in an order that works. They are found by the words of
// their SQL, so that a name in common may look like a use: then one is made anew without need.
// Internal to diff. Pure.

#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "schema/change.h"
#include "schema/schema.h"

namespace parley::migrate {

/// What a difference takes away from under the views and triggers of the old schema, in its names.
class TouchedNames {
 public:
  /// All of it: it is renamed, or made anew.
  void add_table(const std::string& table);
  /// It is dropped, and its triggers with it.
  void add_gone_table(const std::string& table);
  void add_column(const std::string& table, const std::string& column);

  /// True when these words (lower case) name a touched table, or a touched column with its table.
  bool is_read_by(const std::unordered_set<std::string>& words) const;
  bool has_gone_table(const std::string& table) const;

 private:
  struct Extent {
    bool is_whole = false;
    bool is_gone = false;
    std::set<std::string> columns;
  };
  std::unordered_map<std::string, Extent> tables_;
};

class Dependents {
 public:
  Dependents(const schema::Schema& from, const schema::Schema& to, TouchedNames touched);

  /// What must go first: triggers, then views, each before what it reads.
  std::vector<schema::Change> drops() const;
  /// What comes last: views, each after what it reads, then triggers.
  std::vector<schema::Change> creations() const;

 private:
  using Words = std::unordered_set<std::string>;

  void touch_changed_views();
  void spread();
  bool is_dropped(const schema::View& view) const { return dropped_views_.contains(view.name); }
  bool goes_with_its_table(const schema::Trigger& trigger) const;
  bool is_dropped(std::size_t trigger) const { return dropped_triggers_[trigger]; }
  void find_triggers_to_drop();

  const schema::Schema& from_;
  const schema::Schema& to_;
  TouchedNames touched_;
  std::vector<Words> view_words_;     ///< Of the views of `from_`.
  std::vector<Words> trigger_words_;  ///< Of its triggers.
  std::unordered_map<std::string, const schema::View*> wanted_views_;
  std::unordered_map<std::string, const schema::Trigger*> wanted_triggers_;
  std::unordered_set<std::string> dropped_views_;
  std::vector<bool> dropped_triggers_;
};

}  // namespace parley::migrate
