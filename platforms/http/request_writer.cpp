#include "platforms/http/request_writer.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace connectd::platforms::http {
namespace {

using boost::beast::iequals;

// RFC 9110 section 5.6.2
bool is_token_character(char c) noexcept {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, is_token_character);
}

bool is_value_character(char c) noexcept {
    auto const u = static_cast<unsigned char>(c);
    return (u >= 0x20 && u != 0x7f) || u == '\t';
}

// Framing and connection handling; two writers of one of these is how requests get smuggled.
bool is_reserved(std::string_view name) noexcept {
    constexpr std::array<std::string_view, 10> reserved = {
        "host", "content-length", "connection", "transfer-encoding", "expect", "upgrade",
        "te",   "trailer",        "keep-alive", "proxy-connection"};
    return std::ranges::any_of(reserved, [name](std::string_view one) { return iequals(one, name); });
}

void append_number(std::string& out, std::size_t value) {
    std::array<char, 20> digits;
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
}

void append_host(std::string& out, target const& where) {
    bool const bracketed = where.literal && where.literal->is_v6();
    out += bracketed ? "[" : "";
    out += where.host;
    out += bracketed ? "]" : "";
    if (!where.default_port) {
        out += ':';
        append_number(out, where.port);
    }
}

// A server may wait for a body it has not been told the length of (RFC 9110 section 8.6).
bool states_length(request const& what) noexcept {
    return !what.body.empty() || what.method == "POST" || what.method == "PUT" || what.method == "PATCH";
}

} // namespace

result<void> check_request(request const& what) noexcept {
    // CONNECT would turn the connection into a tunnel.
    if (!is_token(what.method) || what.method == "CONNECT") {
        return errc::invalid_request;
    }
    bool const visible =
        std::ranges::all_of(what.target, [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
    if (!what.target.empty() && (!visible || what.target.front() != '/')) {
        return errc::invalid_request;
    }
    for (auto const& [name, value] : what.headers) {
        if (!is_token(name) || is_reserved(name) || !std::ranges::all_of(value, is_value_character)) {
            return errc::invalid_request;
        }
    }
    return {};
}

void write_head(std::string& out, request const& what, target const& where, std::string_view user_agent,
                body_framing framing) {
    out += what.method;
    out += ' ';
    std::string_view const resource = what.target.empty() ? where.resource : what.target;
    if (!resource.starts_with('/')) {
        out += '/';
    }
    out += resource;
    out += " HTTP/1.1\r\nHost: ";
    append_host(out, where);
    out += "\r\n";
    bool named = user_agent.empty();
    for (auto const& [name, value] : what.headers) {
        named = named || iequals(name, "user-agent");
        out += name;
        out += ": ";
        out += value;
        out += "\r\n";
    }
    if (!named) {
        out += "User-Agent: ";
        out += user_agent;
        out += "\r\n";
    }
    if (framing.chunked) {
        out += "Transfer-Encoding: chunked\r\n";
    } else if (framing.length || states_length(what)) {
        out += "Content-Length: ";
        append_number(out, framing.length.value_or(what.body.size()));
        out += "\r\n";
    }
    out += "\r\n";
}

char* write_chunk_line(std::span<char> room, std::size_t size) {
    std::array<char, chunk_line_size> line;
    char* end = std::to_chars(line.data(), line.data() + line.size(), size, 16).ptr;
    *end++ = '\r';
    *end++ = '\n';
    return std::copy_backward(line.data(), end, room.data() + room.size());
}

} // namespace connectd::platforms::http
