// Checks that several services make on what callers send. Pure functions, any thread.
#pragma once

#include "server/services/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::server::services {

// A name shown to people: 1 to `longest` bytes of text without control characters. Errors: field_invalid.
outcome<void> check_text(std::string_view value, std::string_view field, std::size_t longest = 200);

// The same, and the empty text is fine.
outcome<void> check_optional_text(std::string_view value, std::string_view field, std::size_t longest = 200);

// Scopes of OAuth 2.0, whatever the platform: at most 100. Errors: field_invalid (`scopes/0` and so on).
outcome<void> check_scope_shapes(std::vector<std::string> const& scopes);

// An id in a body: one that is not well-formed cannot exist, and is reported like one that does not.
template <class Id>
outcome<Id> parse_id(std::string_view text, errc not_found, std::string_view field = {}) {
    auto const parsed = Id::parse(text);
    if (parsed.has_error()) {
        return failure{not_found, {}, std::string{field}};
    }
    return *parsed;
}

// What a caller says it has seen: the version of a row, which its view names. Nothing: any.
using seen_version = std::optional<std::uint64_t>;

// Errors: precondition_failed.
outcome<void> check_version(std::uint64_t there, seen_version const& expected);

// A storage cursor that does not belong to the list becomes the caller's mistake.
failure list_failure(boost::system::error_code const& code);

} // namespace connectd::server::services
