#pragma once

// Bytes -> request, without any input or output: Beast's parser for the grammar, and on top of it the limits
// and the refusals of whatever two HTTP implementations could read in two ways (RFC 9112 section 11.2). One
// object a request, used by the connection.

#include "server/http/error.hpp"
#include "server/http/options.hpp"
#include "server/http/request.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace connectd::server::http {

class request_parser final : private boost::beast::http::basic_parser<true> {
  public:
    // Requires: `bounds` and `into` outlive the parser.
    request_parser(limits const& bounds, request& into);

    // Feeds what was received and not used before; returns how many bytes were used. Stops at the end of the
    // header, at the end of the message and at an error; else it has used what it can and needs more behind
    // the rest. After the header it is called again, even with nothing: the length of the body is judged
    // then.
    std::size_t feed(std::string_view bytes);

    bool has_header() const noexcept { return header_seen_; }
    bool complete() const { return header_seen_ && is_done(); }
    std::optional<http_error> const& failure() const noexcept { return failure_; }

    // Whether the client waits for "100 Continue" before it sends the body.
    bool expects_continue() const noexcept { return expects_continue_; }

    // The body may be of any size. To be called when the header is complete and before anything more is fed.
    void lift_body_limit() noexcept { body_bounded_ = false; }

    // As announced; nothing without a body and for a chunked one. Requires: has_header().
    std::optional<std::uint64_t> body_length() const;

    // Whether another request may follow on the connection. Requires: has_header().
    bool persistent() const { return keep_alive(); }

  private:
    using error_code = boost::beast::error_code;
    using text = boost::beast::string_view;
    using field = boost::beast::http::field;

    void on_request_impl(boost::beast::http::verb, text method, text target, int version,
                         error_code& error) override;
    void on_response_impl(int, text, int, error_code&) override {}
    void on_field_impl(field name, text name_text, text value, error_code& error) override;
    void on_header_impl(error_code& error) override;
    void on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code&) override;
    std::size_t on_body_impl(text body, error_code&) override;
    void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t remaining, text body, error_code&) override;
    void on_finish_impl(error_code&) override {}

    void refuse(error_kind kind, std::string_view detail, error_code& error);
    void refuse(error_kind kind, std::string_view detail);
    void bound_body();
    void check_sizes(std::size_t used, std::string_view rest);
    void explain(error_code const& error, std::string_view rest);
    void refuse_header(std::string_view rest);
    void take_framing(field name, text value, error_code& error);

    limits const& limits_;
    request& request_;
    std::optional<http_error> failure_;
    std::size_t header_bytes_ = 0;
    unsigned hosts_ = 0;
    bool line_seen_ = false;
    bool header_seen_ = false;
    bool fields_done_ = false; // what comes as a field afterwards is a trailer
    bool has_length_ = false;
    bool expects_continue_ = false;
    bool body_bounded_ = true;
    bool body_checked_ = false;
};

} // namespace connectd::server::http
