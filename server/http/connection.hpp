#pragma once

// One client: reads requests, runs their handlers one after the other, writes the answers. Private to the
// library; one thread. Instantiated for plain sockets and for TLS in one unit each.
//
// A connection is owned by its own coroutine. Outside a request it holds a socket, a small buffer and that
// coroutine; all else comes with the first byte of a request and goes with its answer.

#include "server/http/connection_set.hpp"
#include "server/http/exchange.hpp"
#include "server/http/serve.hpp"
#include "server/http/streamed_answer.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace connectd::server::http {

template <class Stream>
class connection final : public connection_base, public std::enable_shared_from_this<connection<Stream>> {
  public:
    template <class... Arguments>
    connection(std::shared_ptr<connection_set> set, accepted client, Arguments&... arguments)
        : connection_base{std::move(set)},
          stream_{std::move(client.socket), arguments...},
          peer_{client.peer},
          place_{std::move(client.place)} {}

    // The whole life of the connection. `self` keeps it alive.
    static task<void> serve(std::shared_ptr<connection> self);

    // Says that there are too many connections.
    static task<void> refuse(std::shared_ptr<connection> self);

    void check(runtime::steady_time now) override;
    void drain() override;
    void close() noexcept override;

  private:
    enum class phase : std::uint8_t { handshake, idle, reading, handling, producing, writing, lingering };

    static constexpr bool is_tls = !std::is_same_v<Stream, tcp_socket>;
    static constexpr std::size_t idle_buffer = 1024;
    static constexpr std::size_t read_size = 16 * 1024;
    static constexpr std::size_t stream_read_size = 64 * 1024;
    static constexpr std::size_t most_discarded = 1024 * 1024;

    tcp_socket& socket() noexcept;
    timeouts const& limits() const noexcept { return set().options().timeouts; }
    void enter(phase next, std::chrono::milliseconds limit);
    void feed();
    task<bool> exchange_one();
    task<bool> read_header();
    task<bool> read_rest();
    task<bool> allow_body();
    task<boost::system::result<std::size_t>> read_body(std::span<char> into);
    task<bool> receive(std::size_t most = read_size);
    task<bool> answer_with(response answer);
    task<bool> write_stream(std::string head, body_stream body);
    task<std::size_t> write(std::string_view bytes);
    task<void> linger();
    task<void> answer_late(std::shared_ptr<connection> self, std::string bytes);
    void overrun();

    Stream stream_;
    boost::beast::flat_buffer buffer_;
    std::unique_ptr<exchange> current_; // while a request is in work
    runtime::steady_time deadline_{};
    boost::asio::ip::tcp::endpoint peer_;
    connection_place place_;
    phase phase_ = phase::idle;
    bool timed_out_ = false;
    bool abandoned_ = false; // the client has got its answer elsewhere; the handler runs on
    bool deserted_ = false;  // the client went away while the handler read its body
};

template <class Stream>
tcp_socket& connection<Stream>::socket() noexcept {
    if constexpr (is_tls) {
        return stream_.next_layer();
    } else {
        return stream_;
    }
}

template <class Stream>
void connection<Stream>::enter(phase next, std::chrono::milliseconds limit) {
    phase_ = next;
    deadline_ = runtime::deadline_in(limit);
}

template <class Stream>
task<void> connection<Stream>::serve(std::shared_ptr<connection> self) {
    if constexpr (is_tls) {
        self->enter(phase::handshake, self->limits().handshake);
        auto [error] =
            co_await self->stream_.async_handshake(boost::asio::ssl::stream_base::server, runtime::use_tuple);
        if (error) {
            co_return;
        }
    }
    for (;;) {
        if (self->buffer_.size() == 0) {
            if (self->set().draining()) {
                co_return;
            }
            self->enter(phase::idle, self->limits().idle);
            auto [error, size] = co_await self->stream_.async_read_some(self->buffer_.prepare(idle_buffer),
                                                                        runtime::use_tuple);
            if (error) {
                co_return;
            }
            self->buffer_.commit(size);
        }
        if (!co_await self->exchange_one()) {
            co_return;
        }
    }
}

