#include "migrate/scratch.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/overloaded.h"
#include "dialect/dialect.h"
#include "migrate/diff.h"
#include "migrate/plan.h"

namespace parley::migrate {
namespace {

using namespace schema;

bool is_expression(const std::optional<Default>& value) {
  return value && std::holds_alternative<Expression>(*value);
}

bool has_text(const Index& index) {
  return !index.where.empty() || std::ranges::any_of(index.parts, [](const IndexPart& part) {
    return !part.expression.empty();
  });
}

/// True when the difference may be one of spelling: the change carries SQL that engines rewrite.
bool may_be_spelling(const Change& change) {
  return std::visit(overloaded{
                        [](const CreateTable&) { return false; },
                        [](const DropTable&) { return false; },
                        [](const RenameTable&) { return false; },
                        [](const AddColumn&) { return false; },
                        [](const DropColumn&) { return false; },
                        [](const AlterColumn& c) {
                          return c.column.generated.has_value() ||
                                 is_expression(c.column.default_value);
                        },
                        [](const RenameColumn&) { return false; },
                        [](const CreateIndex& c) { return has_text(c.index); },
                        [](const DropIndex&) { return false; },
                        [](const RenameIndex&) { return false; },
                        [](const AddPrimaryKey&) { return false; },
                        [](const DropPrimaryKey&) { return false; },
                        [](const AddUnique&) { return false; },
                        [](const DropUnique&) { return false; },
                        [](const AddCheck&) { return true; },
                        [](const DropCheck&) { return false; },
                        [](const AddForeignKey&) { return false; },
                        [](const DropForeignKey&) { return false; },
                        [](const CreateView&) { return false; },
                        [](const DropView&) { return false; },
                        [](const ReplaceView&) { return true; },
                        [](const CreateTrigger&) { return false; },
                        [](const DropTrigger&) { return false; },
                        [](const ReplaceTrigger&) { return true; },
                        [](const CreateEnum&) { return false; },
                        [](const AlterEnum&) { return false; },
                        [](const DropEnum&) { return false; },
                        [](const SetComment&) { return false; },
                        [](const SetTableOptions&) { return false; },
                        [](const Backfill&) { return false; },
                        [](const Execute&) { return false; },
                    },
                    change);
}

/// A view under another view, or with triggers, is dropped and created where it is respelled.
bool creates_what_is_there(const Change& change, const Schema& live) {
  if (const auto* view = std::get_if<CreateView>(&change)) {
    return live.find_view(view->view.name) != nullptr;
  }
  if (const auto* trigger = std::get_if<CreateTrigger>(&change)) {
    return live.find_trigger(trigger->trigger.table, trigger->trigger.name) != nullptr;
  }
  return false;
}

void create(dialect::Scratch& scratch, const Step& step) {
  for (const std::string& statement : step.statements) {
    try {
      scratch.execute(statement);
    } catch (const Error& error) {
      throw Error(ErrorCode::InvalidArgument,
                  fmt::format("The engine refuses to {}: {}", step.reason, error.what()),
                  error.hint());
    }
  }
}

/// `recorded` may be a part of a schema: foreign keys to tables that are not in it cannot be
/// created, and have no text that an engine would rewrite.
Schema normalized_part(database::Connection& connection, const Schema& recorded) {
  Schema part = recorded;
  for (Table& table : part.tables) {
    std::erase_if(table.foreign_keys, [&](const ForeignKey& key) {
      return recorded.find_table(key.referenced_table) == nullptr;
    });
  }
  Schema settled = normalized_by_engine(connection, part).schema;
  for (Table& table : settled.tables) {
    const Table* before = recorded.find_table(table.name);
    if (before != nullptr) table.foreign_keys = before->foreign_keys;
  }
  return settled;
}

}  // namespace

void create_in(dialect::Scratch& scratch, const Schema& schema) {
  const auto& dialect = dialect::dialect_of(scratch.connection());
  for (const Step& step : plan(diff({}, schema), {}, dialect).steps) create(scratch, step);
}

EngineForm normalized_by_engine(database::Connection& live, const Schema& schema) {
  const auto& dialect = dialect::dialect_of(live);
  const Schema normal = dialect.normalize(schema);
  const auto attempt = dialect::open_scratch(live, dialect::ScratchPlace::Cheapest);
  if (!attempt.scratch) {
    return {normal, false, "without asking the engine: " + attempt.why_not};
  }
  create_in(*attempt.scratch, normal);
  return {dialect.inspect(attempt.scratch->connection()), true, "in " + attempt.scratch->kind()};
}

Schema settle(database::Connection& connection, const Schema& live, const Schema& recorded) {
  const auto changes = diff(live, recorded);
  const bool may_be_settled = std::ranges::any_of(changes, [&](const Change& change) {
    return may_be_spelling(change) || creates_what_is_there(change, live);
  });
  if (!may_be_settled) return recorded;
  try {
    return normalized_part(connection, recorded);
  } catch (const Error& error) {
    log::debug("The recorded schema could not be tried out: {}", error.what());
    return recorded;
  }
}

}  // namespace parley::migrate
