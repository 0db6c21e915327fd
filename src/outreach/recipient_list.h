#pragma once

// A list of recipients out of a CSV file: who can be written to, and which lines cannot be used and
// why. Pure functions; any thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "outreach/template.h"
#include "outreach/vocabulary.h"

namespace parley::outreach {

struct ListedRecipient {
  std::size_t line = 0;
  TemplateRecipient recipient;
};

struct BrokenLine {
  std::size_t line = 0;
  std::string why;

  bool operator==(const BrokenLine&) const = default;
};

struct RecipientList {
  std::vector<std::string> columns;    ///< As the first line has them.
  std::vector<std::string> variables;  ///< What each is called in a template.
  std::vector<ListedRecipient> recipients;
  std::vector<BrokenLine> broken;
};

/// Reads the list. The first line names the columns: name (or first and last name), email, phone
/// and company are found under their usual names, the others are further fields of the recipients.
/// Each recipient can be reached by `channel`. Throws Error{InvalidArgument} when the first line
/// has no column for what the channel needs.
RecipientList read_recipients(std::string_view csv, Channel channel);

}  // namespace parley::outreach
