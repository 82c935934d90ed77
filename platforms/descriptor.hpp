// What connectd knows about one platform: plain data, read from a JSON file of platforms/catalog/ or of the
// operator.
//
// A descriptor says everything about a platform that can be said as data; the little that cannot is code
// under quirks/, called by name. The code that uses descriptors (oauth2, token_response, identity,
// error_table, refresh_plan) never asks which platform it serves. platforms/README.md lists each member's
// JSON spelling with its default and an example.
//
// Thread safety: values; a catalog's descriptors are never changed after loading and may be read by every
// thread.
#pragma once

#include "platforms/error.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace connectd::platforms {

// How an account comes in: by the browser (authorization code), or by a password made for this one
// application.
enum class connect_kind : std::uint8_t { oauth2, app_password };

// How the application proves itself at the token, refresh and revoke endpoints (RFC 6749 section 2.3.1).
// `none` sends only the client id, in the body.
enum class client_authentication : std::uint8_t { basic, body, none };

// What goes into Basic: the id and secret as they are, or form-encoded first as RFC 6749 section 2.3.1 says.
// Platforms differ.
enum class basic_encoding : std::uint8_t { raw, form };

// RFC 7636; `s256_hex` is the lower-case hexadecimal challenge that TikTok wants from desktop applications.
enum class pkce_method : std::uint8_t { none, s256, s256_hex };

// What keeps an account alive.
//   rotating      each refresh answers a new refresh token and spends the old one
//   static_token  the refresh token stays; an answer without one keeps the old ("static" in JSON)
//   extend        there is no refresh token: the living access token is exchanged for a longer-lived one
//   relogin       only the browser helps; connectd warns ahead
//   none          access tokens do not end by time
enum class refresh_model : std::uint8_t { rotating, static_token, extend, relogin, none };

enum class request_method : std::uint8_t { get, post, del };
enum class token_kind : std::uint8_t { access, refresh };

// The calls that the error table distinguishes. For an app-password platform `exchange` is the login.
enum class call_kind : std::uint8_t { exchange, refresh, revoke, identity, api };

// Name and value, in the order of the file; the order is kept on the wire.
using parameters = std::vector<std::pair<std::string, std::string>>;

// RFC 6901 pointers, in order of preference: the first that finds a non-empty scalar wins.
using pointers = std::vector<std::string>;

// Absolute URLs. Each can be overridden by its name (`token_url`), which is how the sandbox and proxies get
// in. Empty: the platform has no such endpoint.
struct endpoint_set {
    std::string authorize_url;
    std::string token_url;
    std::string refresh_url; // empty: token_url
    std::string revoke_url;
    std::string identity_url; // may begin with "{api_base}": the account's own API base
    std::string api_base;
    std::map<std::string, std::string, std::less<>> named; // what a quirk needs, for example `plc_url`
};

struct client_rules {
    std::string id_parameter = "client_id";
    std::string secret_parameter = "client_secret";
    client_authentication authentication = client_authentication::body;
    basic_encoding encoding = basic_encoding::form;
    bool secret_required = true; // false: without a secret the client is public and authenticates as `none`
};

struct authorize_rules {
    parameters extra;
    std::vector<std::string> denied_errors = {"access_denied"}; // `error` values that mean "the user said no"
    std::string issuer; // RFC 9207: when not empty, the callback's `iss` must be exactly this
    std::chrono::seconds code_lifetime{600};
};

struct scope_rules {
    std::string parameter = "scope";
    std::vector<std::string> known;    // empty: any may be asked for
    std::vector<std::string> defaults; // asked for when the session names none
    std::vector<std::string> required; // asked for always
    std::string separator = " ";
    std::string reply_separators = " ,"; // any of these characters parts the scopes of an answer
};

