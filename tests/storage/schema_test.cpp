#include "storage/schema.hpp"
#include "tests/storage/support.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::storage {

BOOST_AUTO_TEST_SUITE(schema_test)

BOOST_AUTO_TEST_CASE(the_stamp_of_version_1_is_that_of_the_format_document) {
    BOOST_TEST(encode_schema_stamp(1) == "\x01\x01\x01\x01");
}

BOOST_AUTO_TEST_CASE(only_known_versions_are_accepted) {
    for (std::uint32_t version = 1; version <= schema_version; ++version)
        BOOST_TEST(!refuse_schema(encode_schema_stamp(version)));
    BOOST_TEST(refuse_schema(encode_schema_stamp(schema_version + 1))->code == errc::schema_too_new);
    BOOST_TEST(refuse_schema(encode_schema_stamp(0xffffffff))->code == errc::schema_too_new);
    BOOST_TEST(refuse_schema(encode_schema_stamp(0))->code == errc::corrupt_record);
}

BOOST_AUTO_TEST_CASE(what_is_no_stamp_is_refused) {
    auto const stamp = encode_schema_stamp(schema_version);
    for (std::size_t size = 0; size < stamp.size(); ++size)
        BOOST_TEST(refuse_schema(std::string_view(stamp).substr(0, size))->code == errc::corrupt_record);
    BOOST_TEST(refuse_schema(stamp + "x")->code == errc::corrupt_record);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::storage
