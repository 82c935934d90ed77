#pragma once

// What is known of an answer once it is on its way: for the access log and for metrics. It carries the
// route's pattern and never the target, because a query may hold a code or a state.

#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>

namespace connectd::server::http {

// Views are valid during the call.
struct answered {
    std::string_view method;     // empty when no request line was read
    std::string_view route;      // the pattern; empty when no route matched
    std::size_t route_index = 0; // as in router::routes(); meaningful when `route` is not empty
    unsigned status = 0;
    std::size_t bytes_in = 0;  // of the body
    std::size_t bytes_out = 0; // header and body as written
    std::chrono::steady_clock::duration
        duration{}; // from the end of the request's header to the answer's last byte
    std::string_view request_id;
    std::string_view remote_address;
    bool delivered = false; // whether all bytes were handed to the kernel
};

// Called on the connection's thread.
using answered_hook = std::function<void(answered const&)>;

// One line in the process log: info, or warning from status 500 up. Does nothing when that level is off.
void write_access_log(answered const& answer);

} // namespace connectd::server::http
