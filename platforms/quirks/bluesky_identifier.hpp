// What people type to connect a Bluesky account: a handle, a DID or an e-mail, and an app password.
// Functions only, no I/O; callable from any thread.
#pragma once

#include "crypto/secret.hpp"
#include "platforms/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace connectd::platforms::bluesky {

enum class identifier_kind : std::uint8_t { handle, did, email };

struct identifier {
    identifier_kind kind = identifier_kind::handle;
    std::string text; // normalised
};

// The syntax of a handle in lower case: a domain name of at least two labels.
bool is_handle(std::string_view text);

// did:plc with lower-case letters and digits, or did:web with a host and nothing else.
bool is_did(std::string_view text);

// Trims, drops a leading @ and a profile URL's prefix, lower-cases handles and e-mails; checks the syntax of
// handles (at least two labels, 253 characters) and of did:plc and did:web (host only). Errors:
// errc::invalid_identifier.
result<identifier> parse_identifier(std::string_view typed);

// Accepts only the shape of an app password, four groups of four lower-case letters or digits, and so refuses
// main passwords before they go anywhere. Surrounding white space is dropped. Errors:
// errc::not_an_app_password.
result<crypto::secret> parse_app_password(std::string_view typed);

} // namespace connectd::platforms::bluesky
