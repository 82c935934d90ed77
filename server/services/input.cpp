#include "server/services/input.hpp"

#include "storage/error.hpp"

#include <algorithm>

namespace connectd::server::services {
namespace {

constexpr std::size_t max_scopes = 100;

// RFC 6749 section 3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).
bool is_scope_token(std::string_view text) {
    auto const allowed = [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '\\'; };
    return !text.empty() && text.size() <= 256 && std::ranges::all_of(text, allowed);
}

} // namespace

outcome<void> check_optional_text(std::string_view value, std::string_view field, std::size_t longest) {
    if (value.size() > longest) {
        return failure{errc::field_invalid, "At most " + std::to_string(longest) + " bytes.",
                       std::string{field}};
    }
    auto const is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::ranges::any_of(value, is_control)) {
        return failure{errc::field_invalid, "Control characters are not allowed.", std::string{field}};
    }
    return {};
}

outcome<void> check_text(std::string_view value, std::string_view field, std::size_t longest) {
    if (value.find_first_not_of(' ') == std::string_view::npos) {
        return failure{errc::field_invalid, "Must not be empty.", std::string{field}};
    }
    return check_optional_text(value, field, longest);
}

outcome<void> check_version(std::uint64_t there, seen_version const& expected) {
    if (expected && *expected != there) {
        return errc::precondition_failed;
    }
    return {};
}

outcome<void> check_scope_shapes(std::vector<std::string> const& scopes) {
    if (scopes.size() > max_scopes) {
        return failure{errc::field_invalid, "At most 100 scopes.", "scopes"};
    }
    for (std::size_t index = 0; index < scopes.size(); ++index) {
        if (!is_scope_token(scopes[index])) {
            return failure{errc::field_invalid,
                           "A scope is 1 to 256 visible characters without quotes and spaces.",
                           "scopes/" + std::to_string(index)};
        }
    }
    return {};
}

failure list_failure(boost::system::error_code const& code) {
    if (code == storage::errc::invalid_cursor) {
        return {errc::field_invalid,
                "The cursor does not belong to this list; use next_cursor as it was given.", "cursor"};
    }
    return code;
}

} // namespace connectd::server::services
