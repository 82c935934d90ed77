#include "platforms/http/connection.hpp"

#include "crypto/secret.hpp"
#include "platforms/http/request_writer.hpp"
#include "platforms/http/tls.hpp"
#include "platforms/http/use_tuple.hpp"

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <tuple>
#include <utility>

#include <sys/socket.h>

namespace connectd::platforms::http {
namespace {

namespace asio = boost::asio;

// Up to here the body is copied behind the head and both are one buffer: one write, one TLS record.
constexpr std::size_t max_inline_body = 8 * 1024;
constexpr std::size_t max_tls_record = 16 * 1024;

constexpr std::size_t first_read = 4 * 1024;
constexpr std::size_t further_read = 16 * 1024;
// Of bodies that are passed on.
constexpr std::size_t streamed_read = 64 * 1024;
constexpr std::size_t streamed_piece = 64 * 1024;
// An input buffer that has grown beyond this is not kept while idle.
constexpr std::size_t max_kept_input = 8 * 1024;

// Takes the abort function back before what it refers to is gone.
class end_guard {
  public:
    end_guard(watched& op, std::function<void()> abort) : op_(op) { op_.on_end(std::move(abort)); }
    ~end_guard() { op_.clear_on_end(); }
    end_guard(end_guard const&) = delete;
    end_guard& operator=(end_guard const&) = delete;

  private:
    watched& op_;
};

} // namespace

struct connection::tls_layer {
    tls_layer(socket& below, tls_context& tls, std::string key)
        : who{tls, std::move(key)}, stream(below, tls.native()) {}

