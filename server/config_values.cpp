#include "server/config_values.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <numeric>

namespace connectd::server {

namespace {

struct unit {
    std::string_view suffix;
    std::uint64_t factor;
};

constexpr std::array duration_units{unit{"d", 86'400'000}, unit{"h", 3'600'000}, unit{"m", 60'000},
                                    unit{"s", 1'000}, unit{"ms", 1}};
constexpr std::array size_units{unit{"GiB", 1ULL << 30}, unit{"MiB", 1ULL << 20}, unit{"KiB", 1ULL << 10},
                                unit{"B", 1}};

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool is_lower(char c) noexcept {
    return c >= 'a' && c <= 'z';
}

char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// The whole text as a number; false when it is none or too large.
template <class Number>
bool parse_whole(std::string_view text, Number& number) noexcept {
    auto const* const end = text.data() + text.size();
    auto const read = std::from_chars(text.data(), end, number);
    return read.ec == std::errc{} && read.ptr == end;
}

template <std::size_t Count>
std::optional<std::uint64_t> parse_with_unit(std::string_view text, std::array<unit, Count> const& units) {
    std::uint64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    auto const suffix = text.substr(static_cast<std::size_t>(end - text.data()));
    auto const found = std::find_if(units.begin(), units.end(),
                                    [suffix](unit const& each) { return each.suffix == suffix; });
    constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (error != std::errc{} || found == units.end() || number > largest / found->factor) {
        return std::nullopt;
    }
    return number * found->factor;
}

template <std::size_t Count>
std::string with_unit(std::uint64_t amount, std::array<unit, Count> const& units) {
    for (auto const& each : units) {
        if (amount != 0 && amount % each.factor == 0) {
            return std::to_string(amount / each.factor) + std::string{each.suffix};
        }
    }
    return "0" + std::string{units.back().suffix};
}

bool is_loopback_host(boost::urls::url_view const& url) {
    switch (url.host_type()) {
    case boost::urls::host_type::ipv4:
        return url.host_ipv4_address().is_loopback();
    case boost::urls::host_type::ipv6:
        return url.host_ipv6_address().is_loopback();
    default:
        break;
    }
    std::string host{url.host()};
    std::transform(host.begin(), host.end(), host.begin(), to_lower);
    return host == "localhost" || host.ends_with(".localhost");
}

// What public URLs and endpoint URLs have in common; empty when it is kept.
std::string web_url_problem(boost::urls::url_view const& url, bool allow_http) {
    bool const secure = url.scheme_id() == boost::urls::scheme::https;
    if (!secure && url.scheme_id() != boost::urls::scheme::http) {
        return "is no https URL";
    }
    if (url.host().empty()) {
        return "has no host";
    }
    // Boost.URL 1.81 cuts the name 127.0.0.1.example.com after what looks like an address and takes the rest
    // for a path, which then has no slash in front.
    if (!url.encoded_path().empty() && url.encoded_path().front() != '/') {
        return "has a host that is neither a name nor an address";
    }
    if (url.has_userinfo()) {
        return "must not contain a user name or password";
    }
    std::uint16_t port = 443;
    std::string_view const digits{url.port().data(), url.port().size()};
    if (url.has_port() && (!parse_whole(digits, port) || port == 0)) {
        return "has no usable port";
    }
    if (!secure && !allow_http && !is_loopback_host(url)) {
        return "must be https (http is for loopback hosts only)";
    }
    return {};
}

} // namespace

parsed<std::chrono::milliseconds> parse_duration(std::string_view text) {
    if (auto const value = parse_with_unit(text, duration_units)) {
        return std::chrono::milliseconds{static_cast<std::int64_t>(*value)};
    }
    return parsed<std::chrono::milliseconds>::problem(
        R"(is no duration: write a whole number with ms, s, m, h or d, such as "30s")");
}

parsed<std::size_t> parse_size(std::string_view text) {
    if (auto const value = parse_with_unit(text, size_units)) {
        return static_cast<std::size_t>(*value);
    }
    return parsed<std::size_t>::problem(
        R"(is no size: write a whole number with B, KiB, MiB or GiB, such as "1MiB")");
}

parsed<boost::asio::ip::tcp::endpoint> parse_listen_address(std::string_view text) {
    using endpoint = boost::asio::ip::tcp::endpoint;
    auto const wrong = [] {
        return parsed<endpoint>::problem(
            R"(is no address to listen on: write "127.0.0.1:8080", "0.0.0.0:8080" or "[::1]:8080")");
    };
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return wrong();
    }
    auto host = text.substr(0, colon);
    auto const port_text = text.substr(colon + 1);
    std::uint16_t port = 0;
    if (!parse_whole(port_text, port)) {
        return wrong();
    }
    bool const bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed) {
        host = host.substr(1, host.size() - 2);
    }
    boost::system::error_code failure;
    auto const address = boost::asio::ip::make_address(std::string{host}, failure);
    if (failure || address.is_v6() != bracketed) {
        return wrong();
    }
    return endpoint{address, port};
}

parsed<std::string> parse_public_url(std::string_view text) {
    using answer = parsed<std::string>;
    auto const url = boost::urls::parse_uri(text);
    if (!url) {
        return answer::problem(R"(is no URL: write "https://connect.example.com")");
    }
    if (auto problem = web_url_problem(*url, false); !problem.empty()) {
        return answer::problem(std::move(problem));
    }
    if (!(url->encoded_path().empty() || url->encoded_path() == "/") || url->has_query() ||
        url->has_fragment()) {
        return answer::problem("must be scheme, host and port only, without a path");
    }
    std::string origin{url->scheme()};
    origin += "://";
    origin += std::string{url->encoded_host()};
    auto const implied = url->scheme_id() == boost::urls::scheme::https ? 443 : 80;
    if (url->has_port() && url->port_number() != implied) {
        origin += ':' + std::to_string(url->port_number());
    }
    std::transform(origin.begin(), origin.end(), origin.begin(), to_lower);
    return origin;
}

parsed<std::string> parse_host(std::string_view text) {
    constexpr std::string_view scheme = "https://";
    auto const origin = parse_public_url(std::string{scheme}.append(text));
    bool const bare = text.find_first_of("/?#@") == std::string_view::npos;
    return origin && bare ? parsed<std::string>{origin->substr(scheme.size())}
                          : parsed<std::string>::problem(R"(is no host: write "api.example.com")");
}

parsed<std::string> parse_endpoint_url(std::string_view text, bool allow_http) {
    auto const url = boost::urls::parse_uri(text);
    if (!url) {
        return parsed<std::string>::problem("is no absolute URL");
    }
    if (auto problem = web_url_problem(*url, allow_http); !problem.empty()) {
        return parsed<std::string>::problem(std::move(problem));
    }
    if (url->has_fragment()) {
        return parsed<std::string>::problem("must not contain a fragment");
    }
    return std::string{text};
}

std::optional<secret_source> make_secret_source(secret_source::kind from, std::string_view name) {
    bool const file = from == secret_source::kind::file;
    bool const plain = std::all_of(name.begin(), name.end(), [](char c) {
        return is_lower(to_lower(c)) || is_digit(c) || c == '_' || c == '-' || c == '.';
    });
    if (name.empty() || name.find('\0') != std::string_view::npos ||
        (!file && (!plain || name.starts_with('.')))) {
        return std::nullopt;
    }
    return secret_source{from, std::string{name}};
}

parsed<secret_source> parse_key_source(std::string_view text) {
    using kind = secret_source::kind;
    struct form {
        std::string_view prefix;
        kind from;
    };
    static constexpr std::array forms{form{"file:", kind::file}, form{"env:", kind::environment},
                                      form{"credential:", kind::credential}};
    for (auto const& [prefix, from] : forms) {
        if (!text.starts_with(prefix)) {
            continue;
        }
        if (auto const place = make_secret_source(from, text.substr(prefix.size()))) {
            return *place;
        }
        break;
    }
    return parsed<secret_source>::problem(
        R"(is no place of a key: write "file:PATH", "env:NAME" or "credential:NAME", never the key itself)");
}

parsed<std::string> parse_return_scheme(std::string_view text) {
    static constexpr std::array refused{"http", "https", "javascript", "data",
                                        "file", "blob",  "about",      "vbscript"};
    bool const shaped =
        !text.empty() && is_lower(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
            return is_lower(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
        });
    if (!shaped) {
        return parsed<std::string>::problem(
            R"(is no URL scheme: write lower case letters, digits, "+", "-" and ".", such as "com.example.app")");
    }
    if (std::find(refused.begin(), refused.end(), text) != refused.end()) {
        return parsed<std::string>::problem("is not the scheme of an app and cannot be allowed");
    }
    return std::string{text};
}

std::optional<std::string> nearest(std::string_view word, std::vector<std::string> const& candidates) {
    std::optional<std::string> best;
    // A third of the word may be wrong, but never all of it.
    std::size_t smallest = std::min<std::size_t>(word.size() / 3 + 1, 4);
    for (auto const& candidate : candidates) {
        // Edit distance, one row of the table at a time.
        std::vector<std::size_t> row(candidate.size() + 1);
        std::iota(row.begin(), row.end(), std::size_t{0});
        for (std::size_t at = 1; at <= word.size(); ++at) {
            std::size_t diagonal = row[0];
            row[0] = at;
            for (std::size_t column = 1; column <= candidate.size(); ++column) {
                auto const replaced = diagonal + (word[at - 1] == candidate[column - 1] ? 0U : 1U);
                diagonal = row[column];
                row[column] = std::min({replaced, row[column] + 1, row[column - 1] + 1});
            }
        }
        if (row.back() < smallest && row.back() < candidate.size()) {
            smallest = row.back();
            best = candidate;
        }
    }
    return best;
}

std::string duration_text(std::chrono::milliseconds span) {
    return with_unit(static_cast<std::uint64_t>(std::max<std::int64_t>(span.count(), 0)), duration_units);
}

std::string size_text(std::size_t bytes) {
    return with_unit(bytes, size_units);
}

parsed<std::string> parse_origin(std::string_view text) {
    auto const scheme = text.find("://");
    bool const web = text.starts_with("https://") || text.starts_with("http://");
    auto const host = web ? text.substr(scheme + 3) : std::string_view{};
    bool const shaped = !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' ||
               c == '[' || c == ']';
    });
    return shaped || text == "*"
               ? parsed<std::string>{std::string{text}}
               : parsed<std::string>::problem(
                     R"(is no origin: write "https://app.example.com", in lower case, or "*")");
}

parsed<std::string> parse_client_id(std::string_view text) {
    bool const visible = std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
    return visible && !text.empty() && text.size() <= 512
               ? parsed<std::string>{std::string{text}}
               : parsed<std::string>::problem("is no client id: 1 to 512 visible characters without spaces");
}

} // namespace connectd::server
