#pragma once

// `serve --dev`: what makes trying Parley out a matter of copying lines. Loopback only.

#include <string>

#include "app/configuration.h"

namespace parley::app {

/// Switches the open development access of the modules on. Throws Error{InvalidConfiguration} when
/// the address to listen on is not a loopback one: without tokens, nobody else may reach it.
void open_for_demo(Configuration::Flags& flags);

/// Creates the demo agent with a new password and gives the text that shows it, two tokens, and
/// curl lines that work as printed against `address`.
std::string prepare_demo(const Configuration& configuration, const std::string& address);

}  // namespace parley::app
