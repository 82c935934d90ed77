#include "server/services/branding.hpp"

#include "server/services/input.hpp"
#include "server/services/plans.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>

namespace connectd::server::services {
namespace {

constexpr std::size_t max_url = 2048;

bool is_color(std::string_view text) {
    auto const is_hex = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    return text.size() == 7 && text.front() == '#' && std::ranges::all_of(text.substr(1), is_hex);
}

// Nothing that would mean something where the origin is named to a browser, in the page's policy.
bool is_plain_host(std::string_view host) {
    auto const plain = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
               c == '-';
    };
    return !host.empty() && std::ranges::all_of(host, plain);
}

// Of a picture that browsers load from the customer's own server.
bool is_picture_url(std::string_view text) {
    auto const parsed = boost::urls::parse_uri({text.data(), text.size()});
    return text.size() <= max_url && parsed.has_value() && parsed->scheme() == "https" &&
           is_plain_host(parsed->encoded_host()) && !parsed->has_userinfo();
}

} // namespace

page_brand brand_of(settings const& chosen, storage::workspace const& row) {
    if (!plan_includes(chosen, row.plan, "branding")) {
        return {.name = row.name, .logo_url = {}, .color = {}};
    }
    auto const& own = row.branding;
    return {.name = own.name.empty() ? row.name : own.name, .logo_url = own.logo_url, .color = own.color};
}

outcome<void> check_branding(storage::branding const& wanted) {
    if (auto const good = check_optional_text(wanted.name, "branding/name"); good.has_error()) {
        return good.error();
    }
    if (!wanted.logo_url.empty() && !is_picture_url(wanted.logo_url)) {
        return failure{errc::field_invalid, "An https URL of at most 2048 characters.", "branding/logo_url"};
    }
    if (!wanted.color.empty() && !is_color(wanted.color)) {
        return failure{errc::field_invalid, "A colour such as #1d4ed8.", "branding/color"};
    }
    return {};
}

} // namespace connectd::server::services
