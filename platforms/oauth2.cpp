#include "platforms/oauth2.hpp"

#include "crypto/encoding.hpp"
#include "crypto/pkce.hpp"
#include "platforms/percent.hpp"

#include <algorithm>

namespace connectd::platforms {
namespace {

constexpr std::size_t largest_token_answer = 64 * 1024;
constexpr std::size_t largest_identity_answer = 256 * 1024;
constexpr std::size_t largest_list_answer = 1024 * 1024;

std::string_view method_name(request_method method) noexcept {
    switch (method) {
    case request_method::get:
        return "GET";
    case request_method::del:
        return "DELETE";
    case request_method::post:
        break;
    }
    return "POST";
}

// A request whose parameters go into a form body, or for GET and DELETE into the query.
class form_request {
  public:
    form_request(descriptor const& platform, request_method method, std::string_view url)
        : in_body_(method == request_method::post) {
        request_.method = method_name(method);
        request_.url = url;
        request_.user_given_url = platform.user_given;
        request_.max_response_body = largest_token_answer;
        request_.headers.emplace_back("Accept", "application/json");
        if (in_body_) {
            request_.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        }
    }

    void add(std::string_view name, std::string_view value) {
        if (in_body_) {
            append_form(request_.body, name, value);
        } else {
            append_query(request_.url, name, value);
        }
    }

    void add(parameters const& list) {
        for (auto const& [name, value] : list) {
            add(name, value);
        }
    }

    void header(std::string name, std::string value) {
        request_.headers.emplace_back(std::move(name), std::move(value));
    }

    http::request take() && { return std::move(request_); }

