#include "dialect/postgresql/views.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "dialect/ddl.h"
#include "dialect/postgresql/postgresql_dialect.h"
#include "dialect/postgresql/triggers.h"
#include "dialect/sql_tokens.h"

namespace parley::dialect {
namespace {

using schema::Schema;
using schema::View;
using Statements = std::vector<std::string>;
using Views = std::vector<const View*>;

std::string name(std::string_view identifier) { return quote_name(identifier, postgresql_style()); }

void append(Statements& list, Statements more) {
  std::move(more.begin(), more.end(), std::back_inserter(list));
}

bool mentions(const View& view, const std::vector<std::string>& words) {
  const auto query = postgresql_query(view);
  if (!query) return false;
  const auto tokens = tokenize(*query, postgresql_style());
  return std::ranges::any_of(tokens, [&](const SqlToken& token) {
    const bool is_word = token.kind == SqlToken::Kind::Word || token.kind == SqlToken::Kind::Name;
    return std::ranges::any_of(words, [&](const std::string& word) {
      return (is_word && lower(token.text) == lower(word)) || token.is(word);
    });
  });
}

/// Those that read `relation` behind those that they read themselves.
void add_in_order(const View& view, const Views& all, Views& ordered, Views& visiting) {
  const auto is_in = [&](const Views& list) {
    return std::ranges::find(list, &view) != list.end();
  };
  if (is_in(ordered) || is_in(visiting)) return;
  visiting.push_back(&view);
  for (const View* other : all) {
    if (other != &view && mentions(view, {other->name})) {
      add_in_order(*other, all, ordered, visiting);
    }
  }
  ordered.push_back(&view);
}

std::string kind_of(const View& view) {
  return view.is_materialized ? "MATERIALIZED VIEW" : "VIEW";
}

std::string create_text(const View& view, std::string_view create) {
  const std::string columns =
      view.columns.empty() ? "" : " (" + quote_names(view.columns, postgresql_style()) + ")";
  return fmt::format("{} {} {}{} AS\n{}", create, kind_of(view), name(view.name), columns,
                     postgresql_query(view).value_or(""));
}

/// The view's own triggers go with it and come back.
Statements create_with_triggers(const View& view, const Schema& schema) {
  Statements statements = postgresql_create_view(view);
  for (const schema::Trigger& trigger : schema.triggers) {
    if (trigger.table == view.name) append(statements, postgresql_define_trigger(trigger));
  }
  return statements;
}

Statements replace_from_scratch(const View& was, const View& view, const Schema& before) {
  Detour around = postgresql_around(postgresql_readers(before, view.name), before);
  Statements statements = std::move(around.before);
  statements.push_back(fmt::format("DROP {} {}", kind_of(was), name(view.name)));
  append(statements, create_with_triggers(view, before));
  append(statements, std::move(around.after));
  return statements;
}

/// CREATE OR REPLACE VIEW keeps privileges and readers but cannot take or change columns, and only
/// the engine knows the columns of a query: it is asked, and its refusal leads to the other way.
std::string replace_or_remake(const View& was, const View& view, const Schema& before) {
  std::string text = "\n#variable_conflict use_column\nBEGIN\n    " +
                     create_text(view, "CREATE OR REPLACE") +
                     ";\nEXCEPTION WHEN invalid_table_definition THEN\n";
  for (const std::string& each : replace_from_scratch(was, view, before)) {
    text += "    " + each + ";\n";
  }
  return "DO " + postgresql_dollar_quoted(text + "END\n");
}

}  // namespace

std::optional<std::string> postgresql_query(const View& view) {
  const auto texts = texts_for(view.query, "postgresql", "postgresql");
  if (texts.empty()) return std::nullopt;
  return texts.front();
}

Views postgresql_readers(const Schema& schema, const std::string& relation,
                         const std::vector<std::string>& columns) {
  std::vector<std::string> columns_or_all = columns;
  columns_or_all.emplace_back("*");
  Views found;
  for (const View& view : schema.views) {
    const bool may_read = columns.empty() || mentions(view, columns_or_all);
    if (may_read && view.name != relation && mentions(view, {relation})) found.push_back(&view);
  }
  // The list grows while it is gone through.
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const View& view : schema.views) {
      const bool is_known = std::ranges::find(found, &view) != found.end();
      if (is_known || view.name == relation || !mentions(view, {found[i]->name})) continue;
      found.push_back(&view);
    }
  }
  return postgresql_in_order(found);
}

Views postgresql_in_order(const Views& views) {
  Views ordered;
  Views visiting;
  for (const View* view : views) add_in_order(*view, views, ordered, visiting);
  return ordered;
}

Detour postgresql_around(const Views& views, const Schema& schema) {
  Detour detour;
  for (auto view = views.rbegin(); view != views.rend(); ++view) {
    detour.before.push_back(fmt::format("DROP {} {}", kind_of(**view), name((*view)->name)));
  }
  for (const View* view : views) append(detour.after, create_with_triggers(*view, schema));
  return detour;
}

Statements postgresql_create_view(const View& view) {
  if (!postgresql_query(view)) return {};
  return {create_text(view, "CREATE")};
}

Statements postgresql_drop_view(const View& view, const Schema& before) {
  if (!postgresql_query(view)) return {};
  Statements statements = {fmt::format("DROP {} {}", kind_of(view), name(view.name))};
  append(statements, postgresql_drop_functions_of(view.name, before));
  return statements;
}

Statements postgresql_replace_view(const View& view, const Schema& before) {
  const View* was = before.find_view(view.name);
  if (was == nullptr || !postgresql_query(*was)) return postgresql_create_view(view);
  if (!postgresql_query(view)) return postgresql_drop_view(*was, before);
  if (was->is_materialized || view.is_materialized) {
    return replace_from_scratch(*was, view, before);
  }
  return {replace_or_remake(*was, view, before)};
}

}  // namespace parley::dialect
