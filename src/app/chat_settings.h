#pragma once

// The part of the configuration that concerns chat, as the module takes it.

#include "app/configuration.h"
#include "chat/settings.h"

namespace parley::app {

/// Reads `chat.*`. Makes and keeps the token secret when none is configured. Throws as secret_of
/// and Configuration::truth, and Error{InvalidConfiguration} for a mailer that lacks something and
/// for sign-ups that nobody could verify.
chat::Settings chat_settings(const Configuration& configuration);

}  // namespace parley::app