// One request. False when the connection is at its end.
template <class Stream>
task<bool> connection<Stream>::exchange_one() {
    current_ = std::make_unique<exchange>(set(), peer_, is_tls);
    phase_ = phase::reading;
    timed_out_ = false;
    feed();
    if (!current_->settled() && !co_await read_header()) {
        co_return false;
    }
    bool const streams = current_->streams();
    if (!current_->settled() && !streams && !co_await read_rest()) {
        co_return false;
    }
    enter(phase::handling, (streams ? limits().stream : limits().handler) + limits().handler_grace);
    auto answer = co_await current_->respond([this](std::span<char> into) { return this->read_body(into); });
    if (abandoned_) {
        co_return false;
    }
    bool const sent = co_await answer_with(std::move(answer));
    bool const closes = current_->closes();
    current_.reset();
    if (!sent) {
        co_return false;
    }
    if (closes) {
        co_await linger();
        co_return false;
    }
    if (buffer_.size() == 0 && buffer_.capacity() > 4 * idle_buffer) {
        buffer_.shrink_to_fit();
    }
    co_return true;
}

template <class Stream>
void connection<Stream>::feed() {
    auto const received = buffer_.data();
    buffer_.consume(current_->feed({static_cast<char const*>(received.data()), received.size()}));
}

// Sends the answer. False when it could not be delivered whole.
template <class Stream>
task<bool> connection<Stream>::answer_with(response answer) {
    auto bytes = current_->render(answer, set().draining() || !current_->settled());
    if (deserted_) {
        current_->report(0, false);
        co_return false;
    }
    if (current_->sends_stream()) {
        co_return co_await write_stream(std::move(bytes), std::move(*answer.stream));
    }
    enter(phase::writing, limits().write);
    auto const sent = co_await write(bytes);
    current_->report(sent, sent == bytes.size());
    co_return sent == bytes.size();
}

template <class Stream>
task<bool> connection<Stream>::write_stream(std::string head, body_stream body) {
    streamed_answer answer{std::move(head), std::move(body), current_->chunked()};
    std::size_t total = 0;
    bool whole = false;
    for (;;) {
        enter(phase::producing, current_->streams() ? limits().stream : limits().handler);
        auto const piece = co_await answer.next();
        whole = piece && piece->empty();
        if (whole || !piece) {
            break;
        }
        enter(phase::writing, limits().write);
        auto const sent = co_await write(*piece);
        total += sent;
        if (sent < piece->size()) {
            break;
        }
    }
    current_->report(total, whole);
    co_return whole;
}

// Reads until the header is complete or the exchange settled. False when the client went away, which leaves
// nobody to answer.
template <class Stream>
task<bool> connection<Stream>::read_header() {
    if (current_->has_header()) {
        co_return true;
    }
    enter(phase::reading, limits().header);
    while (!current_->has_header() && !current_->settled()) {
        if (!co_await receive()) {
            co_return current_->settled();
        }
    }
    co_return true;
}

// Lets a client that asked first send its body. False when it went away.
template <class Stream>
task<bool> connection<Stream>::allow_body() {
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    if (!current_->awaits_continue() || buffer_.size() != 0) {
        co_return true;
    }
    co_return co_await write(go_on) == go_on.size();
}

// Of a body that the handler reads itself.
template <class Stream>
task<boost::system::result<std::size_t>> connection<Stream>::read_body(std::span<char> into) {
    auto const gone = make_error_code(boost::system::errc::connection_aborted);
    auto const handler_ends = deadline_;
    auto arrived = current_->take_body(into);
    while (arrived == 0 && !current_->settled()) {
        if (abandoned_ || deserted_) {
            co_return gone;
        }
        enter(phase::reading, limits().body);
        deserted_ = !co_await allow_body() || !co_await receive(stream_read_size);
        deserted_ = deserted_ && !current_->settled();
        phase_ = phase::handling;
        deadline_ = handler_ends;
        arrived = current_->take_body(into);
    }
    if (arrived == 0 && current_->failed()) {
        co_return gone;
    }
    co_return arrived;
}

