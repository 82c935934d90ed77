#include "server/services/proxy/headers.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace connectd::server::services::proxy {
namespace {

using platforms::http::same_name;

constexpr std::array<std::string_view, 10> of_one_connection = {
    "connection",        "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te",
    "transfer-encoding", "trailer",    "upgrade",          "content-length"};

constexpr std::array<std::string_view, 13> not_for_platform = {
    "authorization", "x-api-key", "x-access-key",    "cookie",       "cookie2",   "host",          "expect",
    "forwarded",     "via",       "idempotency-key", "x-request-id", "x-real-ip", "proxy-features"};

constexpr std::array<std::string_view, 5> not_for_caller = {
    "set-cookie", "set-cookie2", "strict-transport-security", "alt-svc", "clear-site-data"};

bool contains(auto const& names, std::string_view name) {
    return std::ranges::any_of(names, [name](std::string_view each) { return same_name(each, name); });
}

bool contains(header_list const& fields, std::string_view name) {
    return std::ranges::any_of(fields, [name](auto const& field) { return same_name(field.first, name); });
}

std::string_view trimmed(std::string_view text) {
    auto const begin = std::min(text.find_first_not_of(" \t"), text.size());
    return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

// The names that the Connection fields of a message give.
std::vector<std::string_view> named_by_connection(header_list const& fields) {
    std::vector<std::string_view> names;
    for (auto const& [name, value] : fields) {
        if (!same_name(name, "connection")) {
            continue;
        }
        for (std::string_view rest = value; !rest.empty();) {
            auto const end = std::min(rest.find(','), rest.size());
            names.push_back(trimmed(rest.substr(0, end)));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return names;
}

bool reads_bodies(platforms::proxy_rules const& rules) {
    auto const reads = [](platforms::error_match const& match) {
        return !match.codes.empty() || !match.subcodes.empty() || !match.message_contains.empty();
    };
    return std::ranges::any_of(rules.dead_token, reads) || std::ranges::any_of(rules.living_token, reads);
}

} // namespace

header_list for_platform(header_list const& asked, platforms::descriptor const& platform,
                         crypto::secret const& access_token) {
    auto const dropped = named_by_connection(asked);
    bool const plain = reads_bodies(platform.proxy);
    header_list out;
    out.reserve(asked.size() + platform.proxy.headers.size() + 1);
    for (auto const& field : asked) {
        std::string_view const name = field.first;
        bool const forwarded = name.size() > 12 && same_name(name.substr(0, 12), "x-forwarded-");
        if (!contains(of_one_connection, name) && !contains(not_for_platform, name) &&
            !contains(dropped, name) && !forwarded && !(plain && same_name(name, "accept-encoding"))) {
            out.push_back(field);
        }
    }
    for (auto const& field : platform.proxy.headers) {
        if (!contains(out, field.first)) {
            out.push_back(field);
        }
    }
    if (platform.identity.token_parameter.empty()) {
        out.emplace_back("Authorization", std::string{"Bearer "}.append(access_token.reveal()));
    }
    return out;
}

header_list for_caller(header_list const& answered) {
    auto const dropped = named_by_connection(answered);
    header_list out;
    out.reserve(answered.size() + 1);
    for (auto const& field : answered) {
        if (!contains(of_one_connection, field.first) && !contains(not_for_caller, field.first) &&
            !contains(dropped, field.first)) {
            out.push_back(field);
        }
    }
    return out;
}

} // namespace connectd::server::services::proxy
