// What the handlers of one I/O thread work with. The composition root makes one a thread; it outlives the
// thread's router.
#pragma once

#include "server/api/cors.hpp"
#include "server/http/rate_limiter.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/metrics.hpp"
#include "server/services/event_hub.hpp"
#include "server/services/services.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace connectd::server::api {

using parameter_list = std::vector<std::pair<std::string, std::string>>;

struct context {
    services::all& services;
    services::event_hub& streams; // of this thread
    runtime::clock const& clock;
    runtime::metrics_registry const& metrics;
    http::rate_limiter& limiter; // of all threads, by API key
    cors_rules const& cors;
    std::string public_url;
    // Whether the server can do its work, and why not; empty when it can.
    std::function<std::string()> not_ready;
    // What is added to the return URL of a session that another API began, in that API's words.
    std::function<parameter_list(services::callback_answer const&)> told_elsewhere = {};
};

} // namespace connectd::server::api