// Where the members of a token answer are. Success is a 2xx status and a non-empty access token, never the
// status alone.
struct token_reply {
    pointers access_token = {"/access_token"};
    pointers refresh_token = {"/refresh_token"};
    pointers token_type = {"/token_type"};
    pointers expires_in = {"/expires_in"};
    pointers refresh_expires_in = {"/refresh_token_expires_in", "/refresh_expires_in"};
    pointers scope = {"/scope"};
    std::map<std::string, pointers, std::less<>> extras; // kept sealed with the tokens, by name
};

struct token_rules {
    parameters extra;   // form members beside the standard ones
    parameters headers; // beside Accept and Content-Type
    token_reply reply;
};

struct refresh_rules {
    refresh_model model = refresh_model::none;
    request_method method = request_method::post; // get: the parameters go into the query
    std::string grant_type = "refresh_token";
    std::string token_parameter = "refresh_token";
    std::optional<client_authentication> authentication; // not set: as for the token call
    parameters extra;
    std::optional<std::chrono::seconds> access_lifetime;  // used when an answer does not say
    std::optional<std::chrono::seconds> refresh_lifetime; // used when an answer does not say
    std::chrono::seconds lead_time{600};                  // refresh this long before the end
    std::chrono::seconds minimum_age{0};                  // a younger token is not accepted for a refresh
    std::chrono::seconds grace{0};                        // how long a spent refresh token is still accepted
    std::optional<std::chrono::seconds> idle_limit;       // refresh at least this often, used or not
};

struct revoke_rules {
    request_method method = request_method::post;
    std::string token_parameter = "token";
    std::string hint_parameter; // `token_type_hint` where the platform takes it
    std::vector<token_kind> tokens = {token_kind::refresh,
                                      token_kind::access}; // one call each, in this order
    std::optional<client_authentication> authentication;   // not set: as for the token call
    bool bearer = false;                                   // authenticate with the access token itself
    bool ends_sibling_accounts = false;                    // true: never called without being asked to
    parameters extra;
};

struct identity_rules {
    parameters query;
    parameters headers;
    std::string token_parameter; // not empty: the token goes into the query under this name instead of a
                                 // Bearer header
    pointers id;
    pointers username;
    pointers display_name;
    pointers avatar_url;
};

// Matches an answer; every member that is not empty must agree, and within a member one of the values.
struct error_match {
    std::vector<std::pair<unsigned, unsigned>> statuses; // inclusive ranges
    std::vector<std::string> codes;
    std::vector<std::string> subcodes;
    std::string message_contains; // ASCII case is ignored
};

struct error_rule {
    std::vector<call_kind> calls; // empty: every call
    error_match match;
    verdict outcome = verdict::temporary;
    errc meaning = errc::platform_unavailable;
};

// The first rule that matches decides; what no rule matches falls to the defaults of error_table.hpp.
struct error_rules {
    pointers code = {"/error"};
    pointers subcode;
    pointers message = {"/error_description"};
    std::vector<std::string> success_codes; // codes that say "no error"
    std::vector<error_rule> rules;
};

struct proxy_rules {
    parameters headers;                          // added to each call
    std::vector<error_match> dead_token;         // answers that mean: refresh once, call once more
    std::vector<error_match> living_token;       // exceptions from dead_token, looked at first
    std::vector<std::string> rate_limit_headers; // lower case
};

struct descriptor {
    std::string name; // lower case; in URLs, in the database, in the config
    std::string title;
    std::vector<std::string> aliases;
    connect_kind connect = connect_kind::oauth2;
    endpoint_set endpoints;
    client_rules client;
    authorize_rules authorize;
    pkce_method pkce = pkce_method::s256;
    scope_rules scopes;
    token_rules token;
    refresh_rules refresh;
    revoke_rules revoke;
    identity_rules identity;
    error_rules errors;
    proxy_rules proxy;
    std::vector<std::string> quirks; // hooks by name
};

// Whether `d` names the quirk `name`.
bool has_quirk(descriptor const& d, std::string_view name) noexcept;

// The named endpoint (`entryway_url`), or an empty view.
std::string_view named_endpoint(descriptor const& d, std::string_view name) noexcept;

} // namespace connectd::platforms
