#include "server/dialects/mounts.hpp"

#include "server/dialects/autoposting/autoposting.hpp"
#include "server/dialects/dispatch.hpp"
#include "server/dialects/letmepost/letmepost.hpp"
#include "server/dialects/postato/postato.hpp"
#include "server/dialects/postpeer/postpeer.hpp"
#include "server/dialects/unipost/unipost.hpp"
#include "server/http/bearer.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::dialects {
namespace {

dialect const* const dialects[] = {&autoposting::api, &letmepost::api, &postato::api, &postpeer::api,
                                   &unipost::api};

bool is_below(std::string_view path, std::string_view mount) noexcept {
    return path.starts_with(mount) && (path.size() == mount.size() || path[mount.size()] == '/');
}

// The vendor whose keys begin as the one that was sent; null where it is nobody's.
dialect const* begun_as_key_of(http::request const& asked) noexcept {
    auto key = http::bearer_token(asked);
    key = key.empty() ? asked.header("x-api-key").value_or(std::string_view{}) : key;
    if (key.empty() || key.starts_with("cd_")) { // one of ours as it is says nothing
        return nullptr;
    }
    auto const fits = [&](std::string_view prefix) { return key.starts_with(prefix); };
    auto const* const* found = std::ranges::find_if(
        dialects, [&](auto const* each) { return std::ranges::any_of(each->key_prefixes, fits); });
    return found == std::end(dialects) ? nullptr : *found;
}

dialect const* asked_of(http::request const& asked, host_names const& hosts) noexcept {
    for (auto const* each : dialects) {
        auto const own = hosts.find(each->name);
        if (is_below(asked.raw_path, each->mount) ||
            (own != hosts.end() && is_one_of(own->second, asked.host))) {
            return each;
        }
    }
    return begun_as_key_of(asked);
}

} // namespace

std::span<dialect const* const> all_dialects() noexcept {
    return dialects;
}

dialect const* find_dialect(std::string_view name) noexcept {
    auto const* const* found = std::ranges::find(dialects, name, &dialect::name);
    return found == std::end(dialects) ? nullptr : *found;
}

std::vector<services::webhooks::form const*> webhook_forms() {
    std::vector<services::webhooks::form const*> all;
    for (auto const* each : dialects) {
        all.push_back(each->deliveries);
    }
    return all;
}

void add_routes(http::router& to, context& with) {
    for (auto const* of : dialects) {
        for (auto const& line : of->routes) {
            for (auto const base : of->bases) {
                // Not a coroutine itself: the router keeps it alive, and `dispatch` gets what outlives the
                // router.
                to.add(std::string{line.method}, std::string{of->mount}.append(base).append(line.pattern),
                       [&with, of, &line](http::request& asked) { return dispatch(with, *of, line, asked); });
            }
        }
    }
}

void add_hosts(http::router& to, host_names const& hosts) {
    for (auto const& [name, own] : hosts) {
        for (auto const& host : own) {
            to.add_host(host, find_dialect(name)->mount);
        }
    }
}

std::string_view mount_by_key(http::request const& asked) noexcept {
    constexpr std::string_view mounts = "/compat/";
    auto const* of = asked.raw_path.starts_with(mounts) ? nullptr : begun_as_key_of(asked);
    return of == nullptr ? std::string_view{} : of->mount;
}

std::optional<http::response> http_refusal(http::http_error const& error, host_names const& hosts) {
    auto const* of = error.cause == nullptr ? nullptr : asked_of(*error.cause, hosts);
    if (of == nullptr) {
        return std::nullopt;
    }
    return of->refuse({.what = {.status = http::status_of(error.kind),
                                .code = std::string{http::name_of(error.kind)},
                                .detail = error.detail},
                       .field = {},
                       .request_id = error.request_id,
                       .path = error.cause->raw_path});
}

parameter_list told(services::callback_answer const& ended) {
    // A dialect may mark its sessions behind a point.
    auto const* of = find_dialect(std::string_view{ended.dialect}.substr(0, ended.dialect.find('.')));
    return of == nullptr ? parameter_list{} : of->told(ended);
}

} // namespace connectd::server::dialects
