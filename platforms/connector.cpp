#include "platforms/connector.hpp"

#include "platforms/call.hpp"
#include "platforms/candidate_list.hpp"
#include "platforms/error_table.hpp"
#include "platforms/quirks/bluesky.hpp"
#include "platforms/quirks/facebook_pages.hpp"
#include "platforms/quirks/linkedin_organizations.hpp"

#include <algorithm>
#include <utility>

namespace connectd::platforms {
namespace {

// A platform that refuses the application has looked at nothing else: no code and no token is spent.
template <class Call>
auto with_either_secret(app_credentials app, Call call) -> decltype(call(app)) {
    auto answer = co_await call(app);
    if (app.previous_secret != nullptr && answer.has_error() && answer.error().code == errc::client_refused) {
        app_credentials const before{app.client_id, *app.previous_secret};
        answer = co_await call(before);
    }
    co_return answer;
}

// The short-lived tokens become long-lived ones. What only the first answer said (Instagram's scopes) stays;
// a lifetime never does, since it is the short one.
task<outcome<token_set>> lengthen(http::client& client, descriptor const& platform, app_credentials app,
                                  token_set first, deadline until) {
    auto const call = [&](app_credentials const& with) {
        return ask_for_tokens(client, platform, call_kind::exchange,
                              long_lived_request(platform, with, first.access_token), until);
    };
    auto longer = co_await with_either_secret(std::move(app), call);
    if (!longer) {
        co_return longer.error();
    }
    if (longer->scopes.empty()) {
        longer->scopes = std::move(first.scopes);
    }
    if (longer->token_type.empty()) {
        longer->token_type = std::move(first.token_type);
    }
    if (!longer->refresh_token) {
        longer->refresh_token = std::move(first.refresh_token);
        longer->refresh_expires_in = first.refresh_expires_in;
    }
    keep_extras(first, *longer);
    co_return longer;
}

bool lists_candidates(descriptor const& platform, token_set const& tokens) {
    auto const& wanted = platform.candidates.scopes;
    auto const granted = [&](std::string const& scope) {
        return std::find(tokens.scopes.begin(), tokens.scopes.end(), scope) != tokens.scopes.end();
    };
    return !platform.endpoints.candidates_url.empty() &&
           (wanted.empty() || std::any_of(wanted.begin(), wanted.end(), granted));
}

task<outcome<std::vector<candidate>>> list_candidates(http::client& client, descriptor const& platform,
                                                      token_set const& tokens, deadline until) {
    if (has_quirk(platform, "facebook_pages")) {
        co_return co_await facebook_pages::list_pages(client, platform, tokens, until);
    }
    candidate_list list(client, platform, tokens.access_token, until);
    auto failed = co_await list.read(candidates_request(platform, tokens.access_token, tokens.api_base));
    if (failed) {
        co_return std::move(*failed);
    }
    auto found = list.take();
    if (has_quirk(platform, "linkedin_organizations")) {
        co_await linkedin_organizations::add_names(client, platform, tokens, found, until);
    }
    co_return found;
}

// Whoever consented first, where the platform says that they can be chosen too; then at least one.
outcome<std::vector<candidate>> choices(descriptor const& platform, outcome<identity> const& who,
                                        outcome<std::vector<candidate>> listed) {
    auto const& kind = platform.candidates.grantor_kind;
    if (!listed) {
        return listed;
    }
    if (!kind.empty()) {
        if (!who) {
            return who.error();
        }
        listed->insert(listed->begin(), candidate{*who, kind, {}});
    }
    if (listed->empty()) {
        failure nothing;
        nothing.what = verdict::refused;
        nothing.code = errc::nothing_to_connect;
        return nothing;
    }
    return listed;
}

task<outcome<void>> revoke_all(http::client& client, descriptor const& platform, app_credentials app,
                               token_set const& tokens, deadline until) {
    std::optional<failure> first;
    for (auto& request : revoke_requests(platform, app, tokens)) {
        auto answer = co_await ask(client, call_kind::revoke, std::move(request), until);
        auto failed = answer ? revoke_failure(platform, *answer) : std::optional{answer.error()};
        if (failed && !first) {
            first = std::move(failed);
        }
    }
    if (first) {
        co_return *first;
    }
    co_return outcome<void>{};
}

} // namespace

task<outcome<token_set>> connector::exchange_code(descriptor const& platform, app_credentials app,
                                                  std::string code, std::string redirect_uri,
                                                  crypto::secret verifier, deadline until) {
    auto const call = [&](app_credentials const& with) {
        return ask_for_tokens(client_, platform, call_kind::exchange,
                              token_request(platform, with, code, redirect_uri, verifier.reveal()), until);
    };
    co_return co_await with_either_secret(std::move(app), call);
}

task<outcome<connected>> connector::connect(descriptor const& platform, app_credentials app, std::string code,
                                            std::string redirect_uri, crypto::secret verifier,
                                            deadline until) {
    auto tokens = co_await exchange_code(platform, app, std::move(code), std::move(redirect_uri),
                                         std::move(verifier), until);
    if (!tokens) {
        co_return tokens.error();
    }
    if (!platform.endpoints.long_lived_url.empty()) {
        tokens = co_await lengthen(client_, platform, app, std::move(*tokens), until);
        if (!tokens) {
            co_return tokens.error();
        }
    }
    if (has_quirk(platform, "facebook_pages")) {
        co_await facebook_pages::read_scopes(client_, platform, *tokens, until);
    }
    auto who = co_await fetch_identity(platform, *tokens, until);
    connected made{std::move(*tokens), std::move(who)};
    if (lists_candidates(platform, made.tokens)) {
        auto listed = co_await list_candidates(client_, platform, made.tokens, until);
        made.candidates = choices(platform, made.who, std::move(listed));
    }
    co_return made;
}

task<outcome<token_set>> connector::refresh(descriptor const& platform, app_credentials app,
                                            token_set const& current, deadline until) {
    if (has_quirk(platform, "bluesky")) {
        co_return co_await bluesky::refresh(client_, platform, current, until);
    }
    if (has_quirk(platform, "facebook_pages")) {
        auto const call = [&](app_credentials const& with) {
            return facebook_pages::refresh(client_, platform, with, current, until);
        };
        auto renewed = co_await with_either_secret(std::move(app), call);
        if (renewed) {
            keep_extras(current, *renewed);
        }
        co_return renewed;
    }
    auto const call = [&](app_credentials const& with) {
        return ask_for_tokens(client_, platform, call_kind::refresh, refresh_request(platform, with, current),
                              until);
    };
    auto renewed = co_await with_either_secret(std::move(app), call);
    if (renewed) {
        keep_extras(current, *renewed);
    }
    co_return renewed;
}

task<outcome<identity>> connector::fetch_identity(descriptor const& platform, token_set const& tokens,
                                                  deadline until) {
    if (has_quirk(platform, "bluesky")) {
        co_return co_await bluesky::fetch_identity(client_, platform, tokens, until);
    }
    auto answer = co_await ask(client_, call_kind::identity, identity_request(platform, tokens), until);
    for (auto const wait : platform.identity.retry_after) {
        if (!answer || !says_fresh_token(platform, *answer)) {
            break;
        }
        bool const in_time = co_await pause(wait, until);
        if (!in_time) {
            break;
        }
        answer = co_await ask(client_, call_kind::identity, identity_request(platform, tokens), until);
    }
    if (!answer) {
        co_return answer.error();
    }
    co_return parse_identity(platform, *answer);
}

task<outcome<void>> connector::revoke(descriptor const& platform, app_credentials app,
                                      token_set const& tokens, deadline until) {
    if (has_quirk(platform, "bluesky")) {
        co_return co_await bluesky::revoke(client_, platform, tokens, until);
    }
    auto const call = [&](app_credentials const& with) {
        return revoke_all(client_, platform, with, tokens, until);
    };
    co_return co_await with_either_secret(std::move(app), call);
}

} // namespace connectd::platforms
