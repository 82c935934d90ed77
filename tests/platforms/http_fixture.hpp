// What the tests of the pool share: an io_context, names that resolve without a network, and deadlines long
// enough never to matter or short enough to pass.
#pragma once

#include "platforms/http/pool.hpp"
#include "tests/support/platforms_printing.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/scripted_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <string>
#include <utility>

namespace connectd::tests {

inline platforms::deadline soon() {
    return std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
}
inline platforms::deadline late() {
    return std::chrono::steady_clock::now() + std::chrono::minutes(2);
}

// Every name is this machine, except those under "nowhere.test".
inline platforms::result<platforms::http::addresses> lookup_loopback(std::string const& host) {
    if (host.ends_with("nowhere.test")) {
        return platforms::errc::resolve_failed;
    }
    return platforms::http::addresses{boost::asio::ip::make_address("127.0.0.1")};
}

struct http_fixture {
    boost::asio::io_context context{1};
    platforms::http::resolver names{{.lookup = lookup_loopback}};

    platforms::result<platforms::http::response>
    send(platforms::http::client& by, platforms::http::request what, platforms::deadline until = late()) {
        return run(context, by.send(std::move(what), until));
    }
    platforms::result<platforms::http::response> get(platforms::http::client& by, std::string url,
                                                     platforms::deadline until = late()) {
        return send(by, {.url = std::move(url)}, until);
    }
    platforms::result<platforms::http::response> post(platforms::http::client& by, std::string url,
                                                      platforms::deadline until = late()) {
        return send(by, {.method = "POST", .url = std::move(url), .body = "grant_type=refresh_token"}, until);
    }
};

} // namespace connectd::tests
