#include "platforms/http/message.hpp"

#include <boost/beast/core/string.hpp>

namespace connectd::platforms::http {

bool same_name(std::string_view left, std::string_view right) noexcept {
    return boost::beast::iequals(left, right);
}

std::string_view response::header(std::string_view name) const noexcept {
    for (auto const& [key, value] : headers) {
        if (same_name(key, name)) {
            return value;
        }
    }
    return {};
}

} // namespace connectd::platforms::http
