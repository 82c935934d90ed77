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
// `none` sends only the client id, in the body; `omitted` sends nothing at all, where the token speaks for
// itself.
enum class client_authentication : std::uint8_t { basic, body, none, omitted };

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

// Whether the platform is one server or many.
//   single  one server, the descriptor's endpoints
//   host    the user names the server ("mastodon.example"); endpoints begin with "{instance}", its origin
//   issuer  any OAuth 2.0 or OpenID server: the endpoints are read from its metadata (RFC 8414), found by its
//           issuer, which the operator's file names (`discovery.issuer`) or the app credentials carry
enum class instance_kind : std::uint8_t { single, host, issuer };

enum class request_method : std::uint8_t { get, post, del };
enum class token_kind : std::uint8_t { access, refresh };

// The calls that the error table distinguishes. For an app-password platform `exchange` is the login;
// `registration` is an application's, before any login (registration.hpp).
enum class call_kind : std::uint8_t { exchange, refresh, revoke, identity, api, registration };

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
    std::string identity_url;     // may begin with "{api_base}": the account's own API base
    std::string long_lived_url;   // where a fresh short-lived token becomes a long-lived one (Meta)
    std::string candidates_url;   // lists the accounts a grant reaches; may begin with "{api_base}"
    std::string registration_url; // where an application registers itself (Mastodon)
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
    std::string issuer;          // RFC 9207: when not empty, a callback's `iss` must be exactly this
    bool issuer_required = true; // false: a callback without `iss` is taken too
    std::chrono::seconds code_lifetime{600};
};

struct scope_rules {
    std::string parameter = "scope";
    std::vector<std::string> known;    // empty: any may be asked for
    std::vector<std::string> defaults; // asked for when the session names none
    std::vector<std::string> required; // asked for always
    std::vector<std::string> fallback; // instead of the defaults, at a server that does not know one of them
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

// A second exchange right after the first, where the platform has `long_lived_url`: the short-lived access
// token becomes a long-lived one. Its failure is the failure of the connect: a token that dies within the
// hour is no connection.
struct long_lived_rules {
    request_method method = request_method::get;
    std::string grant_type;
    std::string token_parameter = "access_token";
    std::optional<client_authentication> authentication; // not set: as for the token call
    bool send_client_id = true;                          // false: the secret alone (Instagram, Threads)
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
    // True: the call ends every account that the same person has granted, so it is made when the last of them
    // goes, or when it is asked for.
    bool ends_sibling_accounts = false;
    bool grant_token = false;   // true: of a candidate with a token of its own, the grant's token is sent
    bool refresh_first = false; // true: the call takes a living access token only; renew an ended one before
    parameters extra;
};

// Matches an answer; every member that is not empty must agree, and within a member one of the values.
struct error_match {
    std::vector<std::pair<unsigned, unsigned>> statuses; // inclusive ranges
    std::vector<std::string> codes;                      // of each a word, or a range of numbers: "200-299"
    std::vector<std::string> subcodes;
    std::string message_contains; // ASCII case is ignored
};

// A query parameter that lists what is asked for, and may name only what the granted scopes allow (TikTok's
// `fields`): one field without its scope fails the whole call.
struct scoped_fields {
    std::string parameter; // empty: none
    std::string separator = ",";
    std::vector<std::string> always;
    std::vector<std::pair<std::string, std::vector<std::string>>> by_scope;
};

struct identity_rules {
    parameters query;
    scoped_fields fields;
    parameters headers;
    std::string token_parameter; // not empty: the token goes into the query under this name instead of a
                                 // Bearer header
    pointers id;
    pointers username;
    pointers display_name;
    pointers avatar_url;
    // Asked again after each of these pauses while the answer matches one of `fresh_token`: a token can be
    // refused for seconds after it was issued (LinkedIn).
    std::vector<std::chrono::seconds> retry_after;
    std::vector<error_match> fresh_token;
    // A success without an id means that the person has nothing to connect (a Google account without a
    // channel), and not that the answer is damaged.
    bool may_be_absent = false;
};

// The accounts that one grant reaches, where the person or the customer must choose: Facebook's pages,
// LinkedIn's organisations. Used when `candidates_url` is not empty.
struct candidate_rules {
    std::string kind;                // "page", "organization"; kept with the account
    std::vector<std::string> scopes; // not empty: listed only when one of these was granted
    parameters query;
    parameters headers;
    std::string list; // pointer to the array in an answer
    pointers next;    // the URL of the next page; absent on the last
    pointers id;      // from here on within one entry
    pointers username;
    pointers display_name;
    pointers avatar_url;
    pointers access_token;        // the entry's own token; empty: the grant's token serves it
    std::string required_pointer; // an array in the entry that, where it is there, must hold `required_value`
    std::string required_value;
    std::string grantor_kind; // not empty: the person who consented is a candidate too, of this kind
};

// What the failure errc::nothing_to_connect is called where this platform has a word of its own for it.
struct nothing_rules {
    std::string code; // stable, for programs: "facebook.pages.none"; empty: the server's own
    std::string help; // a sentence for people: what to do to have something
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
    // A member that is true where the platform itself says that trying again helps: then no rule can make
    // more of the answer than temporary.
    pointers transient;
    std::vector<std::string> success_codes; // codes that say "no error"
    std::vector<error_rule> rules;
};

struct proxy_rules {
    parameters headers;                          // added to each call
    std::vector<error_match> dead_token;         // answers that mean: refresh once, call once more
    std::vector<error_match> living_token;       // exceptions from dead_token, looked at first
    std::vector<std::string> rate_limit_headers; // lower case
    // Parts of the API that lie beside its base, on the same origin: "/v2".
    std::vector<std::string> origin_paths;
};

struct descriptor {
    std::string name; // lower case; in URLs, in the database, in the config
    std::string title;
    std::vector<std::string> aliases;
    connect_kind connect = connect_kind::oauth2;
    instance_kind instances = instance_kind::single;
    std::string issuer; // of the kind `issuer`, where the operator's file names it
    // Of the kind `issuer`: said by the file itself, so that the metadata does not decide them.
    bool own_authentication = false;
    bool own_pkce = false;
    std::string app_platform; // not empty: apps registered for that platform serve this one too
    // The endpoints come from a user or customer, directly or through a document of theirs: the address
    // policy applies to every call. Set by resolution (instance.hpp, discovery.hpp), never by a file.
    bool user_given = false;
    endpoint_set endpoints;
    client_rules client;
    authorize_rules authorize;
    pkce_method pkce = pkce_method::s256;
    scope_rules scopes;
    token_rules token;
    long_lived_rules long_lived;
    refresh_rules refresh;
    revoke_rules revoke;
    identity_rules identity;
    candidate_rules candidates;
    nothing_rules nothing;
    error_rules errors;
    proxy_rules proxy;
    std::vector<std::string> quirks; // hooks by name
};

// Whether `d` names the quirk `name`.
bool has_quirk(descriptor const& d, std::string_view name) noexcept;

// The named endpoint (`entryway_url`), or an empty view.
std::string_view named_endpoint(descriptor const& d, std::string_view name) noexcept;

} // namespace connectd::platforms
