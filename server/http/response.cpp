#include "server/http/response.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace connectd::server::http {

namespace {

bool contains_any(std::string_view text, std::string_view letters) noexcept {
    return text.find_first_of(letters) != std::string_view::npos;
}

// cookie-octet of RFC 6265 section 4.1.1
bool is_cookie_value(std::string_view text) noexcept {
    return !contains_any(text, "\",;\\") &&
           std::all_of(text.begin(), text.end(), [](char letter) { return letter > 0x20 && letter < 0x7f; });
}

response with_body(unsigned status, std::string body, std::string_view media_type) {
    response made{.status = status, .body = std::move(body)};
    made.headers.add("Content-Type", media_type);
    return made;
}

} // namespace

response response::json(unsigned status, boost::json::value const& value) {
    return json_text(status, boost::json::serialize(value));
}

response response::json_text(unsigned status, std::string body, std::string_view media_type) {
    return with_body(status, std::move(body), media_type);
}

response response::text(unsigned status, std::string body) {
    return with_body(status, std::move(body), "text/plain; charset=utf-8");
}

response response::html(unsigned status, std::string body) {
    return with_body(status, std::move(body), "text/html; charset=utf-8");
}

response response::redirect(std::string_view location, unsigned status) {
    response made{.status = status};
    made.headers.add("Location", location);
    return made;
}

response response::no_content() {
    return response{.status = 204};
}

response& response::set(std::string_view name, std::string_view value) & {
    headers.set(name, value);
    return *this;
}

response&& response::set(std::string_view name, std::string_view value) && {
    headers.set(name, value);
    return std::move(*this);
}

void response::set_cookie(cookie const& crumb) {
    if (crumb.name.empty() || !is_cookie_value(crumb.name) || contains_any(crumb.name, "=()<>@:/[]?{}")) {
        throw std::invalid_argument{"a cookie name that is not allowed"};
    }
    if (!is_cookie_value(crumb.value) || contains_any(crumb.path, ";")) {
        throw std::invalid_argument{"a value or path that is not allowed in cookie " + crumb.name};
    }
    std::string text = crumb.name + "=" + crumb.value + "; Path=" + crumb.path;
    if (crumb.max_age) {
        text += "; Max-Age=" + std::to_string(crumb.max_age->count());
    }
    text.append("; SameSite=").append(crumb.same_site);
    text += crumb.http_only ? "; HttpOnly" : "";
    text += crumb.secure ? "; Secure" : "";
    headers.add("Set-Cookie", text);
}

std::string_view reason_phrase(unsigned status) noexcept {
    // IANA's registry of status codes, those in use here.
    static constexpr std::pair<unsigned, std::string_view> phrases[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {206, "Partial Content"},
        {207, "Multi-Status"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {402, "Payment Required"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {416, "Range Not Satisfiable"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Content"},
        {423, "Locked"},
        {425, "Too Early"},
        {426, "Upgrade Required"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {451, "Unavailable For Legal Reasons"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
        {507, "Insufficient Storage"},
    };
    auto const found =
        std::lower_bound(std::begin(phrases), std::end(phrases), status,
                         [](auto const& entry, unsigned wanted) { return entry.first < wanted; });
    return found != std::end(phrases) && found->first == status ? found->second : std::string_view{"Status"};
}

} // namespace connectd::server::http
