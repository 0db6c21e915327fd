#pragma once

// The forms of an export. What stands in them is what the programs before this one wrote: times as
// `2025-01-31 09:30:00.000000` in UTC. Pure functions; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "outreach/sessions.h"
#include "outreach/tables.h"
#include "outreach/vocabulary.h"

namespace parley::outreach {

enum class ExportFormat { Json, Csv, Ndjson };

/// Whether cells that a spreadsheet would take for formulas are made texts.
enum class CsvCells { AsTheyAre, Safe };

struct ExportRequest {
  ExportFormat format = ExportFormat::Json;
  std::int64_t days = 30;
  CsvCells cells = CsvCells::AsTheyAre;
};

/// `json`, `csv` or `ndjson` in any letter case.
std::optional<ExportFormat> parse_export_format(std::string_view text);

std::string_view content_type_of(ExportFormat format);

/// What stands before the messages, between them and the sessions, and behind those. `had_rows`:
/// whether the list before had any.
std::string export_begin(const ExportRequest& request, const std::string& user_id, Timestamp now);
std::string export_middle(const ExportRequest& request, bool had_rows);
std::string export_end(const ExportRequest& request, bool had_rows);

enum class Place { First, Later };
void append_export(std::string& text, const ExportRequest& request, const MessageLogRow& message,
                   Place place);
void append_export(std::string& text, const ExportRequest& request, const SessionView& view,
                   Place place);

}  // namespace parley::outreach
