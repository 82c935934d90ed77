#include "platforms/quirks/bluesky.hpp"

#include "platforms/call.hpp"
#include "platforms/error_table.hpp"
#include "platforms/quirks/bluesky_location.hpp"
#include "platforms/quirks/bluesky_session.hpp"

#include <utility>

namespace connectd::platforms::bluesky {
namespace {

std::string_view entryway(descriptor const& platform) {
    auto url = named_endpoint(platform, "entryway_url");
    if (url.ends_with('/')) {
        url.remove_suffix(1);
    }
    return url;
}

// Whatever a document says, apart from the entryway that the operator has configured, is a stranger's URL.
bool is_user_given(descriptor const& platform, std::string_view server) {
    return server != entryway(platform);
}

std::string server_of(descriptor const& platform, token_set const& tokens) {
    return tokens.api_base.empty() ? std::string(entryway(platform)) : tokens.api_base;
}

std::string_view did_of(token_set const& tokens) {
    auto const* did = find_extra(tokens, did_extra);
    return did == nullptr ? std::string_view{} : did->reveal();
}

failure refusal(errc code) {
    failure failed;
    failed.what = verdict::refused;
    failed.code = code;
    return failed;
}

// The service first: it also knows handles that live in DNS. The handle's own server second, whatever the
// service said, since a service that is down or behind must not keep anyone out.
task<outcome<std::string>> resolve_handle(http::client& client, descriptor const& platform,
                                          std::string handle, deadline until) {
    auto service = co_await ask(client, call_kind::api, resolve_handle_request(platform, handle), until);
    auto by_service =
        service ? parse_resolved_handle(platform, *service) : outcome<std::string>(service.error());
    if (by_service) {
        co_return by_service;
    }
    auto host = co_await ask(client, call_kind::api, well_known_request(handle), until);
    auto by_host = host ? parse_well_known(*host) : outcome<std::string>(host.error());
    if (by_host) {
        co_return by_host;
    }
    co_return by_service;
}

task<outcome<std::string>> find_server(http::client& client, descriptor const& platform, std::string did,
                                       deadline until) {
    auto answer = co_await ask(client, call_kind::api, document_request(platform, did), until);
    if (!answer) {
        co_return answer.error();
    }
    co_return parse_document(platform, did, *answer);
}

task<void> look_up_profile(http::client& client, descriptor const& platform, identity& who, deadline until) {
    auto answer = co_await ask(client, call_kind::identity, profile_request(platform, who.id), until);
    if (answer) {
        add_profile(*answer, who);
    }
}

task<outcome<session>> ask_for_session(http::client& client, descriptor const& platform, call_kind call,
                                       std::string did, http::request request, deadline until) {
    auto answer = co_await ask(client, call, std::move(request), until);
    if (!answer) {
        co_return answer.error();
    }
    auto made = parse_session(platform, call, did, *answer);
    wipe_body(*answer);
    co_return made;
}

} // namespace

task<outcome<location>> locate(http::client& client, descriptor const& platform, identifier who,
                               deadline until) {
    if (who.kind == identifier_kind::email) {
        co_return location{"", std::string(entryway(platform)), false};
    }
    location found;
    found.did = who.text;
    if (who.kind == identifier_kind::handle) {
        auto did = co_await resolve_handle(client, platform, who.text, until);
        if (!did) {
            co_return did.error();
        }
        found.did = std::move(*did);
    }
    auto server = co_await find_server(client, platform, found.did, until);
    if (!server) {
        co_return server.error();
    }
    found.user_given = is_user_given(platform, *server);
    found.pds = std::move(*server);
    co_return found;
}

task<outcome<connected>> connect(http::client& client, descriptor const& platform, identifier who,
                                 crypto::secret app_password, deadline until) {
    auto place = co_await locate(client, platform, who, until);
    if (!place) {
        co_return place.error();
    }
    auto request = create_session_request(place->pds, place->user_given,
                                          place->did.empty() ? who.text : place->did, app_password);
    auto made = co_await ask_for_session(client, platform, call_kind::exchange, place->did,
                                         std::move(request), until);
    if (!made) {
        co_return made.error();
    }
    if (!made->active) {
        co_return refusal(errc::account_suspended);
    }
    auto& tokens = made->tokens;
    if (tokens.api_base.empty()) {
        tokens.api_base = place->pds;
        // After an e-mail login only the document knows the server; until then the entryway forwards.
        if (place->did.empty()) {
            auto server = co_await find_server(client, platform, made->did, until);
            if (server) {
                tokens.api_base = std::move(*server);
            }
        }
    }
    identity person{made->did, made->handle, made->handle, ""};
    co_await look_up_profile(client, platform, person, until);
    co_return connected{std::move(tokens), std::move(person)};
}

task<outcome<token_set>> adopt(http::client& client, descriptor const& platform, std::string did,
                               token_set begun, deadline until) {
    auto server = co_await find_server(client, platform, did, until);
    if (!server) {
        co_return server.error();
    }
    begun.api_base = std::move(*server);
    begun.token_type = "Bearer";
    if (auto const end = jwt_expiry(begun.access_token.reveal())) {
        begun.expires_at = end;
    }
    if (begun.refresh_token) {
        begun.refresh_expires_at = jwt_expiry(begun.refresh_token->reveal());
    }
    set_extra(begun, did_extra, crypto::secret::copy_of(did));
    co_return std::move(begun);
}

task<outcome<token_set>> refresh(http::client& client, descriptor const& platform, token_set const& current,
                                 deadline until) {
    if (!current.refresh_token) {
        co_return refusal(errc::grant_refused);
    }
    auto const server = server_of(platform, current);
    auto request = refresh_session_request(server, is_user_given(platform, server), *current.refresh_token);
    auto made = co_await ask_for_session(client, platform, call_kind::refresh, std::string(did_of(current)),
                                         std::move(request), until);
    if (!made) {
        co_return made.error();
    }
    if (made->tokens.api_base.empty()) {
        made->tokens.api_base = server;
    }
    co_return std::move(made->tokens);
}

task<outcome<void>> revoke(http::client& client, descriptor const& platform, token_set const& current,
                           deadline until) {
    if (!current.refresh_token) {
        co_return outcome<void>{};
    }
    auto const server = server_of(platform, current);
    auto answer = co_await ask(
        client, call_kind::revoke,
        delete_session_request(server, is_user_given(platform, server), *current.refresh_token), until);
    if (!answer) {
        co_return answer.error();
    }
    if (auto failed = revoke_failure(platform, *answer)) {
        co_return *failed;
    }
    co_return outcome<void>{};
}

task<outcome<identity>> fetch_identity(http::client& client, descriptor const& platform,
                                       token_set const& current, deadline until) {
    auto const server = server_of(platform, current);
    auto answer = co_await ask(
        client, call_kind::identity,
        get_session_request(server, is_user_given(platform, server), current.access_token), until);
    if (!answer) {
        co_return answer.error();
    }
    auto who = parse_get_session(platform, did_of(current), *answer);
    if (who) {
        co_await look_up_profile(client, platform, *who, until);
    }
    co_return who;
}

} // namespace connectd::platforms::bluesky
