#include "server/services/paging.hpp"

#include "crypto/bytes.hpp"
#include "crypto/encoding.hpp"

namespace connectd::server::services {

std::string encode_cursor(std::string_view key) {
    return crypto::encode_base64url(crypto::as_bytes(key));
}

std::optional<std::string> decode_cursor(std::string_view text) {
    auto const decoded = crypto::decode_base64url(text);
    if (decoded.has_error() || decoded->empty()) {
        return std::nullopt;
    }
    return std::string{crypto::as_text(*decoded)};
}

} // namespace connectd::server::services
