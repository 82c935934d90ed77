#include "crypto/compare.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace connectd::crypto {

BOOST_AUTO_TEST_SUITE(compare_test)

BOOST_AUTO_TEST_CASE(equal_is_equal_and_every_bit_counts) {
    std::string const text("a state\0with a nul", 18);
    BOOST_TEST(equal_constant_time(text, std::string(text)));
    for (std::size_t i = 0; i < text.size(); ++i)
        for (int bit = 0; bit < 8; ++bit) {
            auto changed = text;
            changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
            BOOST_TEST(!equal_constant_time(text, changed));
        }
}

BOOST_AUTO_TEST_CASE(lengths_must_agree) {
    BOOST_TEST(equal_constant_time("", ""));
    BOOST_TEST(equal_constant_time({}, ""));
    BOOST_TEST(!equal_constant_time("abc", "ab"));
    BOOST_TEST(!equal_constant_time("", "a"));
    BOOST_TEST(!equal_constant_time("a", {}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::crypto
