#include "server/http/bearer.hpp"

#include <algorithm>

namespace connectd::server::http {

std::string_view bearer_token(request const& asked) noexcept {
    // RFC 9110 section 11.1: the scheme's name is case-insensitive.
    constexpr std::string_view scheme = "bearer ";
    auto value = asked.header("Authorization").value_or(std::string_view{});
    if (value.size() <= scheme.size() || !equal_ignoring_case(value.substr(0, scheme.size()), scheme)) {
        return {};
    }
    value.remove_prefix(scheme.size());
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    return value;
}

} // namespace connectd::server::http
