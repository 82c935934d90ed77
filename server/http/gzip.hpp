// Contents that are kept compressed with gzip (RFC 1952), and clients that cannot read them. Pure functions,
// any thread.
#pragma once

#include <string>
#include <string_view>

namespace connectd::server::http {

// Whether the value of an Accept-Encoding names gzip as acceptable (RFC 9110, section 12.5.3). Who sends no
// such header (the value is empty then) would have to take anything; but many such clients just print what
// comes, so they are taken for those that cannot.
bool accepts_gzip(std::string_view accept_encoding);

// What was compressed. Requires: one member without optional fields, as tools/embed_assets.py makes it.
// Throws std::invalid_argument for anything else.
std::string unpack_gzip(std::string_view packed);

} // namespace connectd::server::http
