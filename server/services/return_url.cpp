#include "server/services/return_url.hpp"

#include "platforms/percent.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>

namespace connectd::server::services {
namespace {

constexpr std::size_t max_length = 2048;

bool is_loopback(boost::urls::url_view const& url) {
    if (url.host_type() == boost::urls::host_type::ipv4) {
        // Boost.URL 1.81 cuts the name 127.0.0.1.example.com after what looks like an address and takes the
        // rest for a path, which then has no slash in front.
        bool const whole = url.encoded_path().empty() || url.encoded_path().front() == '/';
        return whole && url.host_ipv4_address().is_loopback();
    }
    if (url.host_type() == boost::urls::host_type::ipv6) {
        return url.host_ipv6_address().is_loopback();
    }
    return url.host() == "localhost";
}

// As servers and browsers read it: lower case, no default port, no dot segments. Requires: it is a URL.
boost::urls::url normal(std::string_view text) {
    boost::urls::url made = boost::urls::parse_uri({text.data(), text.size()}).value();
    made.normalize();
    bool const usual_port = (made.scheme() == "https" && made.port() == "443") ||
                            (made.scheme() == "http" && made.port() == "80");
    if (usual_port) {
        made.remove_port();
    }
    return made;
}

failure refusal(std::string detail) {
    return {errc::return_url_refused, std::move(detail), "return_url"};
}

} // namespace

outcome<void> check_return_url(settings const& chosen, std::string_view url) {
    if (url.size() > max_length) {
        return refusal("The return URL is longer than 2048 characters.");
    }
    auto const parsed = boost::urls::parse_uri({url.data(), url.size()});
    if (parsed.has_error()) {
        return refusal("The return URL is not an absolute URL.");
    }
    boost::urls::url_view const view = *parsed;
    if (view.has_userinfo()) {
        return refusal("The return URL must not carry a user name or password.");
    }
    std::string scheme{view.scheme()};
    std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    auto const& schemes = chosen.return_schemes;
    if (std::find(schemes.begin(), schemes.end(), scheme) != schemes.end()) {
        return {};
    }
    if (scheme != "https" && scheme != "http") {
        return refusal("The return URL must be https; the scheme \"" + scheme +
                       "\" is not among connect.return_schemes.");
    }
    if (view.host().empty()) {
        return refusal("The return URL names no host.");
    }
    if (scheme == "http" && !(chosen.return_to_http_loopback && is_loopback(view))) {
        return refusal("The return URL must be https; plain http is only allowed to a loopback host.");
    }
    return {};
}

outcome<void> check_return_prefix(settings const& chosen, std::string_view prefix) {
    if (auto const good = check_return_url(chosen, prefix); good.has_error()) {
        return good.error();
    }
    if (prefix.find_first_of("?#") != std::string_view::npos) {
        return refusal("An allowed return URL has no query and no fragment.");
    }
    return {};
}

bool lies_below(std::string_view url, std::string_view prefix) {
    auto const below = normal(url);
    auto const above = normal(prefix);
    if (below.scheme() != above.scheme() || below.encoded_host_and_port() != above.encoded_host_and_port()) {
        return false;
    }
    auto const path = std::string_view{below.encoded_path()};
    auto const start = std::string_view{above.encoded_path()};
    if (!path.starts_with(start)) {
        return false;
    }
    return start.empty() || start.back() == '/' || path.size() == start.size() || path[start.size()] == '/';
}

std::string extend_return_url(std::string_view url,
                              std::vector<std::pair<std::string, std::string>> const& parameters) {
    if (parameters.empty()) {
        return std::string{url};
    }
    boost::urls::url extended = boost::urls::parse_uri({url.data(), url.size()}).value();
    if (extended.has_query()) {
        for (auto const& [name, value] : parameters) {
            extended.params().erase(name);
        }
    }
    // Boost.URL leaves a plus as it is, which most servers read as a space. Set at once: to append a
    // parameter it walks over all of them.
    std::string query{extended.encoded_query()};
    for (auto const& [name, value] : parameters) {
        query += query.empty() ? "" : "&";
        query += name + '=';
        platforms::append_percent_encoded(query, value);
    }
    extended.set_encoded_query(query);
    return std::string{extended.buffer()};
}

} // namespace connectd::server::services
