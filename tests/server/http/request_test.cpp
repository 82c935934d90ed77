#include "server/http/request.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {

namespace {

namespace http = server::http;

} // namespace

BOOST_AUTO_TEST_SUITE(request_test)

BOOST_AUTO_TEST_CASE(finds_cookies) {
    http::request asked;
    asked.headers.add("Cookie", "a=1; __Host-session=\"quoted\";b=x=y ;a=2; broken; =empty");
    asked.headers.add("cookie", "c=3");
    BOOST_TEST(asked.cookie("a").value() == "1");
    BOOST_TEST(asked.cookie("__Host-session").value() == "quoted");
    BOOST_TEST(asked.cookie("b").value() == "x=y");
    BOOST_TEST(asked.cookie("c").value() == "3");
    BOOST_TEST(!asked.cookie("A"));
    BOOST_TEST(!asked.cookie("broken"));
    BOOST_TEST(!asked.cookie("sion"));
}

BOOST_AUTO_TEST_CASE(compares_media_types_without_their_parameters) {
    http::request asked;
    BOOST_TEST(!asked.content_type_is("application/json"));
    asked.headers.add("Content-Type", "Application/JSON ; charset=utf-8");
    BOOST_TEST(asked.content_type_is("application/json"));
    BOOST_TEST(!asked.content_type_is("application/js"));
}

BOOST_AUTO_TEST_CASE(shows_mapped_addresses_as_ipv4) {
    http::request asked;
    asked.remote = {boost::asio::ip::make_address("::ffff:192.0.2.7"), 1};
    BOOST_TEST(asked.remote_address() == "192.0.2.7");
    asked.remote = {boost::asio::ip::make_address("2001:db8::1"), 1};
    BOOST_TEST(asked.remote_address() == "2001:db8::1");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
