#pragma once

// Whether a change fits a schema: the half of `apply` and `inverse` that refuses. Pure; used by
// this folder only.

#include "schema/change.h"
#include "schema/schema.h"

namespace parley::schema {

/// Throws Error{InvalidRevisionFile} that names the object, with the way out, when `change` cannot
/// be applied to `schema`; otherwise `apply` cannot fail.
void require_fit(const Schema& schema, const Change& change);

/// Throws the error of a change that does not fit.
[[noreturn]] void refuse(const std::string& message, std::string hint = {});

/// The constraint that a Drop change means: the one of that name; for `wanted` without a name the
/// one on the same columns, of which one without a name comes first. Null when there is none.
const Unique* find_unique(const Table& table, const Unique& wanted);
const Check* find_check(const Table& table, std::string_view name);
const Check* find_check(const Table& table, const DropCheck& wanted);
const ForeignKey* find_foreign_key(const Table& table, const ForeignKey& wanted);

}  // namespace parley::schema
