// The identifiers of the AT Protocol as its specifications describe them (atproto.com/specs/did, /handle,
// /record-key, /tid), checked and made. Pure functions, any thread.
#pragma once

#include "tools/sandbox/message.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace connectd::sandbox::bluesky {

// did:plc with 24 characters of base32, or did:web with a host only (and, for development, an escaped port).
bool valid_did(std::string_view did);

// A did:plc that is always the same for the same seed.
std::string did_from(std::string_view seed);

// A domain name of at least two labels in ASCII, at most 253 characters.
bool valid_handle(std::string_view handle);

// A namespaced id such as app.bsky.feed.post.
bool valid_nsid(std::string_view nsid);

bool valid_record_key(std::string_view key);

// RFC 3339 with seconds and a zone; what record fields such as createdAt must hold.
bool valid_datetime(std::string_view text);

// A time-ordered key of 13 characters for that time and a counter that tells keys of one millisecond apart.
std::string make_tid(sys_ms time, std::uint64_t counter);

// The form of a real CID (version 1, dag-cbor, SHA-256). The digest is taken over `content` itself, so it is
// stable but not the one a real repository would compute over its CBOR.
std::string make_cid(std::string_view content);

// xxxx-xxxx-xxxx-xxxx from the alphabet of base32.
std::string make_app_password();

// RFC 4648 base32 in lower case without padding.
std::string base32_lower(std::string_view data);

// What users see as characters, approximated: code points without combining marks, joiners and variation
// selectors.
std::size_t count_graphemes(std::string_view text);

} // namespace connectd::sandbox::bluesky
