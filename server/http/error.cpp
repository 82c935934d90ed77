#include "server/http/error.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace connectd::server::http {

unsigned status_of(error_kind kind) noexcept {
    switch (kind) {
    case error_kind::malformed_request:
        return 400;
    case error_kind::not_found:
        return 404;
    case error_kind::method_not_allowed:
        return 405;
    case error_kind::request_timeout:
        return 408;
    case error_kind::body_too_large:
        return 413;
    case error_kind::target_too_long:
        return 414;
    case error_kind::expectation_failed:
        return 417;
    case error_kind::headers_too_large:
        return 431;
    case error_kind::internal_error:
        return 500;
    case error_kind::transfer_encoding_unsupported:
        return 501;
    case error_kind::too_many_connections:
    case error_kind::handler_timed_out:
        return 503;
    }
    return 500;
}

std::string_view name_of(error_kind kind) noexcept {
    switch (kind) {
    case error_kind::malformed_request:
        return "malformed_request";
    case error_kind::not_found:
        return "not_found";
    case error_kind::method_not_allowed:
        return "method_not_allowed";
    case error_kind::request_timeout:
        return "request_timeout";
    case error_kind::body_too_large:
        return "body_too_large";
    case error_kind::target_too_long:
        return "target_too_long";
    case error_kind::expectation_failed:
        return "expectation_failed";
    case error_kind::headers_too_large:
        return "headers_too_large";
    case error_kind::internal_error:
        return "internal_error";
    case error_kind::transfer_encoding_unsupported:
        return "transfer_encoding_unsupported";
    case error_kind::too_many_connections:
        return "too_many_connections";
    case error_kind::handler_timed_out:
        return "handler_timed_out";
    }
    return "internal_error";
}

response default_problem(http_error const& error) {
    auto const status = status_of(error.kind);
    boost::json::object body{
        {"type", "about:blank"},
        {"title", reason_phrase(status)},
        {"status", status},
        {"code", name_of(error.kind)},
    };
    if (!error.detail.empty()) {
        body["detail"] = error.detail;
    }
    if (!error.request_id.empty()) {
        body["request_id"] = error.request_id;
    }
    return response::json_text(status, boost::json::serialize(body), "application/problem+json");
}

} // namespace connectd::server::http
