#include "server/dialects/dialect.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::dialects {

bool is_one_of(std::vector<std::string> const& hosts, std::string_view host) noexcept {
    return std::ranges::find(hosts, host) != hosts.end() ||
           std::ranges::find(hosts, host.substr(0, host.rfind(':'))) != hosts.end();
}

std::string call::base() const {
    auto const own = with.hosts.find(vendor.name);
    if (own == with.hosts.end() || !is_one_of(own->second, asked.host)) {
        return with.public_url + std::string{vendor.mount};
    }
    auto const scheme = with.public_url.substr(0, with.public_url.find("://") + 3);
    return scheme + asked.host;
}

http::response call::refuse(services::failure const& why) const {
    return vendor.refuse({.what = services::refusal_of(why),
                          .field = why.field,
                          .request_id = asked.request_id,
                          .path = asked.raw_path});
}

http::response call::refuse_begin(services::failure const& why, std::string_view stored_with,
                                  std::string_view redirect_uri) const {
    if (why.code != make_error_code(services::errc::credentials_missing)) {
        return refuse(why);
    }
    std::string text{"No app of this platform is stored. Store one with "};
    text.append(stored_with).append(", and register ").append(redirect_uri).append(" at the platform.");
    return refuse(services::failure{services::errc::credentials_missing, std::move(text)});
}

http::response call::refuse(services::refusal what) const {
    return vendor.refuse(
        {.what = std::move(what), .field = {}, .request_id = asked.request_id, .path = asked.raw_path});
}

std::optional<std::string> call::query(std::string_view name) const {
    auto const value = asked.query.find(name);
    return value && !value->empty() ? std::optional{std::string{*value}} : std::nullopt;
}

} // namespace connectd::server::dialects
