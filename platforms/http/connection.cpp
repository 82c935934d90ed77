#include "platforms/http/connection.hpp"

#include "crypto/secret.hpp"
#include "platforms/http/request_writer.hpp"
#include "platforms/http/tls.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
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

constexpr auto expected = asio::as_tuple(asio::use_awaitable_t<executor>{});

// Up to here the body is copied behind the head and both are one buffer: one write, one TLS record.
constexpr std::size_t max_inline_body = 8 * 1024;
constexpr std::size_t max_tls_record = 16 * 1024;

constexpr std::size_t first_read = 4 * 1024;
constexpr std::size_t further_read = 16 * 1024;
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
    auto const [error] = co_await socket_.async_connect(where, expected);
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
    auto const [error] = co_await tls_->stream.async_handshake(asio::ssl::stream_base::client, expected);
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
                                                 watched& op) {
    keeps_open_ = false;
    write_head(head_, what, where, user_agent);
    if (what.body.size() <= max_inline_body) {
        head_ += what.body;
    }
    reader_.start(what.method == "HEAD", limits);
    // Room for a header at its limit, or the longest line of chunk framing we put up with.
    input_.max_size(limits.header + further_read);
    return tls_ ? exchange_on(tls_->stream, what.body, op) : exchange_on(socket_, what.body, op);
}

template <class Stream>
task<connection::exchanged> connection::exchange_on(Stream& stream, std::string_view body, watched& op) {
    end_guard const guard(op, [this] { abort(); });
    exchanged so_far;
    if (op.ended() != ending::none) {
        so_far.unsent = true;
        wipe_buffers();
        co_return so_far;
    }
    bool const inlined = body.size() <= max_inline_body;
    std::tuple<boost::system::error_code, std::size_t> written;
    if (inlined) {
        written = co_await asio::async_write(stream, asio::buffer(head_), expected);
    } else {
        std::array<asio::const_buffer, 2> const both = {asio::buffer(head_), asio::buffer(body)};
        written = co_await asio::async_write(stream, both, expected);
    }
    auto const [failed, sent] = written;
    // Over TLS "nothing sent" means that no whole record went out, and only a whole record can be read.
    so_far.unsent = failed && sent == 0 && (!tls_ || head_.size() <= max_tls_record);
    if (so_far.unsent || failed == asio::error::operation_aborted) {
        wipe_buffers();
        co_return so_far;
    }
    // A write that failed half way may still have been answered: a server that has seen enough says so and
    // closes.
    std::size_t room = first_read;
    while (!reader_.done()) {
        auto const [error, count] = co_await stream.async_read_some(input_.prepare(room), expected);
        input_.commit(count);
        so_far.answered = so_far.answered || count > 0;
        if (!consume_input(so_far, error)) {
            break;
        }
        room = std::min(further_read, input_.max_size() - input_.size());
    }
    keeps_open_ = keeps_open_ && !failed;
    wipe_buffers();
    co_return so_far;
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
        so_far.answer = reader_.take();
        return false;
    }
    if (input_.size() == input_.max_size()) {
        so_far.answer = errc::response_too_large;
        return false;
    }
    return !error;
}

void connection::wipe_buffers() noexcept {
    crypto::wipe(head_.data(), head_.size());
    head_.clear();
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
