#include "dialect/beyond_model.h"

#include <string_view>

#include "dialect/dialect.h"

namespace parley::dialect {
namespace {

/// `here` is the current schema. Functions of extensions are there wherever the extension is; and
/// the column of indexes that NULLS NOT DISTINCT has came with version 15.
constexpr std::string_view kPostgresql = R"(
WITH here AS (SELECT oid FROM pg_namespace WHERE nspname = current_schema()),
relation AS (SELECT c.* FROM pg_class c JOIN here ON c.relnamespace = here.oid),
own_function AS (
  SELECT p.oid, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND NOT EXISTS (
    SELECT 1 FROM pg_depend d
    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'))
SELECT 'table ' || relname || ' is partitioned' FROM relation WHERE relkind = 'p'
UNION ALL
SELECT 'table ' || c.relname || ' inherits another' FROM relation c
JOIN pg_inherits i ON i.inhrelid = c.oid WHERE c.relkind = 'r' AND NOT c.relispartition
UNION ALL
SELECT 'column ' || c.relname || '.' || a.attname || ' is of the type ' || t.typname || ', a '
  || CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'composite type' END
FROM relation c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND t.typtype IN ('d', 'c')
UNION ALL
SELECT 'table ' || c.relname || ' has the exclusion constraint ' || k.conname FROM relation c
JOIN pg_constraint k ON k.conrelid = c.oid WHERE k.contype = 'x'
UNION ALL
SELECT 'table ' || c.relname || ' has the constraint ' || k.conname
  || ', which is not valid for all rows' FROM relation c
JOIN pg_constraint k ON k.conrelid = c.oid WHERE NOT k.convalidated
UNION ALL
SELECT 'table ' || c.relname || ' has the constraint ' || k.conname || ', which calls the function '
  || f.proname FROM relation c JOIN pg_constraint k ON k.conrelid = c.oid
JOIN pg_depend d ON d.classid = 'pg_constraint'::regclass AND d.objid = k.oid
  AND d.refclassid = 'pg_proc'::regclass
JOIN own_function f ON f.oid = d.refobjid
UNION ALL
SELECT 'table ' || c.relname || ' has a default that calls the function ' || f.proname
FROM relation c JOIN pg_attrdef e ON e.adrelid = c.oid
JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = e.oid
  AND d.refclassid = 'pg_proc'::regclass
JOIN own_function f ON f.oid = d.refobjid
UNION ALL
SELECT 'index ' || c.relname || ' calls the function ' || f.proname
FROM relation c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
  AND d.refclassid = 'pg_proc'::regclass
JOIN own_function f ON f.oid = d.refobjid WHERE c.relkind = 'i'
UNION ALL
SELECT 'index ' || c.relname || ' takes NULLs for equal' FROM relation c
JOIN pg_index i ON i.indexrelid = c.oid WHERE to_jsonb(i) ->> 'indnullsnotdistinct' = 'true'
UNION ALL
SELECT 'table ' || relname || ' has row level security' FROM relation
WHERE relkind = 'r' AND relrowsecurity
UNION ALL
SELECT 'table ' || c.relname || ' has the rule ' || r.rulename FROM relation c
JOIN pg_rewrite r ON r.ev_class = c.oid WHERE c.relkind = 'r'
UNION ALL
SELECT 'view ' || relname || ' has a check option' FROM relation
WHERE relkind = 'v' AND array_to_string(reloptions, ',') LIKE '%check_option%'
UNION ALL
SELECT 'materialized view ' || c.relname || ' has an index' FROM relation c
JOIN pg_index i ON i.indrelid = c.oid WHERE c.relkind = 'm'
ORDER BY 1)";

/// A table with system versioning and a sequence are neither BASE TABLE nor VIEW.
constexpr std::string_view kMysql = R"(
SELECT CONCAT(CASE WHEN table_type = 'SEQUENCE' THEN 'there is the sequence ' ELSE 'table ' END,
              table_name,
              CASE WHEN table_type = 'SEQUENCE' THEN '' ELSE ' is versioned by the system' END)
FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_type IN ('SYSTEM VERSIONED', 'SEQUENCE')
UNION ALL
SELECT DISTINCT CONCAT('table ', table_name, ' is partitioned') FROM information_schema.partitions
WHERE table_schema = DATABASE() AND partition_name IS NOT NULL
ORDER BY 1)";

}  // namespace

std::vector<std::string> beyond_model(database::Connection& connection) {
  const std::string& name = dialect_of(connection).capabilities().name;
  if (name == "sqlite") return {};
  std::vector<std::string> lines;
  for (const auto& row :
       database::query(connection, std::string(name == "postgresql" ? kPostgresql : kMysql))) {
    lines.push_back(database::text_of(row.front()));
  }
  return lines;
}

}  // namespace parley::dialect
