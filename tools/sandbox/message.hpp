// The values that pass between the wire and the rules of a pretend platform. Rules take a `call` and return a
// `reply`; they never see a socket, so each of them can be tested without one. Both are plain values, used by
// one thread at a time.
#pragma once

#include "server/runtime/clock.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::sandbox {

using server::runtime::sys_ms;

// One request, complete with its body. All views point into memory of the caller and live as long as the call
// that passes the request; whoever keeps anything copies it.
struct call {
    std::string_view method;
    std::string_view target; // as sent
    std::string_view path;   // of the target, as sent, without the query
    std::string_view query;  // of the target, without the '?'
    std::vector<std::pair<std::string_view, std::string_view>> headers;
    std::string_view body;

    // The value of the first header of that name (case does not matter), if there is one.
    std::optional<std::string_view> header(std::string_view name) const;

    // Whether the media type of Content-Type is `type`, whatever parameters follow it.
    bool has_content_type(std::string_view type) const;

    // The token of `Authorization: Bearer`, if the header has that form. The scheme's case does not matter.
    std::optional<std::string_view> bearer() const;
};

struct reply {
    unsigned status = 200;
    std::string content_type; // empty: no Content-Type header
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

// Splits a request target into path and query of a call that has the rest empty.
call make_call(std::string_view method, std::string_view target, std::string_view body = {});

reply json_reply(unsigned status, boost::json::value const& body,
                 std::string content_type = "application/json; charset=utf-8");
reply html_reply(unsigned status, std::string page);
reply redirect_reply(std::string location);

// ASCII only; what HTTP needs for names.
bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept;
std::string lower_case(std::string_view text);

} // namespace connectd::sandbox
