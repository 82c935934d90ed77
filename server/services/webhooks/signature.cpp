#include "server/services/webhooks/signature.hpp"

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"

#include <stdexcept>
#include <utility>

namespace connectd::server::services::webhooks {
namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::size_t secret_bytes = 32;       // the specification asks for 24 to 64
constexpr std::size_t plain_secret_bytes = 16; // UniPost's documents show 32 digits

crypto::secret key_of(crypto::secret const& shown) {
    auto const text = shown.reveal();
    auto decoded = text.starts_with(secret_prefix)
                       ? crypto::decode_base64(text.substr(secret_prefix.size()))
                       : crypto::result<crypto::bytes>{crypto::errc::malformed_encoding};
    if (decoded.has_error()) {
        throw std::logic_error{"a webhook secret of another form"};
    }
    return crypto::secret::take(std::move(*decoded));
}

crypto::secret random_secret(std::size_t size) {
    auto bytes = crypto::secret::of_size(size);
    crypto::random_fill(bytes.writable());
    return bytes;
}

crypto::secret shown_as(crypto::secret const& encoded) {
    std::string text;
    text.reserve(secret_prefix.size() + encoded.size()); // one buffer, which is wiped
    text.append(secret_prefix).append(encoded.reveal());
    return crypto::secret::take(std::move(text));
}

} // namespace

crypto::secret make_secret() {
    auto const bytes = random_secret(secret_bytes);
    return shown_as(crypto::secret::take(crypto::encode_base64(bytes.reveal_bytes())));
}

crypto::secret make_plain_secret() {
    auto const bytes = random_secret(plain_secret_bytes);
    return shown_as(crypto::encode_hex_secret(bytes.reveal_bytes()));
}

std::string sign_plainly(crypto::secret const& secret, std::string_view content) {
    return crypto::encode_hex(crypto::hmac_sha256(secret.reveal(), content));
}

std::string sign(std::span<crypto::secret const> secrets, std::string_view id, std::string_view timestamp,
                 std::string_view body) {
    std::string content;
    content.reserve(id.size() + timestamp.size() + body.size() + 2);
    content.append(id).append(".").append(timestamp).append(".").append(body);
    std::string signatures;
    for (auto const& secret : secrets) {
        auto const key = key_of(secret);
        signatures += signatures.empty() ? "v1," : " v1,";
        signatures += crypto::encode_base64(crypto::hmac_sha256(key.reveal(), content));
    }
    return signatures;
}

std::string timestamp_text(runtime::sys_ms now) {
    return std::to_string(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
}

} // namespace connectd::server::services::webhooks
