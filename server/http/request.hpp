#pragma once

// One request as a handler sees it. Owned by its connection and alive until the handler's coroutine has
// ended, even when the client is long gone; used on the connection's thread.

#include "server/http/body_stream.hpp"
#include "server/http/header_list.hpp"
#include "server/http/parameters.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::server::http {

struct request {
    std::string method; // as sent: methods are case-sensitive (RFC 9110 section 9.1)
    std::string target; // as sent; in absolute form it begins with http:// or https://
    // The path's bytes as sent, without query; always begins with '/', or is "*". What a proxy passes on.
    std::string raw_path;
    // Percent-decoded, for display and prefix checks only: a decoded slash looks like a separator here.
    // Handlers take ids from `path_parameters`, which are cut before they are decoded.
    std::string path;
    std::string raw_query; // without '?'; may hold codes and states, so it is never logged
    parameters query;      // decoded, in order
    header_list headers;
    std::string
        host; // of the Host header or of the absolute target, lower case, with port; empty with HTTP/1.0
    // Whole, but for routes that take bodies as they come (router.hpp).
    std::string body;
    // Of those routes alone: the body's next bytes. Fails when the client goes away, is too slow or sends
    // what is no body; what is answered then is the connection's business, whatever the handler returns.
    body_reader read_body{};
    std::optional<std::uint64_t> content_length{}; // as announced; nothing for a chunked body
    boost::asio::ip::tcp::endpoint remote;
    bool tls = false;
    unsigned version = 11;
    // The client's X-Request-Id if it is sane, else a new one.
    std::string request_id;
    // By the names in the route's pattern, decoded.
    std::vector<std::pair<std::string, std::string>> path_parameters;
    std::string_view route;                           // the pattern that matched; lives as long as the router
    std::size_t route_index = 0;                      // as in router::routes()
    std::chrono::steady_clock::time_point arrived{};  // when the header was complete
    std::chrono::steady_clock::time_point deadline{}; // the answer is due; handlers hand it down

    // A path parameter of the matched pattern. Throws std::logic_error for a name the pattern does not have.
    std::string const& path_parameter(std::string_view name) const;

    // First header of that name.
    std::optional<std::string_view> header(std::string_view name) const noexcept {
        return headers.find(name);
    }

    // The cookie's value, unquoted and otherwise as sent; the first one when a name is sent twice (RFC 6265
    // section 5.4 puts the more specific path first).
    std::optional<std::string_view> cookie(std::string_view name) const noexcept;

    // Whether the body claims to be of this media type; parameters such as charset are ignored.
    bool content_type_is(std::string_view media_type) const noexcept;

    // The peer's address without port, an IPv4 address in IPv6 form shown as IPv4.
    std::string remote_address() const;
};

} // namespace connectd::server::http
