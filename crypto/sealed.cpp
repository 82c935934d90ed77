#include "crypto/sealed.hpp"

namespace connectd::crypto {
namespace {

boost::system::error_code check(bytes_view encoded) {
    if (encoded.empty())
        return {};
    if (encoded[0] != sealed::format)
        return errc::unsupported_format;
    if (encoded.size() < sealed::overhead || encoded.size() > sealed::overhead + sealed::max_plaintext)
        return errc::malformed_sealed_value;
    return {};
}

} // namespace

result<sealed> sealed::decode(bytes_view encoded) {
    if (auto const error = check(encoded))
        return error;
    return sealed(bytes(encoded.begin(), encoded.end()));
}

result<sealed> sealed::decode(bytes&& encoded) {
    if (auto const error = check(encoded))
        return error;
    return sealed(std::move(encoded));
}

} // namespace connectd::crypto
