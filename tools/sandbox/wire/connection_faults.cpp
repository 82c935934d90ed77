// The half of wire/connection.hpp that misbehaves.
#include "tools/sandbox/wire/connection.hpp"

#include <algorithm>
#include <cerrno>

#include <sys/socket.h>

namespace connectd::sandbox::wire {
namespace {

using server::runtime::deadline_in;
using server::runtime::use_tuple;

// Nothing waits for ever, not even what hangs: far beyond any client's patience.
constexpr std::chrono::minutes longest_hang{30};
constexpr std::chrono::hours longest_drip{1};
constexpr std::chrono::seconds huge_time{300};
constexpr std::size_t most_late = 64 * 1024;

constexpr std::string_view gateway_page =
    "<!doctype html>\n<html><head><title>Bad gateway</title></head><body>\n"
    "<h1>Bad gateway</h1><p>The server had a problem. Try again later.</p>\n</body></html>\n";

bool has_true_answer(fault_kind kind) {
    switch (kind) {
    case fault_kind::latency:
    case fault_kind::hang:
    case fault_kind::reset_after_processing:
    case fault_kind::malformed_json:
    case fault_kind::slow_drip:
    case fault_kind::wrong_content_type:
    case fault_kind::close_mid_body:
        return true;
    default:
        return false;
    }
}

} // namespace

// A made-up answer for the kinds that do not ask the rules.
reply connection::invent(fault const& scripted, std::string_view endpoint) const {
    auto const& rules = service_.rules;
    auto const now = service_.clock.now();
    reply answer;
    switch (scripted.kind) {
    case fault_kind::success_with_error:
        answer = rules.error(endpoint, 400, now);
        answer.status = 200;
        break;
    case fault_kind::success_without_token:
        answer = rules.success_without_token(endpoint);
        break;
    case fault_kind::html:
        answer = html_reply(scripted.status != 0 ? scripted.status : 200, std::string{gateway_page});
        break;
    default:
        answer = rules.error(endpoint, scripted.status != 0 ? scripted.status : 503, now);
    }
    if (scripted.body)
        answer.body = *scripted.body;
    if (scripted.retry_after)
        answer.headers.emplace_back("Retry-After", std::to_string(scripted.retry_after->count()));
    return answer;
}

task<bool> connection::suffer(struck met, std::string_view endpoint) {
    auto const& scripted = *met.scripted;
    auto const kind = scripted.kind;
    auto const name = to_string(kind);
    if (kind == fault_kind::reset_after_reading) {
        record(endpoint, 0, name);
        reset();
        co_return false;
    }
    if (!scripted.after_processing) {
        if (kind == fault_kind::hang)
            record(endpoint, 0, name);
        bool const waited = co_await wait(scripted.latency);
        if (!waited || (kind == fault_kind::hang && !co_await hang(met.id)))
            co_return false;
    }
    if (kind == fault_kind::huge_body) {
        record(endpoint, 200, name);
        co_return co_await send_huge(scripted);
    }
    auto answer = has_true_answer(kind) ? process() : invent(scripted, endpoint);
    bool const lost = kind == fault_kind::reset_after_processing;
    record(endpoint, lost || kind == fault_kind::hang ? 0 : answer.status, name);
    if (lost) {
        reset();
        co_return false;
    }
    if (scripted.after_processing) {
        bool const waited = co_await wait(scripted.latency);
        if (!waited || (kind == fault_kind::hang && !co_await hang(met.id)))
            co_return false;
    }
    switch (kind) {
    case fault_kind::malformed_json:
        answer.body.resize(answer.body.size() * 2 / 3);
        break;
    case fault_kind::wrong_content_type:
        answer.content_type = "text/plain; charset=utf-8";
        break;
    case fault_kind::slow_drip:
        co_return co_await drip(answer, scripted.interval);
    case fault_kind::close_mid_body:
        co_return co_await send_half(answer);
    default:
        break;
    }
    co_return co_await send(answer);
}

// True when the fault was cleared and the request may go on.
task<bool> connection::hang(std::uint64_t fault_id) {
    watchdog_.expires_at(deadline_in(longest_hang));
    hanging_ = true;
    while (!closed_ && service_.faults.holds(fault_id)) {
        // Ends with an error when `look_again` or `close` cancels it, and the loop's condition tells which.
        auto const [error] = co_await socket_.async_wait(tcp_socket::wait_read, use_tuple);
        if (!error && client_has_left())
            break;
    }
    hanging_ = false;
    watchdog_.expires_at(deadline_in(huge_time));
    co_return !closed_ && !service_.faults.holds(fault_id);
}

void connection::look_again() {
    boost::system::error_code ignored; // a closed socket waits for nothing
    if (hanging_)
        socket_.cancel(ignored);
}

// Data that comes while a request hangs can only be a pipelined request: it is kept for later.
bool connection::client_has_left() {
    char byte = 0;
    auto const got = ::recv(socket_.native_handle(), &byte, 1, MSG_DONTWAIT);
    if (got == 1) {
        late_.push_back(byte);
        return late_.size() > most_late;
    }
    return got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

task<bool> connection::send_huge(fault const& scripted) {
    constexpr std::string_view opening = "{\"padding\":\"";
    constexpr std::string_view closing = "\"}";
    watchdog_.expires_at(deadline_in(huge_time));
    auto const total = std::max<std::uint64_t>(scripted.bytes, opening.size() + closing.size());
    out_.clear();
    write_head(out_, {200, "application/json; charset=utf-8", {}, {}}, total, head_.keep_alive);
    out_ += opening;
    bool sent = co_await send_text(out_);
    std::string const block(64 * 1024, 'x');
    auto left = total - opening.size() - closing.size();
    while (sent && left > 0) {
        auto const size = std::min<std::uint64_t>(left, block.size());
        left -= size;
        sent = co_await send_text(std::string_view{block}.substr(0, static_cast<std::size_t>(size)));
    }
    co_return sent&& co_await send_text(closing);
}

task<bool> connection::drip(reply const& answer, std::chrono::milliseconds interval) {
    out_.clear();
    write_head(out_, answer, answer.body.size(), head_.keep_alive);
    bool sent = co_await send_text(out_);
    auto const last = deadline_in(longest_drip);
    for (std::size_t i = 0; sent && i < answer.body.size() && server::runtime::steady_now() < last; ++i) {
        bool const waited = co_await wait(interval);
        sent = waited && co_await send_text(std::string_view{answer.body}.substr(i, 1));
    }
    co_return sent;
}

task<bool> connection::send_half(reply const& answer) {
    out_.clear();
    write_head(out_, answer, answer.body.size(), head_.keep_alive);
    out_ += std::string_view{answer.body}.substr(0, answer.body.size() / 2);
    co_await send_text(out_);
    boost::system::error_code ignored; // the client may be gone already
    socket_.shutdown(tcp_socket::shutdown_send, ignored);
    co_return false;
}

} // namespace connectd::sandbox::wire
