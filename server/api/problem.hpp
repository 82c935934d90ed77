// Every error of every layer -> status and body, in this one place (RFC 9457, application/problem+json).
//
// A body has `type`, `title`, `status`, `code` (stable, what programs branch on), `detail`, `request_id` and,
// where members of the request are at fault, `errors` with one entry each. Pure functions, any thread.
#pragma once

#include "server/http/error.hpp"
#include "server/http/json_document.hpp"
#include "server/http/request.hpp"
#include "server/http/response.hpp"
#include "server/services/error.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::server::api {

struct problem {
    unsigned status = 500;
    std::string code;
    std::string detail;
    std::vector<http::field_error> errors;
    // Members beside the usual ones, where a program can do something with them.
    std::vector<std::pair<std::string, std::string>> facts = {};
};

// What a service refused. Errors of the store and of our own making say nothing about their cause to the
// caller.
problem describe(services::failure const& why);

// What a body's decoding found.
problem describe(http::body_errors const& found);

http::response to_response(problem const& what, std::string_view request_id);

inline http::response refuse(services::failure const& why, http::request const& asked) {
    return to_response(describe(why), asked.request_id);
}

// The hook of the HTTP layer: its own refusals look like all others.
http::response http_problem(http::http_error const& error);

} // namespace connectd::server::api
