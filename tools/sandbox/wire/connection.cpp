#include "tools/sandbox/wire/connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>

namespace connectd::sandbox::wire {
namespace {

using server::runtime::deadline_in;
using server::runtime::use_tuple;

constexpr std::size_t largest_head = 64 * 1024;
constexpr std::size_t largest_body = 128 * 1024 * 1024; // a last chunk at TikTok
constexpr std::size_t read_size = 8 * 1024;

// For each step (the wait for a request, its reading, the answer). One span for all: moving a deadline only
// ever further away keeps the timer queue out of the hot path.
constexpr std::chrono::seconds step_time{120};

} // namespace

connection::connection(tcp_socket socket, service const& shared)
    : socket_{std::move(socket)}, service_{shared}, watchdog_{socket_.get_executor(), [this] { close(); }} {
    boost::system::error_code ignored; // a socket that is gone already shows at the first read
    socket_.set_option(boost::asio::ip::tcp::no_delay{true}, ignored);
}

task<void> connection::serve() {
    while (!closed_) {
        bool const read = co_await read_request();
        if (!read)
            break;
        bool const go_on = co_await handle();
        if (!go_on || !head_.keep_alive)
            break;
        in_.erase(0, whole_size_);
        in_ += late_;
        late_.clear();
    }
    close();
}

void connection::close() {
    closed_ = true;
    boost::system::error_code ignored; // closing is all that is left to do
    socket_.close(ignored);
}

// An RST instead of an orderly end: what is unread or unsent is thrown away on both sides.
void connection::reset() {
    boost::system::error_code ignored; // on a dead socket there is nothing to reset
    socket_.set_option(boost::asio::socket_base::linger{true, 0}, ignored);
    close();
}

task<bool> connection::read_some() {
    auto const before = in_.size();
    in_.resize(before + read_size);
    auto const [error, size] =
        co_await socket_.async_read_some(boost::asio::buffer(in_.data() + before, read_size), use_tuple);
    in_.resize(before + size);
    co_return !error && !closed_;
}

task<bool> connection::read_request() {
    watchdog_.expires_at(deadline_in(step_time));
    if (in_.empty()) {
        bool const read = co_await read_some();
        if (!read)
            co_return false;
    }
    if (service_.rules.pretends() && service_.faults.strike_before_reading(service_.rules.name())) {
        reset();
        co_return false;
    }
    bool const has_head = co_await read_head();
    co_return has_head&& co_await read_body();
}

task<bool> connection::read_head() {
    std::size_t searched = 0;
    while (true) {
        auto const end = in_.find("\r\n\r\n", searched);
        if (end != std::string::npos) {
            head_size_ = end + 4;
            break;
        }
        if (in_.size() > largest_head)
            co_return co_await refuse(431, "the head is too large");
        searched = in_.size() < 3 ? 0 : in_.size() - 3;
        bool const read = co_await read_some();
        if (!read)
            co_return false;
    }
    if (auto const bad = parse_head(std::string_view{in_}.substr(0, head_size_), head_))
        co_return co_await refuse(bad->status, bad->reason);
    co_return true;
}

task<bool> connection::read_body() {
    if (head_.content_length > largest_body)
        co_return co_await refuse(413, "the body is too large");
    whole_size_ = head_size_ + static_cast<std::size_t>(head_.content_length);
    if (head_.expects_continue && in_.size() < whole_size_) {
        bool const sent = co_await send_text("HTTP/1.1 100 Continue\r\n\r\n");
        if (!sent)
            co_return false;
    }
    bool const moved = in_.size() < whole_size_;
    while (in_.size() < whole_size_) {
        bool const read = co_await read_some();
        if (!read)
            co_return false;
    }
    // The buffer may have moved while it grew, and the views of the head with it.
    if (moved)
        parse_head(std::string_view{in_}.substr(0, head_size_), head_);
    head_.request.body = std::string_view{in_}.substr(head_size_, whole_size_ - head_size_);
    co_return true;
}

task<bool> connection::handle() {
    watchdog_.expires_at(deadline_in(step_time));
    auto const endpoint = service_.rules.endpoint(head_.request);
    if (service_.rules.pretends()) {
        if (service_.latency.count() > 0) {
            bool const waited = co_await wait(service_.latency);
            if (!waited)
                co_return false;
        }
        if (auto met = service_.faults.strike(service_.rules.name(), endpoint))
            co_return co_await suffer(std::move(met), endpoint);
    }
    auto const answer = process();
    record(endpoint, answer.status, {});
    co_return co_await send(answer);
}

reply connection::process() {
    try {
        return service_.rules.answer(head_.request, service_.clock.now());
    } catch (std::exception const& failure) {
        return {500, "text/plain; charset=utf-8", {}, std::string{"the sandbox failed: "} + failure.what()};
    }
}

void connection::record(std::string_view endpoint, unsigned status, std::string_view fault) {
    if (!service_.rules.pretends())
        return;
    std::string_view const head{in_.data(), head_size_ - 4};
    service_.log.request({service_.rules.name(), endpoint, head, head_.request.body, status, fault},
                         service_.clock.now());
}

task<bool> connection::send(reply const& answer) {
    out_.clear();
    write_head(out_, answer, answer.body.size(), head_.keep_alive);
    if (head_.request.method != "HEAD")
        out_ += answer.body;
    co_return co_await send_text(out_);
}

task<bool> connection::send_text(std::string_view text) {
    auto const [error, size] =
        co_await boost::asio::async_write(socket_, boost::asio::buffer(text), use_tuple);
    co_return !error && size == text.size() && !closed_;
}

task<bool> connection::refuse(unsigned status, std::string_view reason) {
    out_.clear();
    reply const answer{status, "text/plain; charset=utf-8", {}, std::string{reason}};
    write_head(out_, answer, answer.body.size(), false);
    out_ += answer.body;
    co_await send_text(out_);
    boost::system::error_code ignored; // the client may be gone already
    socket_.shutdown(boost::asio::socket_base::shutdown_send, ignored);
    co_return false;
}

task<bool> connection::wait(std::chrono::milliseconds span) {
    watchdog_.disarm();
    server::runtime::timer timer{socket_.get_executor(), deadline_in(span)};
    co_await timer.async_wait(use_tuple);
    watchdog_.expires_at(deadline_in(step_time));
    co_return !closed_;
}

} // namespace connectd::sandbox::wire
