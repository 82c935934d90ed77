// The head of an HTTP/1.1 request (RFC 9112), read strictly. The sandbox has an HTTP server of its own
// because it must be able to break the rules at any byte, which the server it helps to test takes care never
// to do; and so that a client is not judged by the same parser twice.
//
// Pure functions, any thread.
#pragma once

#include "tools/sandbox/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace connectd::sandbox::wire {

struct request_head {
    call request; // views into the text that was parsed
    std::uint64_t content_length = 0;
    bool keep_alive = true;
    bool expects_continue = false;
};

struct bad_head {
    unsigned status; // 400, 411, 501 or 505
    std::string_view reason;
};

// Parses a head with its closing empty line into `into`, whose vectors keep their memory from one request to
// the next.
std::optional<bad_head> parse_head(std::string_view text, request_head& into);

std::string_view reason_phrase(unsigned status);

// Status line, headers and the empty line for a body of that many bytes.
void write_head(std::string& out, reply const& answer, std::uint64_t content_length, bool keep_alive);

} // namespace connectd::sandbox::wire
