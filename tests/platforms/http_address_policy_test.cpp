// Which addresses a URL chosen by a user may lead to. The lists hold the first and last address of each block
// of the IANA registries, and their neighbours outside.
#include "platforms/http/address_policy.hpp"
#include "tests/support/platforms_printing.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <vector>

namespace {

using namespace connectd::platforms;
using namespace connectd::platforms::http;
using boost::asio::ip::make_address;

char const* const closed[] = {
    "0.0.0.0",
    "0.255.255.255",
    "10.0.0.0",
    "10.255.255.255",
    "100.64.0.0",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.255",
    "169.254.0.0",
    "169.254.169.254",
    "169.254.255.255",
    "172.16.0.0",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.0",
    "192.168.255.255",
    "198.18.0.0",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::10.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b:1::8.8.8.8",
    "100::1",
    "2001::1",
    "2001:2::1",
    "2001:10::1",
    "2001:1ff:ffff::1",
    "2001:db8::1",
    "2001:db8:ffff::1",
    "2002:a00:1::1",
    "2002:7f00:1::1",
    "2002:c0a8:101::1",
    "3fff::1",
    "3fff:fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fdff::1",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "ff02::1",
};

char const* const reachable[] = {
    "1.0.0.0",         "9.255.255.255",   "11.0.0.0",         "100.63.255.255",   "100.128.0.0",
    "126.255.255.255", "128.0.0.0",       "169.253.255.255",  "169.255.0.0",      "172.15.255.255",
    "172.32.0.0",      "192.0.1.0",       "192.167.255.255",  "192.169.0.0",      "198.17.255.255",
    "198.20.0.0",      "223.255.255.255", "8.8.8.8",          "2000::1",          "2001:200::1",
    "2001:4860::8888", "2003::1",         "2606:4700::1111",  "3ffe::1",          "3fff:1000::1",
    "2002:808:808::1", "2a00:1450::1",    "64:ff9b::8.8.8.8", "3fff:ffff:ffff::",
};

} // namespace

BOOST_AUTO_TEST_SUITE(http_address_policy_test)

BOOST_DATA_TEST_CASE(special_addresses_are_not_public, closed, text) {
    BOOST_TEST(!is_public(make_address(text)));
}

BOOST_DATA_TEST_CASE(other_addresses_are_public, reachable, text) {
    BOOST_TEST(is_public(make_address(text)));
}

BOOST_AUTO_TEST_CASE(one_private_address_refuses_the_whole_name) {
    std::vector const mixed = {make_address("8.8.8.8"), make_address("10.0.0.1")};
    auto const found = check_addresses({}, mixed);
    BOOST_TEST_REQUIRE(!found);
    BOOST_TEST(found.error() == errc::address_refused);
    BOOST_TEST(check_addresses({}, std::vector{make_address("8.8.8.8")}).has_value());
}

BOOST_AUTO_TEST_CASE(only_https_unless_allowed) {
    BOOST_TEST(check_scheme({}, true).has_value());
    BOOST_TEST(check_scheme({}, false).error() == errc::address_refused);
    BOOST_TEST(check_scheme({.allow_private = false, .allow_http = true}, false).has_value());
}

BOOST_AUTO_TEST_CASE(development_may_open_private_addresses) {
    address_policy const policy{.allow_private = true, .allow_http = false};
    BOOST_TEST(check_addresses(policy, std::vector{make_address("127.0.0.1")}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
