#include "server/dialects/reading.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace connectd::server::dialects {
namespace {

// `next` reads one page.
template <class T, class Next>
runtime::task<services::outcome<std::vector<T>>> all_of(Next next) {
    std::vector<T> items;
    services::page_request page{.limit = services::max_page_limit, .cursor = {}};
    do {
        auto found = co_await next(page);
        if (found.has_error()) {
            co_return found.error();
        }
        std::ranges::move(found->items, std::back_inserter(items));
        page.cursor = std::move(found->next_cursor);
    } while (page.cursor);
    co_return items;
}

} // namespace

runtime::task<services::outcome<std::vector<services::account_view>>>
all_accounts(call of, services::account_filter filter) {
    auto const next = [&](services::page_request page) {
        return of.services().accounts.list(of.workspace(), filter, std::move(page));
    };
    co_return co_await all_of<services::account_view>(next);
}

runtime::task<services::outcome<std::vector<services::credentials_view>>>
all_credentials(call of, std::optional<std::string> platform) {
    auto const next = [&](services::page_request page) {
        return of.services().credentials.list(of.workspace(), platform, std::move(page));
    };
    auto found = co_await all_of<services::credentials_view>(next);
    if (found.has_value()) {
        std::erase_if(*found, [](auto const& each) { return each.registered; });
    }
    co_return found;
}

runtime::task<services::outcome<std::vector<services::profile_view>>> all_profiles(call of) {
    auto const next = [&](services::page_request page) {
        return of.services().profiles.list(of.workspace(), std::nullopt, std::move(page));
    };
    co_return co_await all_of<services::profile_view>(next);
}

runtime::task<services::outcome<std::vector<services::api_key_view>>> all_api_keys(call of) {
    auto const next = [&](services::page_request page) {
        return of.services().api_keys.list(of.workspace().to_string(), std::move(page));
    };
    co_return co_await all_of<services::api_key_view>(next);
}

runtime::task<services::outcome<std::vector<services::api_key_view>>> live_api_keys(call of) {
    auto found = co_await all_api_keys(of);
    if (found.has_value()) {
        std::erase_if(*found, [](auto const& each) { return each.revoked_at.has_value(); });
    }
    co_return found;
}

runtime::task<services::outcome<services::api_key_view>> revoke_live_key(call of, std::string id) {
    auto const workspace = of.workspace().to_string();
    auto const found = co_await of.services().api_keys.get(workspace, id);
    if (found.has_error()) {
        co_return found.error();
    }
    if (found->revoked_at) {
        co_return services::errc::api_key_not_found;
    }
    co_return co_await of.services().api_keys.revoke(workspace, std::move(id));
}

runtime::task<services::outcome<crypto::profile_id>> default_profile(call of) {
    auto const owner = co_await of.services().workspaces.get(of.workspace().to_string());
    if (owner.has_error()) {
        co_return owner.error();
    }
    co_return owner->default_profile;
}

std::string slug_of(services::profile_view const& shown, crypto::profile_id default_one) {
    if (!shown.external_id.empty()) {
        return shown.external_id;
    }
    return shown.id == default_one ? std::string{"default"} : shown.id.to_string();
}

runtime::task<services::outcome<services::profile_view>> find_by_slug(call of, std::string slug) {
    auto const named = co_await of.services().profiles.list(of.workspace(), slug, {.limit = 1, .cursor = {}});
    if (named.has_error()) {
        co_return named.error();
    }
    if (!named->items.empty()) {
        co_return named->items.front();
    }
    if (slug == "default") {
        auto const id = co_await default_profile(of);
        if (id.has_error()) {
            co_return id.error();
        }
        slug = id->to_string();
    }
    co_return co_await of.services().profiles.get(of.workspace(), std::move(slug));
}

} // namespace connectd::server::dialects
