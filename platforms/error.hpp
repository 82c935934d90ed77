// The errors of talking to platforms: one enum and category for this folder. Thread-safe; no state.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

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
};

boost::system::error_category const& category() noexcept;
boost::system::error_code make_error_code(errc value) noexcept;

template <class T>
using result = boost::system::result<T>;

// True for the HTTP errors after which the request was certainly not processed, so that sending it again
// cannot do a thing twice (spend a code or a refresh token). False for everything else, unknown codes
// included.
bool certainly_not_processed(boost::system::error_code const& error) noexcept;

} // namespace connectd::platforms

template <>
struct boost::system::is_error_code_enum<connectd::platforms::errc> : std::true_type {};
