#pragma once

// One answer. A plain value that a handler fills and the connection sends; Content-Length, Date, Connection
// and X-Request-Id are the connection's business and overwritten there.

#include "server/http/body_stream.hpp"
#include "server/http/header_list.hpp"

#include <boost/json/fwd.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace connectd::server::http {

// RFC 6265. Defaults are those of a session cookie that scripts and other sites cannot use.
struct cookie {
    std::string name;
    std::string value;
    std::string path = "/";
    std::optional<std::chrono::seconds> max_age{}; // 0 deletes the cookie
    bool secure = true;
    bool http_only = true;
    std::string_view same_site = "Lax"; // Lax, Strict or None
};

struct response {
    unsigned status = 200;
    header_list headers{};
    std::string body{};
    // A body that is produced while it is sent, in place of `body`. Destroyed at its end, or when the client
    // has gone. Its first piece is awaited before the head goes out; for a later one it has as long as a
    // handler.
    std::optional<body_stream> stream{};

    static response json(unsigned status, boost::json::value const& value);
    // For a body that is JSON already; also for media types of its family such as application/problem+json.
    static response json_text(unsigned status, std::string body,
                              std::string_view media_type = "application/json");
    static response text(unsigned status, std::string body);
    static response html(unsigned status, std::string body);
    // Throws std::invalid_argument when the location has control characters.
    static response redirect(std::string_view location, unsigned status = 302);
    static response no_content();

    // Shorthand for headers.set; throws like it.
    response& set(std::string_view name, std::string_view value) &;
    response&& set(std::string_view name, std::string_view value) &&;

    // Throws std::invalid_argument for a name or value that is not allowed in a cookie.
    void set_cookie(cookie const& crumb);
};

// "Not Found" for 404; "Status" for codes without a registered phrase.
std::string_view reason_phrase(unsigned status) noexcept;

} // namespace connectd::server::http