// Reads the body until the exchange is settled. False as above.
template <class Stream>
task<bool> connection<Stream>::read_rest() {
    enter(phase::reading, limits().body);
    if (!co_await allow_body()) {
        co_return false;
    }
    while (!current_->settled()) {
        if (!co_await receive()) {
            co_return current_->settled();
        }
    }
    co_return true;
}

// Reads once and feeds it. False at the end of the stream; when the time is up the exchange is settled then.
template <class Stream>
task<bool> connection<Stream>::receive(std::size_t most) {
    auto [error, size] = co_await stream_.async_read_some(buffer_.prepare(most), runtime::use_tuple);
    buffer_.commit(size);
    if (size > 0) {
        feed();
    }
    if (timed_out_) {
        current_->time_out();
    }
    co_return !error && !timed_out_;
}

// How many bytes went out.
template <class Stream>
task<std::size_t> connection<Stream>::write(std::string_view bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        auto [error, size] =
            co_await stream_.async_write_some(boost::asio::buffer(bytes.substr(sent)), runtime::use_tuple);
        sent += size;
        if (error) {
            break;
        }
    }
    co_return sent;
}

// Closing a socket with unread bytes in it resets the connection, and the reset can overtake the answer. So:
// say that we are done, then throw away what still comes until the client is done as well, within bounds.
template <class Stream>
task<void> connection<Stream>::linger() {
    enter(phase::lingering, limits().linger);
    if constexpr (is_tls) {
        co_await stream_.async_shutdown(runtime::use_tuple);
    }
    boost::system::error_code ignored;
    socket().shutdown(boost::asio::socket_base::shutdown_send, ignored);
    buffer_.clear();
    for (std::size_t discarded = 0; discarded < most_discarded;) {
        auto [error, size] =
            co_await socket().async_read_some(buffer_.prepare(read_size), runtime::use_tuple);
        if (error) {
            co_return;
        }
        discarded += size;
    }
}

template <class Stream>
task<void> connection<Stream>::refuse(std::shared_ptr<connection> self) {
    auto answer = self->set().problem({.kind = error_kind::too_many_connections,
                                       .detail = "The server has as many connections as it can hold."});
    auto const bytes = serialize(answer, {.date = self->set().date(), .request_id = {}, .close = true});
    self->enter(phase::writing, self->limits().write);
    co_await self->write(bytes);
    co_await self->linger();
}

template <class Stream>
void connection<Stream>::overrun() {
    abandoned_ = true;
    auto answer = current_->overrun_answer();
    auto bytes = current_->render(answer, true);
    enter(phase::writing, limits().write);
    if (!set().tasks().spawn("late answer", answer_late(this->shared_from_this(), std::move(bytes)))) {
        close();
    }
}

template <class Stream>
task<void> connection<Stream>::answer_late(std::shared_ptr<connection> self, std::string bytes) {
    auto const sent = co_await self->write(bytes);
    self->current_->report(sent, sent == bytes.size());
    co_await self->linger();
    self->close();
}

template <class Stream>
void connection<Stream>::check(runtime::steady_time now) {
    if (now < deadline_) {
        return;
    }
    if (phase_ == phase::handling) {
        overrun();
    } else if (phase_ == phase::reading) {
        timed_out_ = true;
        boost::system::error_code ignored;
        socket().cancel(ignored);
    } else {
        close();
    }
}

template <class Stream>
void connection<Stream>::drain() {
    if (phase_ == phase::idle || phase_ == phase::handshake) {
        close();
    }
}

template <class Stream>
void connection<Stream>::close() noexcept {
    boost::system::error_code ignored;
    socket().close(ignored);
    deadline_ = runtime::steady_time::max();
}

} // namespace connectd::server::http
