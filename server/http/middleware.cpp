#include "server/http/middleware.hpp"

#include <string>
#include <string_view>

namespace connectd::server::http {

void add_default_headers(response& answer, std::chrono::seconds hsts) {
    auto& headers = answer.headers;
    headers.set_default("X-Content-Type-Options", "nosniff");
    auto const type = headers.find("Content-Type").value_or(std::string_view{});
    bool const json = type.starts_with("application/") && type.find("json") != std::string_view::npos;
    bool const page = type.starts_with("text/html");
    if (json || page) {
        headers.set_default("Cache-Control", "no-store");
    }
    if (page) {
        headers.set_default("X-Frame-Options", "DENY");
        headers.set_default("Referrer-Policy", "no-referrer");
    }
    if (hsts.count() > 0) {
        headers.set_default("Strict-Transport-Security", "max-age=" + std::to_string(hsts.count()));
    }
}

} // namespace connectd::server::http
