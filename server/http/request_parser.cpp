#include "server/http/request_parser.hpp"

#include "server/http/request_target.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace connectd::server::http {

namespace beast_http = boost::beast::http;

namespace {

// Longer than any registered method.
constexpr std::size_t longest_method = 32;
// What a client merely announces is not reserved beyond this.
constexpr std::size_t reserved_body = 64 * 1024;
// "0\r\n\r\n"
constexpr std::size_t shortest_last_chunk = 5;

std::string_view view(boost::beast::string_view text) noexcept {
    return {text.data(), text.size()};
}

} // namespace

request_parser::request_parser(limits const& bounds, request& into) : limits_{bounds}, request_{into} {
    header_limit(static_cast<std::uint32_t>(
        std::min<std::size_t>(bounds.header_bytes, std::numeric_limits<std::uint32_t>::max())));
    body_limit(boost::none); // see bound_body
}

std::optional<std::uint64_t> request_parser::body_length() const {
    auto const length = content_length();
    return length ? std::optional<std::uint64_t>{*length} : std::nullopt;
}

// Only who has seen the header knows whether the body is bounded, so that Beast is told late and does not
// look at Content-Length itself any more.
void request_parser::bound_body() {
    if (std::exchange(body_checked_, true) || !body_bounded_) {
        return;
    }
    body_limit(limits_.body_bytes);
    if (body_length().value_or(0) > limits_.body_bytes) {
        refuse(error_kind::body_too_large, "The body is too large.");
    }
}

std::size_t request_parser::feed(std::string_view bytes) {
    std::size_t used = 0;
    if (!got_some()) {
        // A client may send one empty line too many behind the last body (RFC 9112 section 2.2).
        if (bytes.starts_with("\r\n")) {
            used = 2;
        } else if (bytes == "\r") {
            return 0;
        }
    }
    if (header_seen_) {
        bound_body();
    }
    while (used < bytes.size() && !failure_ && !complete()) {
        // No chunked body ends in fewer bytes, and Beast 1.81 asserts that it is not asked about fewer.
        if (header_seen_ && chunked() && bytes.size() - used < shortest_last_chunk) {
            break;
        }
        error_code error;
        auto const taken = put(boost::asio::buffer(bytes.substr(used)), error);
        used += taken;
        header_bytes_ += header_seen_ ? 0 : taken;
        if (error == beast_http::error::need_more) {
            break;
        }
        if (error) {
            explain(error, bytes.substr(used));
        } else if (!header_seen_ && is_header_done()) {
            header_seen_ = true;
            eager(true);
            break;
        }
    }
    if (!failure_) {
        check_sizes(used, bytes.substr(used));
    }
    return used;
}

// Beast's own limit looks at the bytes it was given last, not at the whole header, and it has none for the
// lines between chunks; both would let a client fill the buffer.
void request_parser::check_sizes(std::size_t used, std::string_view rest) {
    if (header_seen_) {
        if (header_bytes_ > limits_.header_bytes) {
            refuse(error_kind::headers_too_large, "The header is too large.");
        } else if (used == 0 && !complete() && rest.size() >= limits_.header_bytes) {
            refuse(error_kind::malformed_request, "A chunk header or trailer is too large.");
        }
        return;
    }
    if (header_bytes_ + rest.size() < limits_.header_bytes) {
        return;
    }
    refuse_header(rest);
}

// Beast may have waited for the end of the header before it looked at the request line.
void request_parser::refuse_header(std::string_view rest) {
    if (line_seen_ || rest.find("\r\n") != std::string_view::npos) {
        refuse(error_kind::headers_too_large, "The header is too large.");
    } else {
        refuse(error_kind::target_too_long, "The request target is too long.");
    }
}

