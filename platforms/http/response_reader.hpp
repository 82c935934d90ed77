// Assembles one answer from the bytes of a connection: told what arrived, says what is complete. No I/O. One
// reader a connection, used for answer after answer; one thread.
#pragma once

#include "platforms/error.hpp"
#include "platforms/http/message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace connectd::platforms::http {

struct response_limits {
    std::uint32_t header = 32 * 1024; // bytes of status line and fields together
    std::size_t body = 1024 * 1024;   // bytes, chunk framing not counted
};

class response_reader {
  public:
    response_reader();
    ~response_reader();
    response_reader(response_reader const&) = delete;
    response_reader& operator=(response_reader const&) = delete;

    // Forgets the previous answer and awaits one to a request with that method (a HEAD's answer has no body).
    void start(bool head_request, response_limits limits);

    // Takes bytes and returns how many it consumed; the rest must come first in the next call, with more
    // behind it. Interim answers (1xx) are consumed and dropped; a switch of protocols was not asked for and
    // is malformed.
    //
    // Errors: malformed_response; response_too_large as soon as that is certain: a Content-Length over the
    // limit before any of its body. Requires: not done(), and no error since start().
    result<std::size_t> feed(std::string_view bytes);

    // The server closed in an orderly way. Completes an answer that ends with the connection.
    // Errors: connection_lost when something is missing.
    result<void> end_of_stream();

    // Never after an error.
    bool done() const noexcept;
    // The header of the real answer is complete.
    bool has_header() const noexcept;
    // After done(): whether the server keeps the connection, and for how long at least, where it says so.
    bool keeps_connection() const noexcept;
    std::optional<std::chrono::seconds> keep_alive_timeout() const noexcept;

    // Moves the answer out. Requires: done().
    response take() noexcept;

    // For answers that are passed on while they come. take_header: status and header fields, once. length: of
    // the whole body, as announced. take_body: moves what has come of the body into the buffer; 0 when there
    // is nothing, which after done() is the end. Requires: has_header().
    response take_header() noexcept;
    std::optional<std::uint64_t> length() const;
    std::size_t take_body(std::span<char> into) noexcept;
    bool holds_body() const noexcept;

  private:
    class parser;
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace connectd::platforms::http
