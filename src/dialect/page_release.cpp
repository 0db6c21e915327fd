#include "dialect/page_release.h"

#include "base/log.h"

namespace parley::dialect {
namespace {

/// What `PRAGMA secure_delete` answers when it is on; 2 is FAST, which overwrites only what costs
/// no writing.
constexpr std::int64_t kOn = 1;

}  // namespace

PageRelease::PageRelease(database::Connection& connection, Overwrites overwrites)
    : connection_(connection) {
  if (overwrites == Overwrites::AsBefore) return;
  const auto rows = database::query(connection_, "PRAGMA secure_delete");
  if (rows.empty() || database::integer_of(rows.front().front()) != kOn) return;
  connection_.execute("PRAGMA secure_delete = FAST");
  is_changed_ = true;
}

PageRelease::~PageRelease() {
  if (!is_changed_) return;
  try {
    connection_.execute("PRAGMA secure_delete = ON");
  } catch (const std::exception& error) {
    log::error("secure_delete could not be switched on again: {}", error.what());
  }
}

}  // namespace parley::dialect