void request_parser::explain(error_code const& error, std::string_view rest) {
    if (failure_) {
        return; // said already by the callback that made the error
    }
    if (error == beast_http::error::body_limit) {
        refuse(error_kind::body_too_large, "The body is too large.");
    } else if (error == beast_http::error::header_limit) {
        refuse_header(rest);
    } else if (error == beast_http::error::bad_transfer_encoding ||
               error == beast_http::error::bad_content_length ||
               error == beast_http::error::multiple_content_length) {
        refuse(error_kind::malformed_request, "The length of the body is malformed or given twice.");
    } else {
        refuse(error_kind::malformed_request, "The request is not well-formed HTTP.");
    }
}

void request_parser::refuse(error_kind kind, std::string_view detail, error_code& error) {
    refuse(kind, detail);
    error = beast_http::error::bad_value;
}

void request_parser::refuse(error_kind kind, std::string_view detail) {
    failure_ = http_error{.kind = kind, .detail = std::string{detail}};
}

void request_parser::on_request_impl(beast_http::verb, text method, text target, int version,
                                     error_code& error) {
    line_seen_ = true;
    if (method.size() > longest_method) {
        return refuse(error_kind::malformed_request, "The method is too long.", error);
    }
    if (target.size() > limits_.target_bytes) {
        return refuse(error_kind::target_too_long, "The request target is too long.", error);
    }
    request_.method = view(method);
    request_.target = view(target);
    request_.version = static_cast<unsigned>(version);
}

void request_parser::on_field_impl(field name, text name_text, text value, error_code& error) {
    if (fields_done_) {
        return; // trailers are not headers: nobody could tell who is allowed to set what in them
    }
    if (request_.headers.size() == limits_.header_count) {
        return refuse(error_kind::headers_too_large, "There are too many header fields.", error);
    }
    request_.headers.add_parsed(view(name_text), view(value));
    if (name == field::host) {
        ++hosts_;
    } else if (name == field::content_length || name == field::transfer_encoding) {
        take_framing(name, value, error);
    } else if (name == field::expect) {
        if (!equal_ignoring_case(view(value), "100-continue")) {
            return refuse(error_kind::expectation_failed, "Only 100-continue can be expected.", error);
        }
        expects_continue_ = request_.version >= 11;
    }
}

void request_parser::take_framing(field name, text value, error_code& error) {
    if (name == field::transfer_encoding) {
        // Beast ignores codings it does not know, and would then look for the next request inside the body.
        if (!equal_ignoring_case(view(value), "chunked")) {
            return refuse(error_kind::transfer_encoding_unsupported,
                          "Only the transfer coding chunked is understood.", error);
        }
        if (request_.version < 11) {
            return refuse(error_kind::malformed_request, "HTTP/1.0 has no Transfer-Encoding.", error);
        }
        return;
    }
    bool const digits = !value.empty() && std::all_of(value.begin(), value.end(), [](char letter) {
        return letter >= '0' && letter <= '9';
    });
    if (has_length_ || !digits) {
        return refuse(error_kind::malformed_request, "The length of the body is malformed or given twice.",
                      error);
    }
    has_length_ = true;
}

void request_parser::on_header_impl(error_code& error) {
    fields_done_ = true;
    if (hosts_ > 1 || (hosts_ == 0 && request_.version >= 11)) {
        return refuse(error_kind::malformed_request, "Exactly one Host header is required.", error);
    }
    if (!split_target(request_)) {
        return refuse(error_kind::malformed_request, "The request target is malformed.", error);
    }
    if (hosts_ == 1) {
        auto const host = normal_host(*request_.headers.find("Host"));
        if (host.empty()) {
            return refuse(error_kind::malformed_request, "The Host header is malformed.", error);
        }
        // The authority of an absolute target wins (RFC 9112 section 3.2.2).
        if (request_.host.empty()) {
            request_.host = host;
        }
    }
}

void request_parser::on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code&) {
    if (length) {
        request_.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, reserved_body)));
    }
}

std::size_t request_parser::on_body_impl(text body, error_code&) {
    request_.body.append(body.data(), body.size());
    return body.size();
}

std::size_t request_parser::on_chunk_body_impl(std::uint64_t, text body, error_code&) {
    request_.body.append(body.data(), body.size());
    return body.size();
}

} // namespace connectd::server::http
