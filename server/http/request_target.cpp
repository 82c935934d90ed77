#include "server/http/request_target.hpp"

#include "server/http/header_list.hpp"
#include "server/http/parameters.hpp"

#include <algorithm>

namespace connectd::server::http {

namespace {

// Leaves the part behind the authority in `rest`; the authority goes to the request.
bool take_authority(request& asked, std::string_view& rest) {
    for (std::string_view const scheme : {"http://", "https://"}) {
        if (!equal_ignoring_case(rest.substr(0, scheme.size()), scheme)) {
            continue;
        }
        rest.remove_prefix(scheme.size());
        auto const end = std::min(rest.find_first_of("/?"), rest.size());
        asked.host = normal_host(rest.substr(0, end));
        rest.remove_prefix(end);
        return !asked.host.empty();
    }
    return false;
}

} // namespace

bool split_target(request& asked) {
    std::string_view rest{asked.target};
    if (rest == "*") {
        asked.raw_path = asked.path = "*";
        return asked.method == "OPTIONS";
    }
    if (rest.empty() || rest.find('#') != std::string_view::npos) {
        return false;
    }
    if (rest.front() != '/' && !take_authority(asked, rest)) {
        return false;
    }
    auto const end = std::min(rest.find('?'), rest.size());
    asked.raw_path = end == 0 ? "/" : rest.substr(0, end);
    auto path = percent_decode(asked.raw_path);
    if (!path) {
        return false;
    }
    asked.path = std::move(*path);
    if (end < rest.size()) {
        asked.raw_query = rest.substr(end + 1);
        auto query = parse_parameters(asked.raw_query);
        if (!query) {
            return false;
        }
        asked.query = std::move(*query);
    }
    return true;
}

std::string normal_host(std::string_view text) {
    std::string host;
    host.reserve(text.size());
    for (char const letter : text) {
        bool const plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
                           letter == '.' || letter == '-' || letter == '_' || letter == ':' ||
                           letter == '[' || letter == ']';
        bool const upper = letter >= 'A' && letter <= 'Z';
        if (!plain && !upper) {
            return {};
        }
        host.push_back(upper ? static_cast<char>(letter + ('a' - 'A')) : letter);
    }
    return host;
}

} // namespace connectd::server::http
