#pragma once

// What the HTTP layer itself refuses, before or instead of a handler. It knows no format for errors: the
// owner of the server sets a hook that turns an http_error into a response, so that every error of the
// product looks alike.

#include "server/http/response.hpp"

#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::server::http {

struct request;

enum class error_kind {
    malformed_request,             // 400: not HTTP, or HTTP that could be read in two ways
    not_found,                     // 404: no route has this path
    method_not_allowed,            // 405: a route has this path, with other methods
    request_timeout,               // 408: header or body did not arrive in time
    body_too_large,                // 413
    target_too_long,               // 414
    expectation_failed,            // 417: an Expect other than 100-continue
    headers_too_large,             // 431: too many bytes or too many fields
    internal_error,                // 500: a handler threw
    transfer_encoding_unsupported, // 501: anything but `chunked`
    too_many_connections,          // 503
    handler_timed_out,             // 503: the handler overran its deadline; what it does may still happen
};

struct http_error {
    error_kind kind{};
    std::string detail{};             // one sentence, safe to show
    std::string request_id{};         // empty when no header was read
    std::vector<std::string> allow{}; // of method_not_allowed
    // The request as far as it was read; null when there is none. Valid during the call of the hook.
    request const* cause = nullptr;
    std::exception_ptr exception{}; // of internal_error; its text may hold anything, so it is not shown
};

unsigned status_of(error_kind kind) noexcept;

// Stable snake_case name, equal to the enumerator's.
std::string_view name_of(error_kind kind) noexcept;

using problem_hook = std::function<response(http_error const&)>;

// RFC 9457 with type, title, status, detail, code and request_id: what is used without a hook or when the
// hook throws.
response default_problem(http_error const& error);

} // namespace connectd::server::http
