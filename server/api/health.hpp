// Probes and metrics. Handlers; see route.hpp.
#pragma once

#include "server/api/route.hpp"

namespace connectd::server::api {

// GET /healthz: the process answers.
runtime::task<http::response> healthz(call of);
// GET /readyz: it can do its work; 503 with the reason when not.
runtime::task<http::response> readyz(call of);
// GET /metrics: Prometheus text.
runtime::task<http::response> metrics(call of);

} // namespace connectd::server::api
