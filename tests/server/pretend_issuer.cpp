#include "tests/server/pretend_issuer.hpp"

#include "crypto/bytes.hpp"
#include "crypto/encoding.hpp"
#include "crypto/pkce.hpp"
#include "tests/server/whole_server.hpp"
#include "tools/sandbox/form.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace connectd::tests {
namespace {

constexpr std::string_view bad_request = "400 Bad Request";
constexpr std::string_view unauthorized = "401 Unauthorized";

std::string refuse(std::string_view error, std::string_view status = bad_request) {
    return pretend_server::json(boost::json::serialize(boost::json::object{{"error", error}}), status);
}

sandbox::form body_of(std::string const& request) {
    return sandbox::form::parse(request.substr(request.find("\r\n\r\n") + 4)).value();
}

// The credentials of an Authorization header.
std::string authorization(std::string const& request, std::string_view scheme) {
    auto const start = "\r\nAuthorization: " + std::string{scheme} + " ";
    auto const at = request.find(start);
    auto const from = at + start.size();
    return at == std::string::npos ? std::string{} : request.substr(from, request.find("\r\n", from) - from);
}

bool is_the_client(std::string const& request) {
    auto const raw = crypto::decode_base64(authorization(request, "Basic"));
    if (raw.has_error()) {
        return false;
    }
    std::string const pair{crypto::as_text(*raw)};
    auto const colon = pair.find(':');
    return colon != std::string::npos &&
           sandbox::percent_decode(pair.substr(0, colon), true) == pretend_issuer::client_id &&
           sandbox::percent_decode(pair.substr(colon + 1), true) == pretend_issuer::client_secret;
}

} // namespace

pretend_issuer::pretend_issuer(std::string redirect_uri) : redirect_uri_{std::move(redirect_uri)} {
    describe({});
    server_.set("POST /token", [this](std::string const& request) { return token(request); });
    server_.set("GET /me", [this](std::string const& request) { return userinfo(request); });
    server_.set("POST /revoke", [this](std::string const& request) { return revoke(request); });
}

void pretend_issuer::describe(boost::json::object const& changed) {
    boost::json::object metadata{{"issuer", name()},
                                 {"authorization_endpoint", server_.url("/authorize")},
                                 {"token_endpoint", server_.url("/token")},
                                 {"userinfo_endpoint", server_.url("/me")},
                                 {"revocation_endpoint", server_.url("/revoke")},
                                 {"response_types_supported", {"code"}},
                                 {"scopes_supported", {"openid", "profile"}},
                                 {"code_challenge_methods_supported", {"S256"}},
                                 {"authorization_response_iss_parameter_supported", true}};
    for (auto const& [member, value] : changed) {
        metadata[member] = value;
    }
    server_.set(std::string{metadata_path}, boost::json::serialize(metadata));
}

std::string pretend_issuer::consent(std::string_view authorize_url) {
    if (!authorize_url.starts_with(server_.url("/authorize?"))) {
        return "not the authorization endpoint";
    }
    for (auto const& [name, wanted] :
         {std::pair{"response_type", std::string{"code"}}, std::pair{"client_id", std::string{client_id}},
          std::pair{"redirect_uri", redirect_uri_}, std::pair{"scope", std::string{"openid profile"}},
          std::pair{"code_challenge_method", std::string{"S256"}}}) {
        if (parameter(authorize_url, name) != wanted) {
            return std::string{name} + " is " + parameter(authorize_url, name);
        }
    }
    std::lock_guard const lock{guard_};
    auto const code = "code-" + std::to_string(++count_);
    codes_[code] = {redirect_uri_, parameter(authorize_url, "code_challenge")};
    return "code=" + code + "&state=" + parameter(authorize_url, "state");
}

std::string pretend_issuer::token(std::string const& request) {
    std::lock_guard const lock{guard_};
    if (!is_the_client(request)) {
        return refuse("invalid_client", unauthorized);
    }
    auto const form = body_of(request);
    if (form.get("grant_type") == "refresh_token") {
        return refreshes_.erase(std::string{form.get("refresh_token")}) == 1 ? give()
                                                                             : refuse("invalid_grant");
    }
    if (form.get("grant_type") != "authorization_code" || form.repeated() || form.has("client_secret")) {
        return refuse("invalid_request");
    }
    auto const spent = codes_.extract(std::string{form.get("code")});
    if (spent.empty() || form.get("redirect_uri") != spent.mapped().redirect_uri ||
        crypto::challenge_s256(form.get("code_verifier")) != spent.mapped().challenge) {
        return refuse("invalid_grant");
    }
    return give();
}

std::string pretend_issuer::give() {
    auto const number = std::to_string(++count_);
    living_.insert("access-" + number);
    refreshes_.insert("refresh-" + number);
    return pretend_server::json(
        boost::json::serialize(boost::json::object{{"access_token", "access-" + number},
                                                   {"refresh_token", "refresh-" + number},
                                                   {"token_type", "Bearer"},
                                                   {"expires_in", 3600}}));
}

std::string pretend_issuer::userinfo(std::string const& request) const {
    std::lock_guard const lock{guard_};
    return living_.contains(authorization(request, "Bearer"))
               ? pretend_server::json(R"({"sub":"007","preferred_username":"ada","name":"Ada"})")
               : refuse("invalid_token", unauthorized);
}

// RFC 7009 section 2.2: what is no token is revoked already.
std::string pretend_issuer::revoke(std::string const& request) {
    std::lock_guard const lock{guard_};
    if (!is_the_client(request)) {
        return refuse("invalid_client", unauthorized);
    }
    std::string const token{body_of(request).get("token")};
    living_.erase(token);
    refreshes_.erase(token);
    return pretend_server::json("{}");
}

} // namespace connectd::tests
