#pragma once

// The files of a run of messages: whom it goes to, and what it says. Any thread.

#include <string>

#include "outreach/recipient_list.h"
#include "outreach/template.h"
#include "outreach/vocabulary.h"

namespace parley::app {

/// Throws Error{InvalidArgument} naming the channels when it is none.
outreach::Channel channel_named(const std::string& text);

/// Reads a template. A file `.json`: an object with the fields of a template; any other: its
/// content as text or HTML, before which a line `Subject: Hello` may stand. Throws
/// Error{FileSystem}, or Error{InvalidArgument} when it says nothing.
outreach::MessageTemplate read_template_file(const std::string& path);

/// Reads a list of recipients that the channel can reach, a CSV file. Throws Error{FileSystem}, or
/// Error{InvalidArgument} when its first line lacks a column that is needed.
outreach::RecipientList read_list_file(const std::string& path, outreach::Channel channel);

}  // namespace parley::app