    tls_context::peer who; // before the stream, which points at it
    asio::ssl::stream<socket&> stream;
};

connection::connection(executor where) : socket_(where) {}
connection::~connection() {
    wipe_buffers();
}

void connection::abort() noexcept {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

task<result<void>> connection::connect(asio::ip::tcp::endpoint where, watched& op, deadline attempt_until) {
    watched attempt(op.watch(), attempt_until);
    end_guard const attempt_guard(attempt, [this] { abort(); });
    end_guard const guard(op, [this] { abort(); });
    if (op.ended() != ending::none || attempt.ended() != ending::none) {
        co_return errc::connect_failed;
    }
    auto const [error] = co_await socket_.async_connect(where, use_tuple);
    if (error) {
        abort(); // a socket that failed to connect may not be tried again
        co_return errc::connect_failed;
    }
    boost::system::error_code failed;
    socket_.set_option(asio::ip::tcp::no_delay(true), failed);
    if (failed) {
        co_return errc::connect_failed;
    }
    co_return result<void>();
}

task<result<void>> connection::handshake(tls_context& tls, target const& where, watched& op) {
    tls_ = std::make_unique<tls_layer>(socket_, tls, where.host + ':' + std::to_string(where.port));
    SSL* const native = tls_->stream.native_handle();
    if (auto const prepared = tls.prepare(native, tls_->who, where.host, where.literal); !prepared) {
        co_return prepared.error();
    }
    end_guard const guard(op, [this] { abort(); });
    auto const [error] = co_await tls_->stream.async_handshake(asio::ssl::stream_base::client, use_tuple);
    if (error) {
        tls.forget(tls_->who);
        co_return classify_handshake_failure(native);
    }
    co_return result<void>();
}

bool connection::resumed() const noexcept {
    return tls_ != nullptr && is_resumed(tls_->stream.native_handle());
}

task<connection::exchanged> connection::exchange(request const& what, target const& where,
                                                 std::string_view user_agent, response_limits limits,
                                                 watched& op, streaming const* how) {
    keeps_open_ = false;
    body_framing framing;
    if (how != nullptr && how->rest) {
        framing = {.length = how->length, .chunked = !how->length};
    }
    write_head(head_, what, where, user_agent, framing);
    // The first piece of a chunked body is a chunk of its own and follows in send_rest.
    sending const what_next{what.body, how};
    if (what.body.size() <= max_inline_body && !framing.chunked) {
        head_ += what.body;
    }
    reader_.start(what.method == "HEAD", limits);
    // Room for a header at its limit, or the longest line of chunk framing we put up with.
    input_.max_size(limits.header + (how != nullptr ? streamed_read : further_read));
    return tls_ ? exchange_on(tls_->stream, what_next, op) : exchange_on(socket_, what_next, op);
}

template <class Stream>
task<connection::exchanged> connection::exchange_on(Stream& stream, sending what, watched& op) {
    end_guard const guard(op, [this] { abort(); });
    exchanged so_far;
    if (op.ended() != ending::none) {
        so_far.unsent = true;
        wipe_buffers();
        co_return so_far;
    }
    bool const streams = what.how != nullptr && what.how->rest;
    bool const chunked = streams && !what.how->length;
    std::tuple<boost::system::error_code, std::size_t> written;
    op.begin_wait();
    if (what.body.size() <= max_inline_body || chunked) {
        written = co_await asio::async_write(stream, asio::buffer(head_), use_tuple);
    } else {
        std::array<asio::const_buffer, 2> const both = {asio::buffer(head_), asio::buffer(what.body)};
        written = co_await asio::async_write(stream, both, use_tuple);
    }
    auto const [failed, sent] = written;
    // Over TLS "nothing sent" means that no whole record went out, and only a whole record can be read.
    so_far.unsent = failed && sent == 0 && (!tls_ || head_.size() <= max_tls_record);
    if (so_far.unsent || failed == asio::error::operation_aborted) {
        wipe_buffers();
        co_return so_far;
    }
    wipe_head();
    bool complete = !failed;
    if (complete && streams) {
        auto const rest = co_await send_rest(stream, what, op);
        if (!rest) {
            so_far.answer = rest.error();
            wipe_buffers();
            co_return so_far;
        }
        complete = *rest == taken::whole;
    }
    // A write that failed half way may still have been answered: a server that has seen enough says so and
    // closes.
    co_await read_answer(stream, what.how == nullptr, so_far, op);
    incomplete_ = !complete;
    keeps_open_ = keeps_open_ && complete;
    if (what.how == nullptr || !so_far.answer) {
        wipe_buffers();
    }
    co_return so_far;
}

// Sends what comes behind the head. A server that has seen enough takes a part of it only.
// Errors: those of the source; invalid_request when it does not keep to the length it announced.
template <class Stream>
task<result<connection::taken>> connection::send_rest(Stream& stream, sending what, watched& op) {
    bool const chunked = !what.how->length;
    std::string buffer(chunk_line_size + streamed_piece + 2, '\0');
    std::span<char> const room(buffer.data(), chunk_line_size);
    std::span<char> const piece(buffer.data() + chunk_line_size, streamed_piece);
    std::string_view first = chunked ? what.body : std::string_view();
    std::uint64_t left = what.how->length.value_or(0) - (chunked ? 0 : what.body.size());
    for (bool last = false; !last;) {
        std::size_t size = first.copy(piece.data(), piece.size());
        first.remove_prefix(size);
        if (size == 0 && (chunked || left > 0)) {
            op.end_wait();
            auto const got = co_await what.how->rest(piece);
            if (!got) {
                co_return got.error();
            }
            size = *got;
        }
        last = size == 0;
        if (!chunked && (size > left || (last && left > 0))) {
            co_return errc::invalid_request;
        }
        left -= chunked ? 0 : size;
        char* begin = piece.data();
        char* end = piece.data() + size;
        if (chunked) {
            begin = write_chunk_line(room, size);
            *end++ = '\r';
            *end++ = '\n';
        }
        if (begin == end) {
            break;
        }
        op.begin_wait();
        auto const [failed, sent] = co_await asio::async_write(
            stream, asio::buffer(begin, static_cast<std::size_t>(end - begin)), use_tuple);
        if (failed) {
            co_return taken::part;
        }
    }
    co_return taken::whole;
}

// Reads until the answer is complete, or its header where that is enough.
template <class Stream>
task<void> connection::read_answer(Stream& stream, bool whole, exchanged& so_far, watched& op) {
    std::size_t room = first_read;
    while (!reader_.done() && (whole || !reader_.has_header())) {
        op.begin_wait();
        auto const [error, count] = co_await stream.async_read_some(input_.prepare(room), use_tuple);
        input_.commit(count);
        so_far.answered = so_far.answered || count > 0;
        if (!consume_input(so_far, error)) {
            break;
        }
        room = std::min(further_read, input_.max_size() - input_.size());
    }
    op.end_wait();
    if (!whole && reader_.has_header()) {
        so_far.answer = reader_.take_header();
    } else if (whole && reader_.done()) {
        so_far.answer = reader_.take();
    }
}

task<result<std::size_t>> connection::read_body(std::span<char> into, watched& op) {
    return tls_ ? read_body_on(tls_->stream, into, op) : read_body_on(socket_, into, op);
}

template <class Stream>
task<result<std::size_t>> connection::read_body_on(Stream& stream, std::span<char> into, watched& op) {
    std::size_t given = reader_.take_body(into);
    if (given > 0 || reader_.done()) {
        co_return given;
    }
    end_guard const guard(op, [this] { abort(); });
    exchanged so_far{.answered = true};
    while (given == 0 && !reader_.done()) {
        if (op.ended() != ending::none) {
            co_return errc::connection_lost;
        }
        op.begin_wait();
        std::size_t const room = std::min(streamed_read, input_.max_size() - input_.size());
        auto const [error, count] = co_await stream.async_read_some(input_.prepare(room), use_tuple);
        input_.commit(count);
        bool const goes_on = consume_input(so_far, error);
        given = reader_.take_body(into);
        if (!goes_on && !reader_.done()) {
            abort();
            input_.clear();
            if (given == 0) {
                co_return so_far.answer.error();
            }
        }
    }
    op.end_wait();
    if (body_ended()) {
        keeps_open_ = keeps_open_ && !incomplete_;
        wipe_buffers();
    }
    co_return given;
}

// Returns whether to read on.
bool connection::consume_input(exchanged& so_far, boost::system::error_code error) {
    if (input_.size() > 0) {
        auto const data = input_.data();
        auto const consumed = reader_.feed({static_cast<char const*>(data.data()), data.size()});
        if (!consumed) {
            so_far.answer = consumed.error();
            return false;
        }
        crypto::wipe(data.data(), *consumed);
        input_.consume(*consumed);
    }
    if (!reader_.done() && error == asio::error::eof && so_far.answered) {
        if (auto const ended = reader_.end_of_stream(); !ended) {
            return false;
        }
    }
    if (reader_.done()) {
        keep_alive_timeout_ = reader_.keep_alive_timeout();
        keeps_open_ = !error && reader_.keeps_connection() && input_.size() == 0;
        return false;
    }
    if (input_.size() == input_.max_size()) {
        so_far.answer = errc::response_too_large;
        return false;
    }
    return !error;
}

void connection::wipe_head() noexcept {
    crypto::wipe(head_.data(), head_.size());
    head_.clear();
}

void connection::wipe_buffers() noexcept {
    wipe_head();
    auto const rest = input_.data();
    crypto::wipe(rest.data(), rest.size());
    input_.clear();
    if (input_.capacity() > max_kept_input) {
        input_.shrink_to_fit();
    }
}

bool connection::still_idle() {
    if (tls_ && !is_quiet(tls_->stream.native_handle())) {
        return false;
    }
    char byte = 0;
    ssize_t const count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

} // namespace connectd::platforms::http
