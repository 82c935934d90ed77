#include "server/http/request_id.hpp"

#include "crypto/random.hpp"

#include <algorithm>

namespace connectd::server::http {

bool is_sane_request_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || letter == '.' || letter == '_' || letter == '-';
    });
}

std::string make_request_id() {
    return crypto::random_token(12);
}

} // namespace connectd::server::http
