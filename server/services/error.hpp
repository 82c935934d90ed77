// What a service can refuse, and how it says so.
//
// Every service returns `outcome<T>`: a value, or a `failure` that carries one error code, a sentence for the
// person who reads the answer and, where one member of the input is at fault, its name. Codes of the lower
// layers (storage, crypto) travel in the same failure; `server/api/problem` maps all of them to HTTP in one
// place.
//
// Values, safe to pass between threads.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/describe/enum.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace connectd::server::services {

enum class errc {
    // Who is asking.
    api_key_missing = 1, // no key in any accepted header
    api_key_malformed,   // not the shape of a key, or its checksum is wrong: a copying mistake
    api_key_unknown,     // well-formed, but not (or no longer) one of ours
    api_key_revoked,
    api_key_expired,
    scope_missing,          // the key's scopes do not cover the route
    root_key_required,      // a workspace's key on a route of the operator
    workspace_key_required, // the root key on a route of a workspace

    // What is not there. Another tenant's object is not there either.
    workspace_not_found,
    api_key_not_found,
    credentials_not_found,
    profile_not_found,
    session_not_found,
    account_not_found,
    event_not_found,
    webhook_not_found,
    delivery_not_found,
    platform_not_found, // asked for itself; named in other input it is platform_unknown

    // What stands in the way.
    slug_taken,
    external_id_taken,
    identity_taken,      // another account is this identity already
    credentials_in_use,  // accounts still hang on them
    profile_in_use,      // it has accounts
    profile_is_default,  // of its workspace, which is never without
    api_key_not_active,  // revoked or expired: there is nothing to rotate
    webhooks_full,       // the workspace has as many as it may have
    webhook_not_active,  // paused or disabled
    changed_meanwhile,   // somebody else's change came first, several times in a row
    precondition_failed, // the caller has seen another version than there is
    feature_not_in_plan,

    // Sending a request twice, and too many of them.
    idempotency_key_invalid,
    idempotency_key_in_use, // the first request with it is still being answered
    idempotency_key_reused, // for another request
    rate_limit_exceeded,

    // What was asked for cannot be done as asked.
    field_invalid, // `failure::field` names the member
    field_fixed,   // likewise: what cannot be changed once the object is there
    platform_unknown,
    platform_not_available, // switched off by the operator
    platform_needs_browser, // an OAuth platform where an app password was offered
    credentials_missing,    // the workspace has no credentials for the platform
    return_url_refused,

    // The callback.
    state_missing,
    state_unknown,
    state_foreign, // begun for another platform, or in another browser
    session_used,  // its one use is taken, by this callback's twin or an earlier one
    session_expired,
    consent_denied,
    consent_failed, // the platform sent another error, or neither a code nor an error
    code_refused,
    app_forgotten,            // the instance does not know the app any more that was registered there
    platform_account_missing, // the grant is good and reaches nothing that could be connected
    session_not_choosing,     // nobody has consented yet: there is nothing to choose from
    token_refused,            // one that was brought along, by the platform it is for
    identity_mismatch,        // a reconnect came back with another person's account

    // Signing in with an app password.
    app_password_shape,
    handle_unresolved,
    login_refused,

    // An account's token.
    reconnect_needed, // the grant has ended: only its owner can help
    not_refreshable,  // the platform has no way, gave no means, or thinks it too early

    // A call through the proxy.
    proxy_request_refused, // it would leave the platform's API, or cannot be passed on
    call_has_to_wait,      // the platform has said for how long

    // The platform's side.
    app_refused,          // it refuses the app credentials or has suspended the app: the operator's to mend
    platform_unavailable, // down, throttling or unreachable: try again
    platform_timeout,
    platform_answer_invalid,

    // Our side.
    sealed_value_damaged,
    wrong_master_key, // the store was sealed under a master key that is not among those given
};

