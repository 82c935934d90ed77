#include "server/http/header_list.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace connectd::tests {

namespace {

namespace http = server::http;

} // namespace

BOOST_AUTO_TEST_SUITE(header_list_test)

BOOST_AUTO_TEST_CASE(finds_names_without_case_and_keeps_order) {
    http::header_list headers;
    headers.add("Set-Cookie", "a=1");
    headers.add("Content-Type", "text/plain");
    headers.add("set-cookie", "b=2");
    BOOST_TEST(headers.find("CONTENT-TYPE").value() == "text/plain");
    BOOST_TEST(headers.find("Set-Cookie").value() == "a=1");
    BOOST_TEST(headers.all("SET-COOKIE").size() == 2U);
    BOOST_TEST(!headers.contains("Content"));
    std::string seen;
    for (auto const field : headers) {
        seen.append(field.name).append("|");
    }
    BOOST_TEST(seen == "Set-Cookie|Content-Type|set-cookie|");
}

BOOST_AUTO_TEST_CASE(set_replaces_all_even_by_a_view_into_itself) {
    http::header_list headers;
    headers.add("A", "one");
    headers.add("a", "two");
    headers.set("A", *headers.find("A"));
    BOOST_TEST(headers.size() == 1U);
    BOOST_TEST(headers.find("a").value() == "one");
    headers.set_default("A", "three");
    BOOST_TEST(headers.find("a").value() == "one");
    headers.erase("A");
    BOOST_TEST(headers.empty());
    headers.set_default("A", "three");
    BOOST_TEST(headers.find("a").value() == "three");
}

BOOST_AUTO_TEST_CASE(refuses_what_would_break_out_of_a_field) {
    http::header_list headers;
    for (std::string_view const value : {"a\r\nSet-Cookie: x=y", "a\nb", "a\rb", "\x7f", "\x01"}) {
        BOOST_CHECK_THROW(headers.add("Location", value), std::invalid_argument);
    }
    BOOST_CHECK_THROW(headers.add("Location", std::string_view("a\0b", 3)), std::invalid_argument);
    for (std::string_view const name : {"", "a b", "a:", "a\r\n", "\xc3\xa4"}) {
        BOOST_CHECK_THROW(headers.add(name, "x"), std::invalid_argument);
    }
    BOOST_TEST(headers.empty());
    BOOST_CHECK_NO_THROW(headers.add("Name", "tab\tand \xc3\xa4"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
