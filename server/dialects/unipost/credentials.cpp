// /v1/platform-credentials: one app a platform, which the next one replaces.
#include "server/dialects/fields.hpp"
#include "server/dialects/reading.hpp"
#include "server/dialects/unipost/unipost.hpp"
#include "server/dialects/views.hpp"
#include "server/http/render.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace connectd::server::dialects::unipost {
namespace {

// The seven of the vendor's page, and threads, which its other documents have.
constexpr std::string_view platforms[] = {"facebook", "instagram", "linkedin", "pinterest",
                                          "tiktok",   "youtube",   "twitter",  "threads"};

bool is_platform(std::string_view name) {
    return std::ranges::find(platforms, name) != std::end(platforms);
}

services::failure unknown_platform() {
    return {services::errc::field_invalid,
            "platform must be one of facebook, instagram, linkedin, pinterest, tiktok, youtube, twitter.",
            "platform"};
}

boost::json::object to_json(services::credentials_view const& shown) {
    return {{"platform", with_twitter(shown.platform)},
            {"client_id", shown.client_id},
            {"created_at", http::render_time(shown.created_at)}};
}

// Nothing where there is none.
runtime::task<services::outcome<std::optional<services::credentials_view>>>
find_default(call of, std::string platform) {
    auto const found = co_await all_credentials(of, std::move(platform));
    if (found.has_error()) {
        co_return found.error();
    }
    auto const marked = std::ranges::find(*found, true, &services::credentials_view::is_default);
    co_return marked == found->end() ? std::nullopt : std::optional{*marked};
}

// Out of sight at once; accounts that depend on it are refreshed with it until they are gone.
runtime::task<services::outcome<void>> take_away(call of, services::credentials_view gone) {
    co_return co_await of.services().credentials.remove(of.workspace(), gone.id.to_string(),
                                                        services::credentials::removal::retiring);
}

// The same client id is the same app with a new secret; another app takes the place of the one before.
runtime::task<services::outcome<services::credentials_view>> store(call of,
                                                                   services::new_credentials wanted) {
    auto& credentials = of.services().credentials;
    auto const before = co_await find_default(of, wanted.platform);
    if (before.has_error()) {
        co_return before.error();
    }
    if (!*before) {
        co_return co_await credentials.create(of.workspace(), std::move(wanted));
    }
    if ((*before)->client_id == wanted.client_id) {
        co_return co_await credentials.rotate(of.workspace(), (*before)->id.to_string(),
                                              {.client_secret = std::move(wanted.client_secret)});
    }
    wanted.replaces = (*before)->id.to_string();
    co_return co_await credentials.create(of.workspace(), std::move(wanted));
}

} // namespace

runtime::task<http::response> store_credentials(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    services::new_credentials wanted{.platform = body->text("platform"),
                                     .client_id = body->text("client_id"),
                                     .client_secret = body->secret("client_secret"),
                                     .name = {}};
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    if (!is_platform(with_twitter(wanted.platform))) {
        co_return of.refuse(unknown_platform());
    }
    auto const stored = co_await store(of, std::move(wanted));
    if (stored.has_error()) {
        co_return of.refuse(stored.error());
    }
    co_return answer(201, to_json(*stored), of);
}

runtime::task<http::response> list_credentials(call of) {
    auto const found = co_await all_credentials(of, std::nullopt);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    std::vector<services::credentials_view> defaults;
    std::ranges::copy_if(*found, std::back_inserter(defaults), [](auto const& each) {
        return each.is_default && is_platform(with_twitter(each.platform));
    });
    std::ranges::sort(defaults, {}, [](auto const& each) { return with_twitter(each.platform); });
    boost::json::array data;
    for (auto const& each : defaults) {
        data.push_back(to_json(each));
    }
    co_return answer_list(std::move(data), of);
}

// "Safe to call when no credentials exist", so also for a platform that can have none.
runtime::task<http::response> delete_credentials(call of) {
    auto const platform = of.asked.path_parameter("platform");
    if (!is_platform(with_twitter(platform))) {
        co_return http::response::no_content();
    }
    auto const before = co_await find_default(of, platform);
    if (before.has_error()) {
        co_return of.refuse(before.error());
    }
    if (*before) {
        if (auto const gone = co_await take_away(of, **before); gone.has_error()) {
            co_return of.refuse(gone.error());
        }
    }
    co_return http::response::no_content();
}

} // namespace connectd::server::dialects::unipost
