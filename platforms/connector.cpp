#include "platforms/connector.hpp"

#include "platforms/call.hpp"
#include "platforms/error_table.hpp"
#include "platforms/quirks/bluesky.hpp"
#include "platforms/token_response.hpp"

#include <utility>

namespace connectd::platforms {
namespace {

task<outcome<token_set>> ask_for_tokens(http::client& client, descriptor const& platform, call_kind call,
                                        http::request request, deadline until) {
    auto answer = co_await ask(client, call, std::move(request), until);
    if (!answer) {
        co_return answer.error();
    }
    auto tokens = parse_token_response(platform, call, *answer);
    wipe_body(*answer);
    co_return tokens;
}

} // namespace

task<outcome<token_set>> connector::exchange_code(descriptor const& platform, app_credentials app,
                                                  std::string code, std::string redirect_uri,
                                                  crypto::secret verifier, deadline until) {
    auto request = token_request(platform, app, code, redirect_uri, verifier.reveal());
    co_return co_await ask_for_tokens(client_, platform, call_kind::exchange, std::move(request), until);
}

task<outcome<connected>> connector::connect(descriptor const& platform, app_credentials app, std::string code,
                                            std::string redirect_uri, crypto::secret verifier,
                                            deadline until) {
    auto tokens = co_await exchange_code(platform, app, std::move(code), std::move(redirect_uri),
                                         std::move(verifier), until);
    if (!tokens) {
        co_return tokens.error();
    }
    auto who = co_await fetch_identity(platform, *tokens, until);
    co_return connected{std::move(*tokens), std::move(who)};
}

task<outcome<token_set>> connector::refresh(descriptor const& platform, app_credentials app,
                                            token_set const& current, deadline until) {
    if (has_quirk(platform, "bluesky")) {
        co_return co_await bluesky::refresh(client_, platform, current, until);
    }
    auto request = refresh_request(platform, app, current);
    co_return co_await ask_for_tokens(client_, platform, call_kind::refresh, std::move(request), until);
}

task<outcome<identity>> connector::fetch_identity(descriptor const& platform, token_set const& tokens,
                                                  deadline until) {
    if (has_quirk(platform, "bluesky")) {
        co_return co_await bluesky::fetch_identity(client_, platform, tokens, until);
    }
    auto request = identity_request(platform, tokens.access_token, tokens.api_base);
    auto answer = co_await ask(client_, call_kind::identity, std::move(request), until);
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
    std::optional<failure> first;
    for (auto& request : revoke_requests(platform, app, tokens)) {
        auto answer = co_await ask(client_, call_kind::revoke, std::move(request), until);
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

} // namespace connectd::platforms
