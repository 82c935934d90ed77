// Which places a URL chosen by a user may lead to: public addresses over https, so that nobody can make this
// server talk to its own network (server-side request forgery). Pure functions; any thread.
//
// The pool applies the policy after resolving and connects to exactly the addresses that were checked, so
// that a name that answers differently the second time (DNS rebinding) gains nothing.
#pragma once

#include "platforms/error.hpp"

#include <boost/asio/ip/address.hpp>

#include <span>

namespace connectd::platforms::http {

struct address_policy {
    // For development against a sandbox on this machine; both leave the door open.
    bool allow_private = false;
    bool allow_http = false;
};

// True for a globally reachable unicast address by the IANA special-purpose registries (RFC 6890, tables as
// of 2025-10). IPv4-mapped addresses are never public; 6to4 and NAT64 addresses are when the IPv4 address
// inside is.
bool is_public(boost::asio::ip::address const& address) noexcept;

// Errors: address_refused when a user-given URL with this scheme may not be called.
result<void> check_scheme(address_policy const& policy, bool tls) noexcept;

// Errors: address_refused when any address is not public. One bad address refuses the name as a whole: an
// honest public service has none, and using only the good ones would let a mixed answer probe which ones are
// filtered.
result<void> check_addresses(address_policy const& policy,
                             std::span<boost::asio::ip::address const> addresses) noexcept;

} // namespace connectd::platforms::http
