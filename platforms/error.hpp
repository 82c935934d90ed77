// The errors of talking to platforms: one enum and category for this folder, and the failure of a call with
// what to do about it. Thread-safe; no state.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>

namespace connectd::platforms {

enum class errc {
    // The request certainly reached nobody.
    invalid_url = 1,     // not an absolute http(s) URL we can call: syntax, scheme, user info, host or port
    invalid_request,     // a method, header name or header value that must not go on the wire
    address_refused,     // a user-given URL that is not https, or a host with a non-public address
    too_many_waiting,    // the origin's connections are all busy and the queue for them is full
    resolve_failed,      // the host name has no address, or the name service failed
    connect_failed,      // no address accepted a connection, or it broke before a byte of the request left
    tls_failed,          // the TLS handshake failed for another reason than the certificate
    certificate_refused, // the server's certificate is not trusted, not valid now, or names another host
    timed_out_unsent,    // the deadline passed before the request was sent
    cancelled_unsent,    // the caller or the pool's owner cancelled before the request was sent

    // The request may have been processed: the outcome is unknown.
    timed_out,          // the deadline passed after sending began
    cancelled,          // cancelled after sending began
    connection_lost,    // closed or reset after sending began, before the answer was complete
    malformed_response, // what came back is not HTTP/1.x
    response_too_large, // header or body over the limit

    // The platform answered, and this is what it said.
    grant_refused,          // the code, refresh token or access token is dead: the user must connect again
    access_denied,          // the user or the platform denied the access
    credentials_refused,    // the identifier or the app password is wrong
    second_factor_required, // a main password with a second factor: an app password is needed
    account_suspended,      // the account exists and may not be used: suspended, deactivated, taken down
    identifier_not_found,   // nobody has that handle or DID
    client_refused,         // the application's own id, secret or permission is wrong: the operator must act
    request_refused, // the platform refused for a reason that is not the user's: scope, quota, version, URL
    rate_limited,    // too many calls
    platform_unavailable, // the platform is in trouble
    scope_missing,        // the token lives, but its scopes do not cover the call
    nothing_to_connect,   // the grant is good and reaches no account: no page, no channel
    malformed_answer,     // a success that does not say what a success must say

    // Input of our own.
    invalid_identifier,     // not a handle, DID or e-mail
    invalid_instance,       // not a host name, address of a person or URL that leads to a server
    metadata_refused,       // a server's metadata that does not fit its issuer or lacks what a flow needs
    not_an_app_password,    // not the shape of an app password; perhaps the main password
    damaged_token_material, // an opened token blob that does not decode
};

boost::system::error_category const& category() noexcept;
boost::system::error_code make_error_code(errc value) noexcept;

template <class T>
using result = boost::system::result<T>;

// True for the HTTP errors after which the request was certainly not processed, so that sending it again
// cannot do a thing twice (spend a code or a refresh token). False for everything else, unknown codes
// included.
bool certainly_not_processed(boost::system::error_code const& error) noexcept;

// What a failed call means for the account, whoever asks.
//   refused          the grant is dead, or the user's input wrong: asking again changes nothing
//   operator_fault   the application, its configuration or quota is at fault: accounts stay as they are
//   temporary        try again later; an outage never disconnects anyone
//   unknown_outcome  the platform may have acted: try again inside its grace, then judge
enum class verdict : std::uint8_t { refused, operator_fault, temporary, unknown_outcome };

// One call that failed. `code` is ours and may be logged and shown; the two texts are the platform's:
// bounded, without control characters, untrusted, and never logged whole, because platforms echo what they
// were sent.
struct failure {
    verdict what = verdict::temporary;
    boost::system::error_code code;
    std::optional<std::chrono::seconds> retry_after; // at most a day
    std::string platform_error;                      // its error code, for example `invalid_grant`
    std::string platform_message;
    unsigned http_status = 0; // 0: no answer
};

template <class T>
using outcome = boost::system::result<T, failure>;

// What outcome::value() does without a value. Throws boost::system::system_error with the code.
[[noreturn]] void throw_exception_from_error(failure const& error, boost::source_location const& where);

} // namespace connectd::platforms

template <>
struct boost::system::is_error_code_enum<connectd::platforms::errc> : std::true_type {};
