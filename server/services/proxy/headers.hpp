// Which header fields of a proxied call go on to the platform, and which of its answer come back. Pure
// functions, any thread.
#pragma once

#include "crypto/secret.hpp"
#include "platforms/descriptor.hpp"
#include "platforms/http/message.hpp"

namespace connectd::server::services::proxy {

using platforms::http::header_list;

// What the platform is sent. Left out: what belongs to one connection (RFC 9110 section 7.6.1, and what the
// Connection field names), what the client of the connection writes itself, the caller's keys and cookies,
// where the caller comes from, and what is meant for us (Idempotency-Key, X-Request-Id).
// Added: the descriptor's headers that the caller did not send, and the token, unless the platform wants it
// in the query (identity.token_parameter).
//
// Accept-Encoding goes on only where the status alone says that a token is dead: a compressed answer could
// not be read for it.
header_list for_platform(header_list const& asked, platforms::descriptor const& platform,
                         crypto::secret const& access_token);

// What the caller gets. Left out: what belongs to one connection, cookies, and what speaks for the platform's
// whole origin, which is ours here (HSTS, Alt-Svc, Clear-Site-Data).
header_list for_caller(header_list const& answered);

} // namespace connectd::server::services::proxy
