// The stamp that says which version of the data model a store holds. FORMAT.md lists the versions.
//
// Newer data is refused. Older data is migrated forward, once, when it is opened; never back. No step from a
// version to the next has had to rewrite a row so far, so migrating is stamping: the first that has to brings
// a list of steps here.
//
// Pure functions, callable from any thread; the store that opens calls them.
#pragma once

#include "storage/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace connectd::storage {

inline constexpr std::uint32_t schema_version = 5;

// Where the stamp lies: in the family `meta`.
inline constexpr std::string_view schema_key = "schema";

std::string encode_schema_stamp(std::uint32_t version);

// Why this program must not work on data with that stamp; nothing when it may.
// Codes: schema_too_new, corrupt_record when it is no stamp of any version.
std::optional<open_failure> refuse_schema(std::string_view stamp);

} // namespace connectd::storage
