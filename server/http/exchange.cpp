#include "server/http/exchange.hpp"

#include "server/http/middleware.hpp"
#include "server/http/request_id.hpp"
#include "server/runtime/log.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace connectd::server::http {

exchange::exchange(connection_set& set, boost::asio::ip::tcp::endpoint const& peer, bool tls)
    : set_{set}, parser_{set.options().limits, request_} {
    request_.remote = peer;
    request_.tls = tls;
}

std::size_t exchange::feed(std::string_view received) {
    std::size_t used = 0;
    while (!settled()) {
        bool const had_header = parser_.has_header();
        auto const taken = parser_.feed(received.substr(used));
        used += taken;
        failure_ = parser_.failure();
        if (!had_header && parser_.has_header()) {
            begin();
        } else if (taken == 0 || used == received.size()) {
            break;
        }
    }
    if (failure_ && request_.request_id.empty()) {
        begin();
    }
    return used;
}

void exchange::time_out() {
    if (!settled()) {
        failure_ =
            http_error{.kind = error_kind::request_timeout, .detail = "The request did not arrive in time."};
        if (request_.request_id.empty()) {
            begin();
        }
    }
}

void exchange::begin() {
    request_.arrived = runtime::steady_now();
    auto const sent = request_.headers.find("X-Request-Id");
    request_.request_id = sent && is_sane_request_id(*sent) ? std::string{*sent} : make_request_id();
    if (failure_) {
        return;
    }
    looked_up_ = set_.routes().find(request_);
    request_.content_length = parser_.body_length();
    if (streams()) {
        parser_.lift_body_limit();
    }
}

bool exchange::streams() const noexcept {
    return looked_up_.found != nullptr && looked_up_.found->taken == bodies::streamed;
}

std::size_t exchange::take_body(std::span<char> into) {
    auto const size = request_.body.copy(into.data(), into.size(), body_taken_);
    body_taken_ += size;
    if (body_taken_ == request_.body.size()) {
        body_bytes_ += std::exchange(body_taken_, 0);
        request_.body.clear();
    }
    return size;
}

task<response> exchange::respond(body_reader rest) {
    if (failure_) {
        co_return refusal(*failure_);
    }
    if (looked_up_.found == nullptr) {
        co_return no_route();
    }
    auto const& limits = set_.options().timeouts;
    request_.deadline = runtime::deadline_in(streams() ? limits.stream : limits.handler);
    request_.read_body = std::move(rest);
    std::exception_ptr failure;
    try {
        auto answer = co_await looked_up_.found->run(request_);
        if (failure_) { // the body's, while the handler read it
            co_return refusal(*failure_);
        }
        co_return answer;
    } catch (...) {
        failure = std::current_exception();
    }
    co_return thrown(std::move(failure));
}

response exchange::refusal(http_error error) const {
    error.request_id = request_.request_id;
    error.cause = &request_;
    return set_.problem(error);
}

response exchange::no_route() const {
    if (looked_up_.malformed) {
        return refusal({.kind = error_kind::malformed_request, .detail = "The path is malformed."});
    }
    if (looked_up_.allow.empty()) {
        return refusal({.kind = error_kind::not_found, .detail = "There is nothing at this path."});
    }
    std::string allow;
    for (auto const& method : looked_up_.allow) {
        allow.append(allow.empty() ? "" : ", ").append(method);
    }
    auto answer = refusal({.kind = error_kind::method_not_allowed,
                           .detail = "This path does not have this method.",
                           .allow = looked_up_.allow});
    answer.headers.set("Allow", allow);
    return answer;
}

response exchange::thrown(std::exception_ptr exception) const {
    std::string text = "unknown exception";
    bool cancelled = false;
    try {
        std::rethrow_exception(exception);
    } catch (boost::system::system_error const& error) {
        text = error.what();
        cancelled = error.code() == boost::asio::error::operation_aborted;
    } catch (std::exception const& error) {
        text = error.what();
    } catch (...) {
        cancelled = false;
    }
    if (!cancelled) {
        runtime::log::error(
            "handler failed",
            {{"route", request_.route}, {"request_id", request_.request_id}, {"error", text}});
    }
    return refusal({.kind = error_kind::internal_error,
                    .detail = "The request could not be completed.",
                    .exception = std::move(exception)});
}

response exchange::overrun_answer() const {
    return refusal({.kind = error_kind::handler_timed_out,
                    .detail = "The request took too long; what it asked for may still happen."});
}

std::string exchange::render(response& answer, bool must_close) {
    add_default_headers(answer, request_.tls ? set_.options().hsts : std::chrono::seconds{0});
    auto const wish = answer.headers.find("Connection");
    bool const persistent = !failure_ && parser_.has_header() && parser_.persistent();
    bool const head = request_.method == "HEAD";
    bool const endless = answer.stream && !answer.stream->length && has_body(answer.status);
    sends_stream_ = answer.stream && has_body(answer.status) && !head;
    chunked_ = endless && request_.version >= 11;
    closes_ =
        must_close || !persistent || (endless && !chunked_) || (wish && equal_ignoring_case(*wish, "close"));
    status_ = answer.status;
    return serialize(answer, {.date = set_.date(),
                              .request_id = request_.request_id,
                              .head = head,
                              .close = closes_,
                              .keep_alive = !closes_ && request_.version < 11,
                              .chunked = chunked_});
}

void exchange::report(std::size_t bytes_out, bool delivered) const {
    auto const& hook = set_.options().hooks.answered;
    if (!hook) {
        return;
    }
    auto const peer = request_.remote_address();
    hook({.method = request_.method,
          .route = request_.route,
          .route_index = request_.route_index,
          .status = status_,
          .bytes_in = body_bytes_ + request_.body.size(),
          .bytes_out = bytes_out,
          .duration = runtime::steady_now() - request_.arrived,
          .request_id = request_.request_id,
          .remote_address = peer,
          .delivered = delivered});
}

} // namespace connectd::server::http
