#pragma once

// Messages as files, one each, for trying things out: e-mails as `.eml`, others as `.json`. A file
// is there as a whole or not at all, and a repetition replaces it.

#include "outreach/channels/carrier.h"
#include "outreach/channels/settings.h"

namespace parley::outreach {

/// Throws Error{FileSystem} when the directory cannot be made.
std::unique_ptr<Carrier> open_file_sink(const FileSettings& settings, Channel carries,
                                        const Clock& clock);

/// The name of a message's file, without its ending: its log id, where that can be one.
std::string file_name_of(const std::string& log_id);

}  // namespace parley::outreach
