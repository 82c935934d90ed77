#include "tools/sandbox/bluesky/jwt.hpp"

#include "crypto/bytes.hpp"
#include "crypto/compare.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "tools/sandbox/time_text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace connectd::sandbox::bluesky {
namespace {

std::string encode_json(boost::json::object const& object) {
    return crypto::encode_base64url(crypto::as_bytes(boost::json::serialize(object)));
}

std::optional<boost::json::object> decode_json(std::string_view part) {
    auto const decoded = crypto::decode_base64url(part);
    if (!decoded)
        return std::nullopt;
    boost::system::error_code error;
    auto const value = boost::json::parse(crypto::as_text(*decoded), error);
    if (error || !value.is_object())
        return std::nullopt;
    return value.get_object();
}

std::string_view text_of(boost::json::object const& object, std::string_view name) {
    auto const* const member = object.if_contains(name);
    return member != nullptr && member->is_string() ? std::string_view{member->get_string()}
                                                    : std::string_view{};
}

std::int64_t number_of(boost::json::object const& object, std::string_view name) {
    auto const* const member = object.if_contains(name);
    return member != nullptr && member->is_int64() ? member->get_int64() : 0;
}

} // namespace

jwt_signer::jwt_signer() : key_{crypto::random_token(32)} {}

std::string jwt_signer::sign(std::string_view type, claims const& content) const {
    boost::json::object payload{{"scope", content.scope},
                                {"sub", content.subject},
                                {"iat", content.issued_at},
                                {"exp", content.expires_at},
                                {"aud", content.audience}};
    if (!content.id.empty())
        payload.emplace("jti", content.id);
    auto token = encode_json({{"typ", type}, {"alg", "HS256"}});
    token += '.';
    token += encode_json(payload);
    auto const signature = crypto::encode_base64url(crypto::hmac_sha256(key_, token));
    return token + '.' + signature;
}

std::variant<claims, jwt_fault> jwt_signer::verify(std::string_view token, std::string_view type, sys_ms now,
                                                   bool allow_expired) const {
    auto const last_dot = token.rfind('.');
    auto const first_dot = token.find('.');
    if (last_dot == std::string_view::npos || first_dot == last_dot)
        return jwt_fault::unverified;
    auto const signed_part = token.substr(0, last_dot);
    auto const signature = crypto::decode_base64url(token.substr(last_dot + 1));
    auto const expected = crypto::hmac_sha256(key_, signed_part);
    if (!signature || !crypto::equal_constant_time(crypto::as_text(*signature), crypto::as_text(expected)))
        return jwt_fault::unverified;
    auto const header = decode_json(signed_part.substr(0, first_dot));
    auto const payload = decode_json(signed_part.substr(first_dot + 1));
    if (!header || !payload || text_of(*header, "typ") != type || text_of(*header, "alg") != "HS256")
        return jwt_fault::unverified;
    claims const content{std::string{text_of(*payload, "scope")},
                         std::string{text_of(*payload, "sub")},
                         std::string{text_of(*payload, "aud")},
                         std::string{text_of(*payload, "jti")},
                         number_of(*payload, "iat"),
                         number_of(*payload, "exp")};
    if (!allow_expired && unix_seconds(now) >= content.expires_at)
        return jwt_fault::expired;
    return content;
}

} // namespace connectd::sandbox::bluesky
