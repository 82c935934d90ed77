#include "server/runtime/error.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace connectd::server::runtime;

BOOST_AUTO_TEST_SUITE(error_test)

BOOST_AUTO_TEST_CASE(every_code_says_what_happened) {
    boost::system::error_code const late = errc::timed_out;
    BOOST_TEST(late.message() == "the deadline passed");
    BOOST_TEST(make_error_code(errc::queue_full).message() == "too much work is waiting already");
    BOOST_TEST(make_error_code(errc::stopped).message() == "shutting down");
    BOOST_TEST(std::string{late.category().name()} == "connectd.runtime");
    BOOST_TEST((late != boost::system::error_code{1, boost::system::system_category()}));
}

BOOST_AUTO_TEST_SUITE_END()
