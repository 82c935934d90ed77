// The blob that is sealed per account: what goes in comes out, and damage is noticed.
#include "platforms/token_material.hpp"
#include "tests/platforms/support.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;
using connectd::crypto::secret;

token_set full() {
    token_set made;
    made.access_token = secret::copy_of(std::string_view("acc\0ess", 7));
    made.refresh_token = secret::copy_of("refresh");
    made.token_type = "Bearer";
    made.extras.emplace_back("did", secret::copy_of("did:plc:abc"));
    made.extras.emplace_back("", secret::copy_of(""));
    return made;
}

std::string encoded(token_set const& set) {
    return std::string(encode_token_material(set).reveal());
}

} // namespace

BOOST_AUTO_TEST_SUITE(token_material_test)

BOOST_AUTO_TEST_CASE(secrets_survive_the_round_trip) {
    auto const read = decode_token_material(encode_token_material(full())).value();
    BOOST_TEST(read.access_token.reveal() == std::string_view("acc\0ess", 7));
    BOOST_TEST(read.refresh_token.value().reveal() == "refresh");
    BOOST_TEST(read.token_type == "Bearer");
    BOOST_TEST_REQUIRE(read.extras.size() == 2u);
    BOOST_TEST(read.extras[0].first == "did");
    BOOST_TEST(read.extras[0].second.reveal() == "did:plc:abc");
    BOOST_TEST(read.extras[1].first == "");
}

BOOST_AUTO_TEST_CASE(what_is_absent_stays_absent) {
    token_set set;
    set.access_token = secret::copy_of("a");
    auto const read = decode_token_material(encode_token_material(set)).value();
    BOOST_TEST(!read.refresh_token.has_value());
    BOOST_TEST(read.token_type == "");
    BOOST_TEST(read.extras.empty());
}

BOOST_AUTO_TEST_CASE(the_bytes_are_those_of_the_format) {
    token_set set;
    set.access_token = secret::copy_of("a");
    BOOST_TEST(encoded(set) == std::string_view("\x01\0\x01\0\x0c"
                                                "access_token\0\0\0\x01"
                                                "a",
                                                22));
}

BOOST_AUTO_TEST_CASE(unknown_names_are_skipped) {
    auto const read =
        decode_token_material(secret::copy_of(std::string_view("\x01\0\x02\0\x03new\0\0\0\x01?\0\x0c"
                                                               "access_token\0\0\0\x01"
                                                               "a",
                                                               32)));
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(read->access_token.reveal() == "a");
}

BOOST_AUTO_TEST_CASE(every_truncation_is_noticed) {
    auto const whole = encoded(full());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        auto const read = decode_token_material(secret::copy_of(std::string_view(whole).substr(0, size)));
        BOOST_TEST_REQUIRE(!read.has_value());
        BOOST_TEST(read.error() == errc::damaged_token_material);
    }
    BOOST_TEST(!decode_token_material(secret::copy_of(whole + "x")).has_value());
}

BOOST_AUTO_TEST_CASE(another_version_and_a_missing_token_are_refused) {
    auto other = encoded(full());
    other[0] = 2;
    BOOST_TEST(!decode_token_material(secret::copy_of(other)).has_value());
    BOOST_TEST(!decode_token_material(encode_token_material(token_set{})).has_value());
    BOOST_TEST(!decode_token_material(secret::copy_of(std::string_view("\x01\xff\xff", 3))).has_value());
    BOOST_TEST(
        !decode_token_material(secret::copy_of(std::string_view("\x01\0\x01\0\x01x\xff\xff\xff\xff", 10)))
             .has_value());
}

BOOST_AUTO_TEST_SUITE_END()
