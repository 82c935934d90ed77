#include "crypto/error.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

namespace connectd::crypto {

BOOST_AUTO_TEST_SUITE(error_test)

BOOST_AUTO_TEST_CASE(every_code_has_a_text_of_its_own) {
    std::set<std::string> texts;
    int const last = static_cast<int>(errc::value_too_large);
    for (int code = 1; code <= last; ++code)
        texts.insert(make_error_code(static_cast<errc>(code)).message());
    BOOST_TEST(texts.size() == static_cast<std::size_t>(last));
    BOOST_TEST(!texts.contains(error_category().message(last + 1)));
    BOOST_TEST(error_category().message(last + 1) == "unknown error");
}

BOOST_AUTO_TEST_CASE(codes_travel_in_results) {
    result<int> const failed = errc::malformed_id;
    BOOST_TEST(failed.error() == make_error_code(errc::malformed_id));
    BOOST_TEST(failed.error().category().name() == std::string("connectd.crypto"));
    BOOST_TEST(!failed.error() == false);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::crypto
