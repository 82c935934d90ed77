#include "crypto/sealed.hpp"
#include "crypto/secret.hpp"

#include <boost/test/unit_test.hpp>

#include <concepts>
#include <type_traits>

namespace connectd::crypto {
namespace {

// Nothing turns plain text into a sealed value but a keyring.
static_assert(!std::constructible_from<sealed, secret> && !std::constructible_from<sealed, std::string> &&
              !std::constructible_from<sealed, bytes>);
static_assert(std::copyable<sealed>);

bytes well_formed(std::size_t plaintext_size) {
    bytes encoded(sealed::overhead + plaintext_size, 0xab);
    encoded[0] = sealed::format;
    write_u32(encoded.data() + 1, 0x01020304);
    return encoded;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sealed_test)

BOOST_AUTO_TEST_CASE(is_read_field_by_field) {
    auto encoded = well_formed(3);
    for (std::size_t i = 5; i < encoded.size(); ++i)
        encoded[i] = static_cast<std::uint8_t>(i);
    auto const value = sealed::decode(encoded).value();
    BOOST_TEST(!value.empty());
    BOOST_TEST(value.key_version() == 0x01020304u);
    BOOST_TEST(value.header().size() == 5u);
    BOOST_TEST(value.nonce().size() == 12u);
    BOOST_TEST(value.nonce()[0] == 5);
    BOOST_TEST(value.ciphertext_and_tag().size() == 19u);
    BOOST_TEST(value.ciphertext_and_tag()[0] == 17);
    BOOST_TEST((value.encode() == encoded));
    BOOST_TEST((sealed::decode(bytes(encoded)).value() == value));
}

BOOST_AUTO_TEST_CASE(no_value_is_no_bytes) {
    BOOST_TEST(sealed().empty());
    BOOST_TEST(sealed().encode().empty());
    BOOST_TEST(sealed::decode(bytes()).value().empty());
    BOOST_TEST((sealed::decode(bytes_view()).value() == sealed()));
}

BOOST_AUTO_TEST_CASE(lengths_that_cannot_be_are_refused) {
    auto const refused = make_error_code(errc::malformed_sealed_value);
    auto const shortest = well_formed(0);
    BOOST_TEST(sealed::decode(shortest).has_value());
    for (std::size_t size = 1; size < shortest.size(); ++size)
        BOOST_TEST(sealed::decode(bytes_view(shortest).first(size)).error() == refused);
    BOOST_TEST(sealed::decode(well_formed(sealed::max_plaintext)).has_value());
    BOOST_TEST(sealed::decode(well_formed(sealed::max_plaintext + 1)).error() == refused);
}

BOOST_AUTO_TEST_CASE(other_formats_are_refused) {
    auto encoded = well_formed(10);
    for (int format = 0; format < 256; ++format) {
        encoded[0] = static_cast<std::uint8_t>(format);
        if (format == sealed::format)
            BOOST_TEST(sealed::decode(encoded).has_value());
        else
            BOOST_TEST(sealed::decode(encoded).error() == make_error_code(errc::unsupported_format));
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::crypto
