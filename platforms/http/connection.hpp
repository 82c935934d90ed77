// One TCP or TLS connection to an origin and the exchanges on it, one after the other. The only unit that
// instantiates outbound streams. One thread; owned by the pool while idle and by a request while in use.
//
// After an error, or when keeps_open() says no, it is good for nothing but destruction.
#pragma once

#include "platforms/error.hpp"
#include "platforms/http/deadline_watch.hpp"
#include "platforms/http/message.hpp"
#include "platforms/http/response_reader.hpp"
#include "platforms/http/stream.hpp"
#include "platforms/http/target.hpp"
#include "platforms/task.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace connectd::platforms::http {

class tls_context;

class connection {
  public:
    explicit connection(executor where);
    ~connection();
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;

    // Every coroutine below ends early, with an error, once `op` has ended; the caller asks `op` for the
    // reason. `op` and the references outlive the coroutine.

    // Errors: connect_failed, also when `attempt_until` has passed. May be called again after it failed.
    task<result<void>> connect(boost::asio::ip::tcp::endpoint where, watched& op, deadline attempt_until);

    // Errors: tls_failed, certificate_refused.
    task<result<void>> handshake(tls_context& tls, target const& where, watched& op);

    struct exchanged {
        result<response> answer = errc::connection_lost;
        // True when no byte of the request can have reached the server, so that sending it again is harmless.
        bool unsent = false;
        // True when any byte of an answer arrived.
        bool answered = false;
    };
    // What an exchange passes on piece by piece: behind the request's own body, and the answer's.
    struct streaming {
        body_reader& rest;                   // may be empty
        std::optional<std::uint64_t> length; // of the whole request body, where it is known
    };
    // Sends a request that passed check_request() and reads the answer; with `how` only the header of it, and
    // read_body has the rest. Errors: connection_lost, malformed_response, response_too_large; those of
    // `how->rest`.
    task<exchanged> exchange(request const& what, target const& where, std::string_view user_agent,
                             response_limits limits, watched& op, streaming const* how = nullptr);

    // The next bytes of the answer's body, 0 at its end. Errors: connection_lost, malformed_response.
    // Requires: a streamed exchange that succeeded.
    task<result<std::size_t>> read_body(std::span<char> into, watched& op);
    // Whether read_body has given all there is.
    bool body_ended() const noexcept { return reader_.done() && !reader_.holds_body(); }
    // As announced. Requires: like read_body.
    std::optional<std::uint64_t> body_length() const { return reader_.length(); }

    // True when the last exchange left the connection fit for another.
    bool keeps_open() const noexcept { return keeps_open_; }
    // How long the server said it would wait for that other, if it said so.
    std::optional<std::chrono::seconds> keep_alive_timeout() const noexcept { return keep_alive_timeout_; }

    // A look at an idle connection, without waiting: false when the server has closed it or has sent
    // something unasked.
    bool still_idle();

    bool resumed() const noexcept;

    // Makes the wait under way fail.
    void abort() noexcept;

    // Bookkeeping of the pool.
    std::chrono::steady_clock::time_point opened_at;
    std::chrono::steady_clock::time_point idle_until;

  private:
    using socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor>;
    struct tls_layer;

    struct sending {
        std::string_view body;
        streaming const* how;
    };
    template <class Stream>
    task<exchanged> exchange_on(Stream& stream, sending what, watched& op);
    enum class taken : bool { part, whole };
    template <class Stream>
    task<result<taken>> send_rest(Stream& stream, sending what, watched& op);
    template <class Stream>
    task<void> read_answer(Stream& stream, bool whole, exchanged& so_far, watched& op);
    template <class Stream>
    task<result<std::size_t>> read_body_on(Stream& stream, std::span<char> into, watched& op);
    bool consume_input(exchanged& so_far, boost::system::error_code error);
    void wipe_head() noexcept;
    void wipe_buffers() noexcept;

    socket socket_;
    std::unique_ptr<tls_layer> tls_;
    // Reused from exchange to exchange, wiped after each: they have held tokens.
    std::string head_;
    boost::beast::flat_buffer input_;
    response_reader reader_;
    bool keeps_open_ = false;
    bool incomplete_ = false; // the server has not taken the whole request
    std::optional<std::chrono::seconds> keep_alive_timeout_;
};

} // namespace connectd::platforms::http
