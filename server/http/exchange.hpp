#pragma once

// One request and its answer, apart from how the bytes travel. Private to the connection; one thread.

#include "server/http/connection_set.hpp"
#include "server/http/request_parser.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

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
    bool expects_continue() const noexcept { return parser_.expects_continue(); }

    // Finds and runs the handler, or says why there is none. Throws nothing but what memory and cancellation
    // throw.
    task<response> respond();

    // What the client gets instead of the answer of a handler that takes too long.
    response overrun_answer() const;

    // The bytes of an answer; sets `closes()`.
    std::string render(response answer, bool must_close);
    bool closes() const noexcept { return closes_; }

    // Tells the hook.
    void report(std::size_t bytes_out, bool delivered) const;

  private:
    void begin();
    response refusal(http_error error) const;
    response no_route(router::lookup looked_up) const;
    response failed(std::exception_ptr exception) const;

    connection_set& set_;
    request request_;
    request_parser parser_;
    std::optional<http_error> failure_{};
    unsigned status_ = 0;
    bool closes_ = false;
};

} // namespace connectd::server::http
