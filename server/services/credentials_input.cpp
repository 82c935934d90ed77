#include "server/services/credentials_input.hpp"

#include "platforms/descriptor_words.hpp"

#include <algorithm>

namespace connectd::server::services {
namespace {

constexpr std::size_t max_client_id = 512;
constexpr std::size_t max_client_secret = 4096;

bool visible(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

// RFC 6749 appendix A.2: VSCHAR, which has the space.
bool printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

} // namespace

outcome<void> check_app_platform(platforms::descriptor const& platform) {
    if (platform.connect == platforms::connect_kind::app_password) {
        return failure{errc::field_invalid,
                       platform.title + " needs no app: its accounts connect with an app password.",
                       "platform"};
    }
    if (!platform.app_platform.empty()) {
        return failure{errc::field_invalid,
                       platform.title + " uses the apps of another platform: store them for " +
                           platform.app_platform + ".",
                       "platform"};
    }
    return {};
}

outcome<void> check_client_id(std::string_view id) {
    if (id.empty() || id.size() > max_client_id || !visible(id)) {
        return failure{errc::field_invalid, "1 to 512 visible characters without spaces.", "client_id"};
    }
    return {};
}

outcome<void> check_client_secret(platforms::descriptor const& platform, crypto::secret const& secret) {
    auto const text = secret.reveal();
    if (text.size() > max_client_secret || !printable(text)) {
        return failure{errc::field_invalid, "At most 4096 printable ASCII characters.", "client_secret"};
    }
    if (text.empty() && platform.client.secret_required &&
        platform.instances != platforms::instance_kind::issuer) {
        return failure{errc::field_invalid, platform.title + " apps have a client secret.", "client_secret"};
    }
    return {};
}

outcome<void> check_pkce(std::string_view method) {
    auto const& methods = platforms::pkce_method_words;
    if (std::ranges::find(methods, method, [](auto const& each) { return each.first; }) == methods.end()) {
        return failure{errc::field_invalid, "One of none, S256 and S256-hex.", "pkce"};
    }
    return {};
}

} // namespace connectd::server::services
