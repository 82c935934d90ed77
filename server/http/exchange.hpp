#pragma once

// One request and its answer, apart from how the bytes travel. Private to the connection; one thread.

#include "server/http/connection_set.hpp"
#include "server/http/request_parser.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace connectd::server::http {

class exchange {
  public:
    // Requires: the set outlives the exchange.
    exchange(connection_set& set, boost::asio::ip::tcp::endpoint const& peer, bool tls);
    exchange(exchange const&) = delete;
    exchange& operator=(exchange const&) = delete;

    // Takes what was received; returns how much of it was used.
    std::size_t feed(std::string_view received);
    // Ends the reading: header or body did not come in time.
    void time_out();

    bool has_header() const noexcept { return parser_.has_header(); }
    // Whether there is nothing left to read: the request is complete or cannot be served.
    bool settled() const { return failure_.has_value() || parser_.complete(); }
    // Whether the client waits for "100 Continue" before it sends the body; says so once.
    bool awaits_continue() noexcept { return !std::exchange(continued_, true) && parser_.expects_continue(); }

    // Whether the handler reads the body itself, so that only the header has to be there. Requires:
    // has_header().
    bool streams() const noexcept;
    // Moves what has arrived of the body into the buffer; how much that was.
    std::size_t take_body(std::span<char> into);
    bool failed() const noexcept { return failure_.has_value(); }

    // Runs the handler, or says why there is none. `rest` reads on where the exchange streams. Throws nothing
    // but what memory and cancellation throw.
    task<response> respond(body_reader rest = {});

    // What the client gets instead of the answer of a handler that takes too long.
    response overrun_answer() const;

    // The bytes of an answer, of a streamed one its head; adds what every answer has to it.
    std::string render(response& answer, bool must_close);
    bool closes() const noexcept { return closes_; }
    // After render(): whether the stream of the answer is to be sent, and in chunks.
    bool sends_stream() const noexcept { return sends_stream_; }
    bool chunked() const noexcept { return chunked_; }

    // Tells the hook.
    void report(std::size_t bytes_out, bool delivered) const;

  private:
    void begin();
    response refusal(http_error error) const;
    response no_route() const;
    response thrown(std::exception_ptr exception) const;

    connection_set& set_;
    request request_;
    request_parser parser_;
    std::optional<http_error> failure_{};
    router::lookup looked_up_{};
    std::size_t body_taken_ = 0; // of what is in request_.body
    std::size_t body_bytes_ = 0; // taken before that
    unsigned status_ = 0;
    bool continued_ = false;
    bool sends_stream_ = false;
    bool chunked_ = false;
    bool closes_ = false;
};

} // namespace connectd::server::http
