#pragma once

// ALGORITHM and LOCK. The servers refuse at once, with error 1845 or 1846, what they cannot do in
// the way that was asked, so the way that disturbs least is simply tried first (MySQL 8.0 Reference
// Manual, "Online DDL Operations"; MariaDB documentation, "InnoDB Online DDL Overview"). Pure; any
// thread.

#include <string>
#include <vector>

namespace parley::dialect {

/// `statement` with INSTANT, and with INPLACE and no lock for writers; empty for statements that
/// know no such clauses.
std::vector<std::string> mysql_online_forms(const std::string& statement);

}  // namespace parley::dialect
