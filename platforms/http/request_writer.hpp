// Turns a request into the bytes that go on the wire. No I/O; any thread.
#pragma once

#include "platforms/error.hpp"
#include "platforms/http/message.hpp"
#include "platforms/http/target.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace connectd::platforms::http {

// Errors: invalid_request for a method or header name that is not a token, a header value or target with a
// control character (which could smuggle in further headers), or a header that is the client's own business.
result<void> check_request(request const& what) noexcept;

// How long the body is: known, not known (chunks), or as long as request::body.
struct body_framing {
    std::optional<std::uint64_t> length = {};
    bool chunked = false;
};

// Appends request line and header fields, empty line included, to `out`. Requires: check_request() passed.
void write_head(std::string& out, request const& what, target const& where, std::string_view user_agent,
                body_framing framing = {});

// In front of a chunk of that size, into the end of `room`; where it begins. Requires: room for
// chunk_line_size.
constexpr std::size_t chunk_line_size = 2 * sizeof(std::size_t) + 2;
char* write_chunk_line(std::span<char> room, std::size_t size);

} // namespace connectd::platforms::http
