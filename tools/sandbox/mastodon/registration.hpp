// POST /api/v1/apps: anybody registers an application (Mastodon's documentation of July 2026). Threads: any.
#pragma once

#include "tools/sandbox/message.hpp"
#include "tools/sandbox/oauth/apps.hpp"
#include "tools/sandbox/switches.hpp"

namespace connectd::sandbox::mastodon {

// Registers what the request asks for in `into`, or answers 422 with the reason.
reply register_app(call const& request, oauth::apps& into, sandbox::switches const& told);

} // namespace connectd::sandbox::mastodon
