#include "platforms/http/target.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>

namespace connectd::platforms::http {
namespace {

namespace ip = boost::asio::ip;
namespace urls = boost::urls;

constexpr std::size_t max_name = 253; // RFC 1035 section 2.3.4, without the final dot

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_name_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

result<void> read_name(std::string_view text, target& into) {
    if (text.ends_with('.')) {
        text.remove_suffix(1);
    }
    into.host.assign(text);
    std::ranges::transform(into.host, into.host.begin(), lower);
    if (into.host.empty() || into.host.size() > max_name ||
        !std::ranges::all_of(into.host, is_name_character)) {
        return errc::invalid_url;
    }
    return {};
}

// 0 for what is not a port. Boost 1.81 wraps numbers that are too large around, so the digits are read here.
std::uint16_t read_port(std::string_view digits, std::uint16_t usual) noexcept {
    std::uint16_t port = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    bool const whole = error == std::errc{} && end == digits.data() + digits.size();
    return digits.empty() ? usual : whole ? port : std::uint16_t{0};
}

result<void> read_host(urls::url_view const& url, target& into) {
    switch (url.host_type()) {
    case urls::host_type::name:
        return read_name(url.encoded_host(), into);
    case urls::host_type::ipv4:
        // Boost.URL 1.81 cuts the name 192.0.2.1.example.com after what looks like an address and takes the
        // rest for a path, which then has no slash in front.
        if (!url.encoded_path().empty() && url.encoded_path().front() != '/') {
            return errc::invalid_url;
        }
        into.literal = ip::address_v4(url.host_ipv4_address().to_uint());
        break;
    case urls::host_type::ipv6:
        into.literal = ip::address_v6(url.host_ipv6_address().to_bytes());
        break;
    default:
        return errc::invalid_url;
    }
    into.host = into.literal->to_string();
    return {};
}

} // namespace

result<target> parse_target(std::string_view text) {
    auto const parsed = urls::parse_uri(text);
    if (!parsed || parsed->has_userinfo()) {
        return errc::invalid_url;
    }
    urls::url_view const& url = *parsed;
    target found;
    if (url.scheme_id() == urls::scheme::https) {
        found.tls = true;
    } else if (url.scheme_id() != urls::scheme::http) {
        return errc::invalid_url;
    }
    if (auto const host = read_host(url, found); !host) {
        return host.error();
    }
    std::uint16_t const usual = found.tls ? 443 : 80;
    auto const port = read_port(url.port(), usual);
    found.resource = url.encoded_target();
    // Boost 1.81 takes what follows a port that is no number for a path: "https://host:port/".
    if (port == 0 ||
        !(found.resource.empty() || found.resource.front() == '/' || found.resource.front() == '?')) {
        return errc::invalid_url;
    }
    found.port = port;
    found.default_port = port == usual;
    return found;
}

} // namespace connectd::platforms::http
