#include "server/services/platform_list.hpp"

#include "platforms/descriptor_words.hpp"
#include "server/services/grants.hpp"
#include "server/services/input.hpp"
#include "server/services/platform_choice.hpp"
#include "storage/error.hpp"
#include "storage/tables/credentials.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::services {
namespace {

bool can_refresh(platforms::descriptor const& platform) {
    using enum platforms::refresh_model;
    auto const model = platform.refresh.model;
    return model == rotating || model == static_token || model == extend;
}

} // namespace

platform_view view(platforms::descriptor const& platform, settings const& chosen) {
    using namespace platforms;
    auto const& refresh = platform.refresh;
    bool const browser = platform.connect == connect_kind::oauth2;
    return {.name = platform.name,
            .title = platform.title,
            .aliases = platform.aliases,
            .connect = word_of(connect_kind_words, platform.connect),
            .wants_instance = platform.instances == instance_kind::host,
            .wants_issuer = services::wants_issuer(platform),
            .available = !chosen.disabled_platforms.contains(platform.name),
            .scopes = {.defaults = platform.scopes.defaults,
                       .required = platform.scopes.required,
                       .known = platform.scopes.known},
            .refresh = {.model = word_of(refresh_model_words, refresh.model),
                        .access_lifetime = refresh.access_lifetime,
                        .refresh_lifetime = refresh.refresh_lifetime,
                        .lead_time = refresh.lead_time,
                        .minimum_age = refresh.minimum_age,
                        .grace = refresh.grace,
                        .idle_limit = refresh.idle_limit},
            .can = {.refresh = can_refresh(platform),
                    .revoke = can_revoke(platform),
                    .choose = !platform.endpoints.candidates_url.empty()},
            .client_authentication = word_of(client_authentication_words, platform.client.authentication),
            .pkce = word_of(pkce_method_words, platform.pkce),
            .app_platform = app_platform(platform),
            .redirect_uri = browser ? redirect_uri(chosen, platform.name) : std::string{},
            .needs_credentials = browser && platform.instances != instance_kind::host};
}

runtime::task<outcome<listing<platform_view>>> platform_list::list(crypto::workspace_id workspace,
                                                                   page_request page) {
    listing<platform_view> answer;
    auto const from = page.cursor.value_or(std::string{});
    if (!from.empty() && catalog_.find(from) == nullptr) {
        co_return list_failure(storage::make_error_code(storage::errc::invalid_cursor));
    }
    for (auto const* platform : catalog_.all()) {
        if (platform->name < from) {
            continue;
        }
        if (answer.items.size() == page.limit) {
            answer.next_cursor = platform->name;
            break;
        }
        auto shown = co_await look_at(workspace, *platform);
        if (shown.has_error()) {
            co_return shown.error();
        }
        answer.items.push_back(std::move(*shown));
    }
    co_return answer;
}

runtime::task<outcome<platform_view>> platform_list::get(crypto::workspace_id workspace, std::string name) {
    auto const* platform = catalog_.find(name);
    if (platform == nullptr) {
        co_return errc::platform_not_found;
    }
    co_return co_await look_at(workspace, *platform);
}

runtime::task<outcome<platform_view>> platform_list::look_at(crypto::workspace_id workspace,
                                                             platforms::descriptor const& platform) {
    auto shown = view(platform, settings_);
    auto const own = co_await storage::credentials_table::find_default(store_, workspace, shown.app_platform);
    if (own.has_error()) {
        co_return own.error();
    }
    shown.has_credentials = own->has_value();
    shown.has_quickstart =
        settings_.quickstart != nullptr && settings_.quickstart->find(shown.name) != nullptr;
    co_return shown;
}

} // namespace connectd::server::services
