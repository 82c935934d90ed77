#include "server/services/input.hpp"

#include "storage/error.hpp"

#include <algorithm>

namespace connectd::server::services {

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

failure list_failure(boost::system::error_code const& code) {
    if (code == storage::errc::invalid_cursor) {
        return {errc::field_invalid,
                "The cursor does not belong to this list; use next_cursor as it was given.", "cursor"};
    }
    return code;
}

} // namespace connectd::server::services
