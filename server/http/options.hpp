#pragma once

// How a listener behaves: limits, time limits, hooks. Plain data, copied into each listener.

#include "server/http/access_log.hpp"
#include "server/http/error.hpp"

#include <chrono>
#include <cstddef>

namespace connectd::server::http {

struct limits {
    std::size_t header_bytes = 16 * 1024; // request line and fields together -> 431; the line alone -> 414
    std::size_t header_count = 100;       // fields -> 431
    std::size_t target_bytes = 8 * 1024;  // -> 414
    std::size_t body_bytes = 1024 * 1024; // -> 413, without reading the rest; not for streams
};

// Each is a limit for the whole phase, not for one read, so that a slow dribble does not prolong it; streamed
// bodies are the exception. Checked by one timer a listener: a limit may be overrun by a quarter of the
// shortest one, at most by a second.
struct timeouts {
    std::chrono::milliseconds handshake{10'000}; // TLS
    std::chrono::milliseconds header{10'000};    // from the first byte -> 408
    std::chrono::milliseconds body{30'000};      // from the end of the header -> 408
    std::chrono::milliseconds handler{30'000};   // becomes request::deadline
    // A handler that overruns its deadline by this gets a 503 in its place and runs on unheard.
    std::chrono::milliseconds handler_grace{2'000};
    // The same for a route that takes bodies as they come: each read of the body has `body`, each write of
    // the answer `write`, and this is the end of it all.
    std::chrono::milliseconds stream{3'600'000};
    std::chrono::milliseconds write{30'000};
    std::chrono::milliseconds idle{75'000};  // without a byte of the next request -> closed
    std::chrono::milliseconds linger{2'000}; // after an answer that closes: wait for the client's end
};

struct hooks {
    problem_hook problem{};   // default_problem without one
    answered_hook answered{}; // after each answer; access log and metrics. Must not throw or block
};

struct server_options {
    http::limits limits{};
    http::timeouts timeouts{};
    http::hooks hooks{};
    // Strict-Transport-Security max-age for answers over TLS; 0 sends none.
    std::chrono::seconds hsts{0};
};

} // namespace connectd::server::http
