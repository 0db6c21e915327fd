#pragma once

// Triggers of PostgreSQL. What a trigger does is in a function: a PL/pgSQL one that holds the body
// and belongs to the triggers that name it, made with the first and dropped with the last of them.
// A body that reads `EXECUTE FUNCTION f('a')` calls a function of the user's own instead, in
// whatever language, which this leaves alone. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/change.h"
#include "schema/schema.h"

namespace parley::dialect {

/// `text` between `$$`, or between a longer tag when it holds that itself.
std::string postgresql_dollar_quoted(const std::string& text);

/// The body of the trigger here; nothing when the trigger is not for this engine.
std::optional<std::string> postgresql_body(const schema::Trigger& trigger);

/// True for `EXECUTE FUNCTION f('a')`: the function is not the trigger's own.
bool postgresql_calls_function(std::string_view body);

/// CREATE TRIGGER alone, for a function that is there.
std::vector<std::string> postgresql_define_trigger(const schema::Trigger& trigger);

/// Throw Error{UnsupportedChange} for what the engine cannot do, and for a function of several
/// triggers that would get two bodies.
std::vector<std::string> postgresql_create_trigger(const schema::Trigger& trigger,
                                                   const schema::Schema& before);
std::vector<std::string> postgresql_drop_trigger(const schema::DropTrigger& change,
                                                 const schema::Schema& before);
std::vector<std::string> postgresql_replace_trigger(const schema::Trigger& trigger,
                                                    const schema::Schema& before);

/// The functions that no trigger needs any more once the table or view is gone.
std::vector<std::string> postgresql_drop_functions_of(const std::string& relation,
                                                      const schema::Schema& before);

/// What a rename left to do: the engine's triggers and conditions follow it, the text of their
/// functions does not.
std::vector<std::string> postgresql_follow_rename(const schema::Schema& before,
                                                  const schema::Schema& after);

/// The triggers of the table whose definition uses one of the columns: the engine refuses to change
/// the columns' type beneath them.
std::vector<const schema::Trigger*> postgresql_triggers_on(const schema::Schema& schema,
                                                           const std::string& table,
                                                           const std::vector<std::string>& columns);

std::string postgresql_remove_trigger(const schema::Trigger& trigger);

}  // namespace parley::dialect