// In the order of the enum. Written out, because BOOST_DESCRIBE_ENUM takes no more than 52 enumerators.
// clang-format off
BOOST_DESCRIBE_ENUM_BEGIN(errc)
BOOST_DESCRIBE_ENUM_ENTRY(errc, api_key_missing)
BOOST_DESCRIBE_ENUM_ENTRY(errc, api_key_malformed)
BOOST_DESCRIBE_ENUM_ENTRY(errc, api_key_unknown)
BOOST_DESCRIBE_ENUM_ENTRY(errc, api_key_revoked)
BOOST_DESCRIBE_ENUM_ENTRY(errc, api_key_expired)
BOOST_DESCRIBE_ENUM_ENTRY(errc, scope_missing)
BOOST_DESCRIBE_ENUM_ENTRY(errc, root_key_required)
BOOST_DESCRIBE_ENUM_ENTRY(errc, workspace_key_required)
BOOST_DESCRIBE_ENUM_ENTRY(errc, workspace_not_found)
BOOST_DESCRIBE_ENUM_ENTRY(errc, api_key_not_found)
BOOST_DESCRIBE_ENUM_ENTRY(errc, credentials_not_found)
BOOST_DESCRIBE_ENUM_ENTRY(errc, profile_not_found)
BOOST_DESCRIBE_ENUM_ENTRY(errc, session_not_found)
BOOST_DESCRIBE_ENUM_ENTRY(errc, account_not_found)
BOOST_DESCRIBE_ENUM_ENTRY(errc, event_not_found)
BOOST_DESCRIBE_ENUM_ENTRY(errc, webhook_not_found)
BOOST_DESCRIBE_ENUM_ENTRY(errc, delivery_not_found)
BOOST_DESCRIBE_ENUM_ENTRY(errc, platform_not_found)
BOOST_DESCRIBE_ENUM_ENTRY(errc, slug_taken)
BOOST_DESCRIBE_ENUM_ENTRY(errc, external_id_taken)
BOOST_DESCRIBE_ENUM_ENTRY(errc, identity_taken)
BOOST_DESCRIBE_ENUM_ENTRY(errc, credentials_in_use)
BOOST_DESCRIBE_ENUM_ENTRY(errc, profile_in_use)
BOOST_DESCRIBE_ENUM_ENTRY(errc, profile_is_default)
BOOST_DESCRIBE_ENUM_ENTRY(errc, api_key_not_active)
BOOST_DESCRIBE_ENUM_ENTRY(errc, webhooks_full)
BOOST_DESCRIBE_ENUM_ENTRY(errc, webhook_not_active)
BOOST_DESCRIBE_ENUM_ENTRY(errc, changed_meanwhile)
BOOST_DESCRIBE_ENUM_ENTRY(errc, precondition_failed)
BOOST_DESCRIBE_ENUM_ENTRY(errc, feature_not_in_plan)
BOOST_DESCRIBE_ENUM_ENTRY(errc, idempotency_key_invalid)
BOOST_DESCRIBE_ENUM_ENTRY(errc, idempotency_key_in_use)
BOOST_DESCRIBE_ENUM_ENTRY(errc, idempotency_key_reused)
BOOST_DESCRIBE_ENUM_ENTRY(errc, rate_limit_exceeded)
BOOST_DESCRIBE_ENUM_ENTRY(errc, field_invalid)
BOOST_DESCRIBE_ENUM_ENTRY(errc, field_fixed)
BOOST_DESCRIBE_ENUM_ENTRY(errc, platform_unknown)
BOOST_DESCRIBE_ENUM_ENTRY(errc, platform_not_available)
BOOST_DESCRIBE_ENUM_ENTRY(errc, platform_needs_browser)
BOOST_DESCRIBE_ENUM_ENTRY(errc, credentials_missing)
BOOST_DESCRIBE_ENUM_ENTRY(errc, return_url_refused)
BOOST_DESCRIBE_ENUM_ENTRY(errc, state_missing)
BOOST_DESCRIBE_ENUM_ENTRY(errc, state_unknown)
BOOST_DESCRIBE_ENUM_ENTRY(errc, state_foreign)
BOOST_DESCRIBE_ENUM_ENTRY(errc, session_used)
BOOST_DESCRIBE_ENUM_ENTRY(errc, session_expired)
BOOST_DESCRIBE_ENUM_ENTRY(errc, consent_denied)
BOOST_DESCRIBE_ENUM_ENTRY(errc, consent_failed)
BOOST_DESCRIBE_ENUM_ENTRY(errc, code_refused)
BOOST_DESCRIBE_ENUM_ENTRY(errc, app_forgotten)
BOOST_DESCRIBE_ENUM_ENTRY(errc, platform_account_missing)
BOOST_DESCRIBE_ENUM_ENTRY(errc, session_not_choosing)
BOOST_DESCRIBE_ENUM_ENTRY(errc, token_refused)
BOOST_DESCRIBE_ENUM_ENTRY(errc, identity_mismatch)
BOOST_DESCRIBE_ENUM_ENTRY(errc, app_password_shape)
BOOST_DESCRIBE_ENUM_ENTRY(errc, handle_unresolved)
BOOST_DESCRIBE_ENUM_ENTRY(errc, login_refused)
BOOST_DESCRIBE_ENUM_ENTRY(errc, reconnect_needed)
BOOST_DESCRIBE_ENUM_ENTRY(errc, not_refreshable)
BOOST_DESCRIBE_ENUM_ENTRY(errc, proxy_request_refused)
BOOST_DESCRIBE_ENUM_ENTRY(errc, call_has_to_wait)
BOOST_DESCRIBE_ENUM_ENTRY(errc, app_refused)
BOOST_DESCRIBE_ENUM_ENTRY(errc, platform_unavailable)
BOOST_DESCRIBE_ENUM_ENTRY(errc, platform_timeout)
BOOST_DESCRIBE_ENUM_ENTRY(errc, platform_answer_invalid)
BOOST_DESCRIBE_ENUM_ENTRY(errc, sealed_value_damaged)
BOOST_DESCRIBE_ENUM_ENTRY(errc, wrong_master_key)
BOOST_DESCRIBE_ENUM_END(errc)
// clang-format on

// The enumerator's name.
std::string_view name_of(errc code) noexcept;

boost::system::error_category const& error_category() noexcept;

// Whether an error of the store means that it takes no writes at all, and not only that this one failed.
bool is_store_unavailable(boost::system::error_code const& code) noexcept;
boost::system::error_code make_error_code(errc code) noexcept;

struct failure {
    boost::system::error_code code;
    std::string detail; // our own words, never a platform's text and never a secret
    std::string field;  // the input member at fault, "" where none is
    std::string word;   // the code that callers see where a platform's descriptor has one of its own, else ""

    failure() = default;
    failure(boost::system::error_code failure_code) : code(failure_code) {}
    failure(errc failure_code, std::string detail_text = {}, std::string field_name = {})
        : code(make_error_code(failure_code)), detail(std::move(detail_text)), field(std::move(field_name)) {}
};

// The stable code that callers see, in answers and in what is stored about a failure.
std::string public_code(failure const& why);

[[noreturn]] void throw_exception_from_error(failure const& error, boost::source_location const& location);

template <class T>
using outcome = boost::system::result<T, failure>;

} // namespace connectd::server::services

template <>
struct boost::system::is_error_code_enum<connectd::server::services::errc> : std::true_type {};
