// From the configuration to what the parts of the server are set with. Pure functions, but for the one that
// reads secrets.
#pragma once

#include "platforms/catalog.hpp"
#include "platforms/http/pool.hpp"
#include "server/config.hpp"
#include "server/dialects/mounts.hpp"
#include "server/http/options.hpp"
#include "server/services/quickstart_apps.hpp"
#include "server/services/refresh/scheduler.hpp"
#include "server/services/settings.hpp"

namespace connectd::server {

// The operator's apps, with the secrets read from where they lie. An app serves the platforms that take apps
// of its platform, too. Throws start_error for a secret that cannot be read and for a platform that does not
// exist.
services::quickstart_apps load_quickstart_apps(config const& settings, platforms::catalog const& catalog);

// Without the public URL, which is known only once the server is bound. The catalog turns aliases into names.
services::settings make_service_settings(config const& settings, platforms::catalog const& catalog);
platforms::http::pool_options make_pool_options(config const& settings);
// For webhooks: other addresses may be allowed than for other URLs of users.
platforms::http::pool_options make_webhook_pool_options(config const& settings);
http::server_options make_server_options(config const& settings);
services::refresh::scheduler::options make_refresh_options(config const& settings);
// Throws start_error for a dialect that does not exist and for a host with two of them.
dialects::host_names make_dialect_hosts(config const& settings);

} // namespace connectd::server
