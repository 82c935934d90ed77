#include "server/services/token_import.hpp"

#include "platforms/quirks/bluesky.hpp"
#include "server/runtime/deadline.hpp"
#include "server/services/input.hpp"
#include "server/services/platform_choice.hpp"
#include "server/services/platform_failure.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace connectd::server::services {
namespace {

constexpr std::size_t longest_token = 16 * 1024;
constexpr std::size_t longest_user_id = 200;
constexpr std::size_t max_metadata = 16 * 1024;

// It travels in headers and forms; what it says nobody but the platform knows.
outcome<void> check_token(crypto::secret const& token, std::string_view field) {
    auto const text = token.reveal();
    if (text.empty()) {
        return failure{errc::field_invalid, "Must not be empty.", std::string{field}};
    }
    if (text.size() > longest_token ||
        !std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; })) {
        return failure{errc::field_invalid, "A token is at most 16 KiB of visible characters without spaces.",
                       std::string{field}};
    }
    return {};
}

// Both JWTs of a Bluesky session, which lives on the account's own server.
bool is_session(platforms::descriptor const& platform) {
    return platform.connect == platforms::connect_kind::app_password;
}

// Where accounts are pages of a person, the token alone could be the person's by mistake.
bool has_to_be_named(platforms::descriptor const& platform) {
    return !platform.candidates.kind.empty() && platform.candidates.grantor_kind.empty();
}

std::string kind_in(platforms::descriptor const& platform) {
    return has_to_be_named(platform) ? platform.candidates.kind : "person";
}

outcome<void> check_owner(imported_tokens const& given, platforms::descriptor const& platform) {
    for (auto const& [text, field] :
         {std::pair{&given.platform_user_id, "platform_user_id"}, std::pair{&given.username, "username"},
          std::pair{&given.display_name, "display_name"}}) {
        if (auto const good = check_optional_text(*text, field, longest_user_id); good.has_error()) {
            return good.error();
        }
    }
    if (!given.platform_user_id.empty()) {
        return {};
    }
    if (!given.verify) {
        return failure{errc::field_invalid, "Required where the platform is not asked whose the token is.",
                       "platform_user_id"};
    }
    if (has_to_be_named(platform)) {
        return failure{errc::field_invalid,
                       "Required for " + platform.title + ": the id of the " + platform.candidates.kind + ".",
                       "platform_user_id"};
    }
    return {};
}

outcome<void> check(imported_tokens const& given, platforms::descriptor const& platform) {
    if (auto const good = check_token(given.access_token, "access_token"); good.has_error()) {
        return good.error();
    }
    if (given.refresh_token) {
        if (auto const good = check_token(*given.refresh_token, "refresh_token"); good.has_error()) {
            return good.error();
        }
    }
    if (auto const good = check_scope_shapes(given.scopes); good.has_error()) {
        return good.error();
    }
    if (given.metadata.size() > max_metadata) {
        return failure{errc::field_invalid, "At most 16 KiB of metadata.", "metadata"};
    }
    if (is_session(platform) && !given.refresh_token) {
        return failure{errc::field_invalid, "Required: the refreshJwt of the session.", "refresh_token"};
    }
    if (is_session(platform) && !platforms::bluesky::is_did(given.platform_user_id)) {
        return failure{errc::field_invalid, "Required: the DID of the account, by which its server is found.",
                       "platform_user_id"};
    }
    return check_owner(given, platform);
}

std::optional<std::chrono::sys_seconds> in_seconds(std::optional<runtime::sys_ms> const& moment) {
    return moment ? std::optional{std::chrono::floor<std::chrono::seconds>(*moment)} : std::nullopt;
}

platforms::token_set tokens_in(imported_tokens& given) {
    platforms::token_set tokens;
    tokens.access_token = std::move(given.access_token);
    tokens.refresh_token = std::move(given.refresh_token);
    tokens.expires_at = in_seconds(given.access_expires_at);
    tokens.refresh_expires_at = in_seconds(given.refresh_expires_at);
    tokens.scopes = std::move(given.scopes);
    return tokens;
}

} // namespace