  private:
    http::request request_;
    bool in_body_;
};

std::string basic_credentials(app_credentials const& app, basic_encoding encoding) {
    std::string pair;
    // Sized for the worst case at once: a growing string would leave copies of the secret behind.
    pair.reserve(3 * (app.client_id.size() + app.client_secret.size()) + 1);
    if (encoding == basic_encoding::form) {
        append_form_encoded(pair, app.client_id);
        pair += ':';
        append_form_encoded(pair, app.client_secret.reveal());
    } else {
        pair += app.client_id;
        pair += ':';
        pair += app.client_secret.reveal();
    }
    auto encoded = "Basic " + crypto::encode_base64(crypto::as_bytes(pair));
    crypto::wipe(pair.data(), pair.size());
    return encoded;
}

// Without a secret an application is public: it only names itself.
void authenticate(form_request& request, descriptor const& platform, app_credentials const& app,
                  client_authentication how) {
    if (how == client_authentication::omitted) {
        return;
    }
    if (app.client_secret.empty()) {
        how = client_authentication::none;
    }
    if (how == client_authentication::basic) {
        request.header("Authorization", basic_credentials(app, platform.client.encoding));
        return;
    }
    request.add(platform.client.id_parameter, app.client_id);
    if (how == client_authentication::body) {
        request.add(platform.client.secret_parameter, app.client_secret.reveal());
    }
}

void add_headers(http::request& request, parameters const& headers) {
    request.headers.insert(request.headers.end(), headers.begin(), headers.end());
}

std::string bearer(crypto::secret const& token) {
    std::string value = "Bearer ";
    value.append(token.reveal());
    return value;
}

constexpr std::string_view account_base = "{api_base}";

// A GET at the account's own API base, where the URL begins with it.
http::request account_request(descriptor const& platform, std::string_view url, std::string_view api_base,
                              parameters const& query) {
    http::request request;
    request.url = url;
    request.user_given_url = platform.user_given;
    if (url.starts_with(account_base)) {
        bool const own = !api_base.empty() && api_base != platform.endpoints.api_base;
        request.user_given_url = own || platform.user_given;
        request.url.replace(0, account_base.size(), own ? api_base : platform.endpoints.api_base);
    }
    request.headers.emplace_back("Accept", "application/json");
    for (auto const& [name, value] : query) {
        append_query(request.url, name, value);
    }
    return request;
}

crypto::secret const* token_of(token_set const& tokens, token_kind kind) {
    if (kind == token_kind::access) {
        return tokens.access_token.empty() ? nullptr : &tokens.access_token;
    }
    return tokens.refresh_token && !tokens.refresh_token->empty() ? &*tokens.refresh_token : nullptr;
}

// The token to be revoked: of a chosen candidate the grant's, where that is what the platform takes.
crypto::secret const* revocable(revoke_rules const& rules, token_set const& tokens, token_kind kind) {
    if (rules.grant_token) {
        auto const name = kind == token_kind::access ? grant_access_extra : grant_refresh_extra;
        if (auto const* token = find_extra(tokens, name)) {
            return token;
        }
    }
    return token_of(tokens, kind);
}

// Scopes that the platform did not tell are scopes that were not granted: one field too many fails the call.
std::string allowed_fields(scoped_fields const& fields, std::vector<std::string> const& granted) {
    auto names = fields.always;
    for (auto const& [scope, more] : fields.by_scope) {
        if (std::find(granted.begin(), granted.end(), scope) != granted.end()) {
            names.insert(names.end(), more.begin(), more.end());
        }
    }
    return joined(names, fields.separator);
}

} // namespace

std::vector<std::string> requested_scopes(descriptor const& platform,
                                          std::vector<std::string> const& wanted) {
    auto scopes = wanted.empty() ? platform.scopes.defaults : wanted;
    for (auto const& scope : platform.scopes.required) {
        if (std::find(scopes.begin(), scopes.end(), scope) == scopes.end()) {
            scopes.push_back(scope);
        }
    }
    return scopes;
}

std::string authorize_url(descriptor const& platform, std::string_view client_id,
                          std::string_view redirect_uri, std::string_view state, std::string_view verifier,
                          std::vector<std::string> const& scopes) {
    std::string url = platform.endpoints.authorize_url;
    append_query(url, "response_type", "code");
    append_query(url, platform.client.id_parameter, client_id);
    append_query(url, "redirect_uri", redirect_uri);
    if (auto const list = joined(scopes, platform.scopes.separator); !list.empty()) {
        append_query(url, platform.scopes.parameter, list);
    }
    append_query(url, "state", state);
    if (platform.pkce != pkce_method::none) {
        append_query(url, "code_challenge",
                     platform.pkce == pkce_method::s256 ? crypto::challenge_s256(verifier)
                                                        : crypto::challenge_s256_hex(verifier));
        append_query(url, "code_challenge_method", "S256");
    }
    for (auto const& [name, value] : platform.authorize.extra) {
        append_query(url, name, value);
    }
    return url;
}

http::request token_request(descriptor const& platform, app_credentials const& app, std::string_view code,
                            std::string_view redirect_uri, std::string_view verifier) {
    form_request form(platform, request_method::post, platform.endpoints.token_url);
    form.add("grant_type", "authorization_code");
    form.add("code", code);
    form.add("redirect_uri", redirect_uri);
    if (platform.pkce != pkce_method::none) {
        form.add("code_verifier", verifier);
    }
    authenticate(form, platform, app, platform.client.authentication);
    form.add(platform.token.extra);
    auto request = std::move(form).take();
    add_headers(request, platform.token.headers);
    return request;
}

http::request long_lived_request(descriptor const& platform, app_credentials const& app,
                                 crypto::secret const& access_token) {
    auto const& rules = platform.long_lived;
    form_request form(platform, rules.method, platform.endpoints.long_lived_url);
    form.add("grant_type", rules.grant_type);
    if (rules.send_client_id) {
        authenticate(form, platform, app, rules.authentication.value_or(platform.client.authentication));
    } else {
        form.add(platform.client.secret_parameter, app.client_secret.reveal());
    }
    form.add(rules.token_parameter, access_token.reveal());
    auto request = std::move(form).take();
    add_headers(request, platform.token.headers);
    return request;
}

http::request refresh_request(descriptor const& platform, app_credentials const& app,
                              token_set const& current) {
    auto const& rules = platform.refresh;
    auto const& url = platform.endpoints.refresh_url;
    form_request form(platform, rules.method, url.empty() ? platform.endpoints.token_url : url);
    form.add("grant_type", rules.grant_type);
    auto const kind = rules.model == refresh_model::extend ? token_kind::access : token_kind::refresh;
    if (auto const* token = token_of(current, kind)) {
        form.add(rules.token_parameter, token->reveal());
    }
    authenticate(form, platform, app, rules.authentication.value_or(platform.client.authentication));
    form.add(rules.extra);
    auto request = std::move(form).take();
    add_headers(request, platform.token.headers);
    return request;
}

std::vector<http::request> revoke_requests(descriptor const& platform, app_credentials const& app,
                                           token_set const& tokens) {
    std::vector<http::request> requests;
    auto const& rules = platform.revoke;
    if (platform.endpoints.revoke_url.empty()) {
        return requests;
    }
    for (auto const kind : rules.tokens) {
        auto const* token = revocable(rules, tokens, kind);
        auto const* access_token = revocable(rules, tokens, token_kind::access);
        if (token == nullptr || (rules.bearer && access_token == nullptr)) {
            continue;
        }
        form_request form(platform, rules.method, platform.endpoints.revoke_url);
        if (!rules.token_parameter.empty()) {
            form.add(rules.token_parameter, token->reveal());
        }
        if (!rules.hint_parameter.empty()) {
            form.add(rules.hint_parameter, kind == token_kind::access ? "access_token" : "refresh_token");
        }
        if (rules.bearer) {
            form.header("Authorization", bearer(*access_token));
        }
        if (rules.authentication || !rules.bearer) {
            authenticate(form, platform, app, rules.authentication.value_or(platform.client.authentication));
        }
        form.add(rules.extra);
        requests.push_back(std::move(form).take());
    }
    return requests;
}

http::request identity_request(descriptor const& platform, token_set const& tokens) {
    auto const& rules = platform.identity;
    auto request = account_request(platform, platform.endpoints.identity_url, tokens.api_base, rules.query);
    request.max_response_body = largest_identity_answer;
    if (!rules.fields.parameter.empty()) {
        append_query(request.url, rules.fields.parameter, allowed_fields(rules.fields, tokens.scopes));
    }
    if (rules.token_parameter.empty()) {
        request.headers.emplace_back("Authorization", bearer(tokens.access_token));
    } else {
        append_query(request.url, rules.token_parameter, tokens.access_token.reveal());
    }
    add_headers(request, rules.headers);
    return request;
}

http::request api_request(descriptor const& platform, std::string_view path, parameters const& query,
                          crypto::secret const& access_token, std::string_view api_base) {
    auto request = account_request(platform, std::string(account_base).append(path), api_base, query);
    request.max_response_body = largest_list_answer;
    request.headers.emplace_back("Authorization", bearer(access_token));
    return request;
}

http::request candidates_request(descriptor const& platform, crypto::secret const& access_token,
                                 std::string_view api_base) {
    auto const& rules = platform.candidates;
    auto request = account_request(platform, platform.endpoints.candidates_url, api_base, rules.query);
    request.max_response_body = largest_list_answer;
    request.headers.emplace_back("Authorization", bearer(access_token));
    add_headers(request, rules.headers);
    return request;
}

} // namespace connectd::platforms
