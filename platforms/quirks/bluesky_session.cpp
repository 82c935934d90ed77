#include "platforms/quirks/bluesky_session.hpp"

#include "crypto/encoding.hpp"
#include "platforms/error_table.hpp"
#include "platforms/json_answer.hpp"
#include "platforms/percent.hpp"
#include "platforms/platform_text.hpp"
#include "platforms/quirks/bluesky_identifier.hpp"
#include "platforms/quirks/bluesky_location.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <charconv>

namespace connectd::platforms::bluesky {
namespace {

namespace json = boost::json;

constexpr std::size_t largest_session_answer = 128 * 1024;

http::request xrpc(std::string method, std::string_view server, bool user_given, std::string_view name) {
    http::request request;
    request.method = std::move(method);
    request.url.append(server).append("/xrpc/").append(name);
    request.user_given_url = user_given;
    request.max_response_body = largest_session_answer;
    request.headers.emplace_back("Accept", "application/json");
    return request;
}

void authorize(http::request& request, crypto::secret const& jwt) {
    std::string value = "Bearer ";
    value.append(jwt.reveal());
    request.headers.emplace_back("Authorization", std::move(value));
}

failure other_account(http::response const& answer) {
    failure failed;
    failed.what = verdict::refused;
    failed.code = errc::malformed_answer;
    failed.http_status = answer.status;
    return failed;
}

std::string handle_text(json::value const& root) {
    return platform_text(find_text(root, {"/handle"}), longest_platform_name);
}

} // namespace

http::request create_session_request(std::string_view server, bool user_given, std::string_view identifier,
                                     crypto::secret const& app_password) {
    auto request = xrpc("POST", server, user_given, "com.atproto.server.createSession");
    request.headers.emplace_back("Content-Type", "application/json");
    auto const quoted = json::serialize(json::string(identifier));
    // An app password's own shape needs no escaping; one reservation keeps copies of it from staying behind.
    request.body.reserve(quoted.size() + app_password.size() + 32);
    request.body.append("{\"identifier\":").append(quoted).append(",\"password\":\"");
    request.body.append(app_password.reveal()).append("\"}");
    return request;
}

http::request refresh_session_request(std::string_view server, bool user_given,
                                      crypto::secret const& refresh_jwt) {
    auto request = xrpc("POST", server, user_given, "com.atproto.server.refreshSession");
    authorize(request, refresh_jwt);
    return request;
}

http::request delete_session_request(std::string_view server, bool user_given,
                                     crypto::secret const& refresh_jwt) {
    auto request = xrpc("POST", server, user_given, "com.atproto.server.deleteSession");
    authorize(request, refresh_jwt);
    return request;
}

http::request get_session_request(std::string_view server, bool user_given,
                                  crypto::secret const& access_jwt) {
    auto request = xrpc("GET", server, user_given, "com.atproto.server.getSession");
    authorize(request, access_jwt);
    return request;
}

outcome<session> parse_session(descriptor const& platform, call_kind call, std::string_view did,
                               http::response const& answer) {
    json_answer const body(answer.body);
    auto const* root = body.root();
    bool const success = answer.status >= 200 && answer.status < 300;
    if (!success || root == nullptr) {
        auto failed = classify(platform, call, answer, root);
        if (success && answer.body.find('{') != std::string::npos) {
            failed.what = verdict::unknown_outcome; // the server has made tokens that we cannot read
            failed.code = errc::malformed_answer;
        }
        return failed;
    }
    auto const access = find_text(*root, {"/accessJwt"});
    auto const refresh = find_text(*root, {"/refreshJwt"});
    auto const owner = find_text(*root, {"/did"});
    if (access.empty() || refresh.empty() || !is_did(owner)) {
        return classify(platform, call, answer, root);
    }
    if (!did.empty() && owner != did) {
        return other_account(answer);
    }
    session made;
    made.did = owner;
    made.handle = handle_text(*root);
    made.tokens.access_token = crypto::secret::copy_of(access);
    made.tokens.refresh_token = crypto::secret::copy_of(refresh);
    made.tokens.token_type = "Bearer";
    made.tokens.expires_at = jwt_expiry(access);
    made.tokens.refresh_expires_at = jwt_expiry(refresh);
    made.tokens.extras.emplace_back(did_extra, crypto::secret::copy_of(owner));
    json::error_code error;
    if (auto const* document = root->find_pointer("/didDoc", error)) {
        made.tokens.api_base = server_of_document(*document, owner);
    }
    if (auto const* active = root->find_pointer("/active", error); active != nullptr && active->is_bool()) {
        made.active = active->get_bool();
    }
    return made;
}

outcome<identity> parse_get_session(descriptor const& platform, std::string_view did,
                                    http::response const& answer) {
    json_answer const body(answer.body);
    if (answer.status != 200 || body.root() == nullptr) {
        return classify(platform, call_kind::identity, answer, body.root());
    }
    auto const owner = find_text(*body.root(), {"/did"});
    if (!is_did(owner)) {
        return classify(platform, call_kind::identity, answer, body.root());
    }
    if (!did.empty() && owner != did) {
        return other_account(answer);
    }
    auto handle = handle_text(*body.root());
    return identity{std::string(owner), handle, handle, ""};
}

http::request profile_request(descriptor const& platform, std::string_view did) {
    http::request request;
    request.url = named_endpoint(platform, "profile_url");
    append_query(request.url, "actor", did);
    request.headers.emplace_back("Accept", "application/json");
    request.max_response_body = largest_session_answer;
    return request;
}

void add_profile(http::response const& answer, identity& who) {
    json_answer const body(answer.body);
    if (answer.status != 200 || body.root() == nullptr || find_text(*body.root(), {"/did"}) != who.id) {
        return;
    }
    auto name = platform_text(find_text(*body.root(), {"/displayName"}), longest_platform_name);
    if (!name.empty()) {
        who.display_name = std::move(name);
    }
    who.avatar_url = usable_avatar_url(find_text(*body.root(), {"/avatar"}));
}

std::optional<std::chrono::sys_seconds> jwt_expiry(std::string_view jwt) {
    auto const first = jwt.find('.');
    if (first == std::string_view::npos) {
        return std::nullopt;
    }
    auto const second = jwt.find('.', first + 1);
    if (second == std::string_view::npos) {
        return std::nullopt;
    }
    auto const payload = crypto::decode_base64url(jwt.substr(first + 1, second - first - 1));
    if (!payload) {
        return std::nullopt;
    }
    json_answer const claims(crypto::as_text(*payload));
    if (claims.root() == nullptr) {
        return std::nullopt;
    }
    auto const text = find_text(*claims.root(), {"/exp"});
    std::int64_t seconds = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    constexpr std::int64_t year_3000 = 32'503'680'000; // beyond: nonsense that would overflow milliseconds
    if (error != std::errc{} || end != text.data() + text.size() || seconds <= 0 || seconds > year_3000) {
        return std::nullopt;
    }
    return std::chrono::sys_seconds{std::chrono::seconds{seconds}};
}

} // namespace connectd::platforms::bluesky
