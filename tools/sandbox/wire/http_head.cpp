#include "tools/sandbox/wire/http_head.hpp"

#include <algorithm>
#include <charconv>

namespace connectd::sandbox::wire {
namespace {

bool is_token(std::string_view text) {
    static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               marks.find(c) != std::string_view::npos;
    });
}

bool is_visible(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c != '\x7f'; });
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

std::optional<bad_head> parse_request_line(std::string_view line, request_head& into) {
    auto const first = line.find(' ');
    auto const last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return bad_head{400, "the request line has not three parts"};
    auto const method = line.substr(0, first);
    auto const target = line.substr(first + 1, last - first - 1);
    auto const version = line.substr(last + 1);
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return bad_head{505, "only HTTP/1.1 is spoken here"};
    if (!is_token(method) || !target.starts_with('/') || !is_visible(target))
        return bad_head{400, "the request line is malformed"};
    auto headers = std::move(into.request.headers);
    into.request = make_call(method, target);
    into.request.headers = std::move(headers);
    into.request.headers.clear();
    into.keep_alive = version == "HTTP/1.1";
    return std::nullopt;
}

std::optional<bad_head> apply(std::string_view name, std::string_view value, request_head& into,
                              bool& has_length) {
    if (equal_ignoring_case(name, "content-length")) {
        std::uint64_t length = 0;
        auto const [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
        if (error != std::errc{} || end != value.data() + value.size())
            return bad_head{400, "Content-Length is no number"};
        if (has_length && length != into.content_length)
            return bad_head{400, "two Content-Length differ"};
        has_length = true;
        into.content_length = length;
    } else if (equal_ignoring_case(name, "transfer-encoding")) {
        return bad_head{411, "the sandbox wants a Content-Length"};
    } else if (equal_ignoring_case(name, "connection")) {
        if (equal_ignoring_case(value, "close"))
            into.keep_alive = false;
        else if (equal_ignoring_case(value, "keep-alive"))
            into.keep_alive = true;
    } else if (equal_ignoring_case(name, "expect")) {
        if (!equal_ignoring_case(value, "100-continue"))
            return bad_head{400, "unknown expectation"};
        into.expects_continue = true;
    }
    return std::nullopt;
}

} // namespace

std::optional<bad_head> parse_head(std::string_view text, request_head& into) {
    auto line_end = text.find("\r\n");
    if (auto bad = parse_request_line(text.substr(0, line_end), into))
        return bad;
    into.content_length = 0;
    into.expects_continue = false;
    bool has_length = false;
    bool has_host = false;
    text.remove_prefix(line_end + 2);
    while (true) {
        line_end = text.find("\r\n");
        auto const line = text.substr(0, line_end);
        if (line.empty())
            break;
        auto const colon = line.find(':');
        if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
            return bad_head{400, "a header is malformed"};
        auto const name = line.substr(0, colon);
        auto const value = trim(line.substr(colon + 1));
        if (std::ranges::any_of(value,
                                [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; }))
            return bad_head{400, "a header has control characters"};
        if (auto bad = apply(name, value, into, has_length))
            return bad;
        has_host = has_host || equal_ignoring_case(name, "host");
        into.request.headers.emplace_back(name, value);
        text.remove_prefix(line_end + 2);
    }
    if (!has_host)
        return bad_head{400, "there is no Host"};
    return std::nullopt;
}

std::string_view reason_phrase(unsigned status) {
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 204:
        return "No Content";
    case 206:
        return "Partial Content";
    case 302:
        return "Found";
    case 308:
        return "Resume Incomplete";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 411:
        return "Length Required";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Status";
    }
}

void write_head(std::string& out, reply const& answer, std::uint64_t content_length, bool keep_alive) {
    out += "HTTP/1.1 ";
    out += std::to_string(answer.status);
    out += ' ';
    out += reason_phrase(answer.status);
    out += "\r\nServer: connectd-sandbox\r\n";
    if (!answer.content_type.empty())
        out.append("Content-Type: ").append(answer.content_type).append("\r\n");
    for (auto const& [name, value] : answer.headers)
        out.append(name).append(": ").append(value).append("\r\n");
    if (answer.status != 204)
        out.append("Content-Length: ").append(std::to_string(content_length)).append("\r\n");
    if (!keep_alive)
        out += "Connection: close\r\n";
    out += "\r\n";
}

} // namespace connectd::sandbox::wire
