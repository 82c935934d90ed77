// The parts of an absolute URL that a request needs. Pure values; any thread.
#pragma once

#include "platforms/error.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace connectd::platforms::http {

struct target {
    bool tls = false;
    // Lower case, without brackets and without a final dot.
    std::string host;
    // Set when the host is an IP address in its usual form; unusual ones ("127.1") are names to us and get
    // resolved.
    std::optional<boost::asio::ip::address> literal;
    std::uint16_t port = 0;
    bool default_port = true;
    // Path and query as they stand in the URL; may lack the leading slash when the URL has no path. A view
    // into the URL.
    std::string_view resource;
};

// Errors: invalid_url for anything but http(s)://host[:port][/path][?query], and for user information in the
// URL, which would end up in logs of others. Requires: `url` outlives the result.
result<target> parse_target(std::string_view url);

} // namespace connectd::platforms::http
