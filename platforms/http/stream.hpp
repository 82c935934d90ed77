// Requests and answers whose bodies travel piece by piece, so that their size costs no memory: whoever reads
// slowly slows the other side down.
#pragma once

#include "platforms/error.hpp"
#include "platforms/http/message.hpp"
#include "platforms/task.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

namespace connectd::platforms::http {

// Puts the next bytes of a body into the buffer and says how many; 0 is the body's end. The buffer outlives
// the returned task and is not empty. Not called again after an error, nor before the previous call has
// ended.
using body_reader = std::function<task<result<std::size_t>>(std::span<char>)>;

struct streamed_request {
    // Its body goes first; max_response_body means nothing here.
    request head;
    // What follows head.body; may be empty. When it fails, so does the request.
    body_reader rest = {};
    // Of both together; nothing where that is not known: the body goes out in chunks.
    std::optional<std::uint64_t> length = {};
    // How long any one wait for the network may take, beside the deadline for all of it.
    std::chrono::steady_clock::duration patience = std::chrono::seconds(60);
};

struct streamed_response {
    response head; // without a body
    // As the server announced it, also of the body that an answer to HEAD does not have.
    std::optional<std::uint64_t> length = {};
    // Errors: timed_out, cancelled, connection_lost, malformed_response. Dropping it before the end closes
    // the connection.
    body_reader body = {};
};

} // namespace connectd::platforms::http