runtime::task<outcome<account_view>> token_import::import(crypto::workspace_id workspace,
                                                          imported_tokens given) {
    auto const known = choose_platform(catalog_, settings_, given.platform);
    if (known.has_error()) {
        co_return known.error();
    }
    if (auto const good = check(given, **known); good.has_error()) {
        co_return good.error();
    }
    auto const target =
        co_await choose_target(store_, workspace, (*known)->name, given.profile_id, std::nullopt);
    if (target.has_error()) {
        co_return target.error();
    }
    auto const app = co_await choose(workspace, given, **known);
    if (app.has_error()) {
        co_return app.error();
    }
    auto const there = co_await resolver_.resolve(**known, {.instance = app->instance, .pkce = app->pkce});
    if (there.has_error()) {
        co_return unreachable_server(there.error(), app->instance);
    }
    platforms::identity who{given.platform_user_id, given.username, given.display_name, {}};
    auto tokens = co_await complete(**there, tokens_in(given), given.platform_user_id);
    if (tokens.has_error()) {
        co_return tokens.error();
    }
    bool const age_known = tokens->expires_at.has_value();
    if (given.verify) {
        auto said = co_await ask(**there, *tokens, given.platform_user_id);
        if (said.has_error()) {
            co_return said.error();
        }
        who = std::move(*said);
    }
    new_connection made;
    made.workspace = workspace;
    made.profile = target->profile;
    made.credentials = app->credentials;
    made.instance = app->instance;
    made.platform = there->get();
    made.grant_owner = has_to_be_named(**known) ? std::string{} : who.id;
    made.metadata = std::move(given.metadata);
    made.accounts.push_back({std::move(who), std::move(*tokens), kind_in(**known), !age_known});
    auto stored = co_await commit_.store(std::move(made));
    if (stored.has_error()) {
        co_return stored.error();
    }
    co_return std::move(stored->front());
}

// Tokens are good for the app they were granted to and no other. Where apps are registered by this server
// that cannot be one of them, so there it has to be named.
runtime::task<outcome<chosen_app>> token_import::choose(crypto::workspace_id workspace,
                                                        imported_tokens const& given,
                                                        platforms::descriptor const& platform) {
    auto instance = choose_instance(platform, given.instance, {});
    if (instance.has_error()) {
        co_return instance.error();
    }
    if (platform.instances == platforms::instance_kind::host && !given.credentials_id) {
        co_return failure{errc::credentials_missing,
                          "Name the credentials of the app that these tokens were granted to.",
                          "credentials_id"};
    }
    app_wish wish;
    wish.credentials_id = given.credentials_id;
    wish.instance = std::move(*instance);
    co_return co_await choose_app(store_, settings_, instances_, platform, workspace, std::move(wish));
}

// What the caller cannot know of them.
runtime::task<outcome<platforms::token_set>> token_import::complete(platforms::descriptor const& platform,
                                                                    platforms::token_set tokens,
                                                                    std::string owner) {
    if (!is_session(platform)) {
        co_return std::move(tokens);
    }
    auto whole = co_await platforms::bluesky::adopt(client_, platform, std::move(owner), std::move(tokens),
                                                    runtime::deadline_in(settings_.exchange_timeout));
    if (whole.has_error()) {
        log_platform_failure(platform, whole.error());
        co_return describe_platform_failure(whole.error(), platform, connect_step::import);
    }
    co_return std::move(*whole);
}

runtime::task<outcome<platforms::identity>> token_import::ask(platforms::descriptor const& platform,
                                                              platforms::token_set const& tokens,
                                                              std::string claimed) {
    auto said = co_await connector_.fetch_identity(platform, tokens,
                                                   runtime::deadline_in(settings_.exchange_timeout));
    if (said.has_error()) {
        log_platform_failure(platform, said.error());
        co_return describe_platform_failure(said.error(), platform, connect_step::import);
    }
    if (!claimed.empty() && said->id != claimed) {
        co_return failure{errc::field_invalid, "The token belongs to " + name_of(*said) + ".",
                          "platform_user_id"};
    }
    co_return std::move(*said);
}

} // namespace connectd::server::services
