#include "migrate/dependents.h"

#include <algorithm>
#include <ranges>

#include "base/text.h"
#include "migrate/dependency_order.h"
#include "schema/sql_names.h"

namespace parley::migrate {
namespace {

using namespace schema;
using Words = std::unordered_set<std::string>;

void add_words(const SqlTexts& texts, Words& words) {
  for (const SqlText& text : texts) words.merge(names_in(text.sql));
}

Words words_of(const View& view) {
  Words words;
  add_words(view.query, words);
  return words;
}

/// With the table it is on, whose columns it names behind NEW and OLD.
Words words_of(const Trigger& trigger) {
  Words words;
  add_words(trigger.when, words);
  add_words(trigger.body, words);
  for (const std::string& column : trigger.update_of) words.insert(lower(column));
  words.insert(lower(trigger.table));
  return words;
}

std::string key_of(const Trigger& trigger) { return trigger.table + '\0' + trigger.name; }

/// `views`, each after those of them that it reads.
std::vector<const View*> in_reading_order(const std::vector<const View*>& views) {
  std::unordered_map<std::string, std::size_t> positions;
  for (std::size_t i = 0; i < views.size(); ++i) positions.emplace(lower(views[i]->name), i);
  std::vector<std::vector<std::size_t>> needs(views.size());
  for (std::size_t i = 0; i < views.size(); ++i) {
    for (const std::string& word : words_of(*views[i])) {
      const auto found = positions.find(word);
      if (found != positions.end() && found->second != i) needs[i].push_back(found->second);
    }
    std::ranges::sort(needs[i]);
  }
  std::vector<const View*> ordered;
  for (const std::size_t i : in_dependency_order(needs)) ordered.push_back(views[i]);
  return ordered;
}

}  // namespace

void TouchedNames::add_table(const std::string& table) { tables_[lower(table)].is_whole = true; }

void TouchedNames::add_column(const std::string& table, const std::string& column) {
  tables_[lower(table)].columns.insert(lower(column));
}

bool TouchedNames::is_read_by(const Words& words) const {
  return std::ranges::any_of(words, [&](const std::string& word) {
    const auto found = tables_.find(word);
    if (found == tables_.end()) return false;
    return found->second.is_whole ||
           std::ranges::any_of(found->second.columns,
                               [&](const std::string& column) { return words.contains(column); });
  });
}

void TouchedNames::add_gone_table(const std::string& table) {
  tables_[lower(table)] = {.is_whole = true, .is_gone = true, .columns = {}};
}

bool TouchedNames::has_gone_table(const std::string& table) const {
  const auto found = tables_.find(lower(table));
  return found != tables_.end() && found->second.is_gone;
}

Dependents::Dependents(const Schema& from, const Schema& to, TouchedNames touched)
    : from_(from), to_(to), touched_(std::move(touched)) {
  for (const View& view : from.views) view_words_.push_back(words_of(view));
  for (const Trigger& trigger : from.triggers) trigger_words_.push_back(words_of(trigger));
  for (const View& view : to.views) wanted_views_.emplace(view.name, &view);
  for (const Trigger& trigger : to.triggers) wanted_triggers_.emplace(key_of(trigger), &trigger);
  dropped_triggers_.resize(from.triggers.size());
  touch_changed_views();
  spread();
  find_triggers_to_drop();
}

/// A view that goes, or changes under somebody who reads it or sits on it, is dropped; one that
/// changes alone is replaced.
void Dependents::touch_changed_views() {
  for (const View& view : from_.views) {
    const auto wanted = wanted_views_.find(view.name);
    if (wanted != wanted_views_.end() && *wanted->second == view) continue;
    const std::string name = lower(view.name);
    const auto reads_it = [&](const Words& words) { return words.contains(name); };
    const bool is_read = std::ranges::count_if(view_words_, reads_it) > 0 ||
                         std::ranges::count_if(trigger_words_, reads_it) > 0;
    const bool can_be_replaced = wanted != wanted_views_.end() && !is_read &&
                                 wanted->second->is_materialized == view.is_materialized;
    if (can_be_replaced) continue;
    dropped_views_.insert(view.name);
    touched_.add_table(view.name);
  }
}

void Dependents::spread() {
  for (bool has_grown = true; has_grown;) {
    has_grown = false;
    for (std::size_t i = 0; i < from_.views.size(); ++i) {
      const View& view = from_.views[i];
      if (is_dropped(view) || !touched_.is_read_by(view_words_[i])) continue;
      dropped_views_.insert(view.name);
      touched_.add_table(view.name);
      has_grown = true;
    }
  }
}

bool Dependents::goes_with_its_table(const Trigger& trigger) const {
  return dropped_views_.contains(trigger.table) || touched_.has_gone_table(trigger.table);
}

void Dependents::find_triggers_to_drop() {
  for (std::size_t i = 0; i < from_.triggers.size(); ++i) {
    const Trigger& trigger = from_.triggers[i];
    dropped_triggers_[i] =
        !wanted_triggers_.contains(key_of(trigger)) || touched_.is_read_by(trigger_words_[i]);
  }
}

std::vector<Change> Dependents::drops() const {
  std::vector<Change> changes;
  for (std::size_t i = 0; i < from_.triggers.size(); ++i) {
    const Trigger& trigger = from_.triggers[i];
    if (!is_dropped(i)) continue;
    if (goes_with_its_table(trigger)) {
      // It would go by itself, but until then stand in the way of what else it reads.
      Words others = trigger_words_[i];
      others.erase(lower(trigger.table));
      if (!touched_.is_read_by(others)) continue;
    }
    changes.emplace_back(DropTrigger{trigger.table, trigger.name});
  }
  std::vector<const View*> views;
  for (const View& view : from_.views) {
    if (is_dropped(view)) views.push_back(&view);
  }
  for (const View* view : in_reading_order(views) | std::views::reverse) {
    changes.emplace_back(DropView{view->name});
  }
  return changes;
}

std::vector<Change> Dependents::creations() const {
  std::unordered_map<std::string, const View*> kept_views;
  for (const View& view : from_.views) {
    if (!is_dropped(view)) kept_views.emplace(view.name, &view);
  }
  std::vector<const View*> views;
  for (const View& view : to_.views) {
    const auto kept = kept_views.find(view.name);
    if (kept == kept_views.end() || *kept->second != view) views.push_back(&view);
  }
  std::vector<Change> changes;
  for (const View* view : in_reading_order(views)) {
    if (kept_views.contains(view->name)) {
      changes.emplace_back(ReplaceView{*view});
    } else {
      changes.emplace_back(CreateView{*view});
    }
  }
  std::unordered_map<std::string, const Trigger*> kept_triggers;
  for (std::size_t i = 0; i < from_.triggers.size(); ++i) {
    if (!is_dropped(i)) kept_triggers.emplace(key_of(from_.triggers[i]), &from_.triggers[i]);
  }
  for (const Trigger& trigger : to_.triggers) {
    const auto kept = kept_triggers.find(key_of(trigger));
    if (kept == kept_triggers.end()) {
      changes.emplace_back(CreateTrigger{trigger});
    } else if (*kept->second != trigger) {
      changes.emplace_back(ReplaceTrigger{trigger});
    }
  }
  return changes;
}

}  // namespace parley::migrate
