#include "platforms/http/message.hpp"

#include <boost/beast/core/string.hpp>

namespace connectd::platforms::http {

std::string_view response::header(std::string_view name) const noexcept {
    for (auto const& [key, value] : headers) {
        if (boost::beast::iequals(key, name)) {
            return value;
        }
    }
    return {};
}

} // namespace connectd::platforms::http
