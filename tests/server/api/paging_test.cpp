#include "server/api/paging.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::server::api {
namespace {

http::request asking(std::string_view query) {
    http::request asked;
    asked.raw_query = query;
    asked.query = http::parse_parameters(query).value();
    return asked;
}

std::string wrong_field(std::string_view query, std::initializer_list<std::string_view> filters = {}) {
    auto const page = read_page(asking(query), filters);
    BOOST_REQUIRE(page.has_error());
    BOOST_TEST(page.error().code == services::make_error_code(services::errc::field_invalid));
    return page.error().field;
}

} // namespace

BOOST_AUTO_TEST_SUITE(paging_test)

BOOST_AUTO_TEST_CASE(a_page_has_twenty_unless_asked_otherwise) {
    BOOST_TEST(read_page(asking("")).value().limit == 20U);
    BOOST_TEST(!read_page(asking("")).value().cursor.has_value());
    BOOST_TEST(read_page(asking("limit=1")).value().limit == 1U);
    BOOST_TEST(read_page(asking("limit=100")).value().limit == 100U);
}

BOOST_AUTO_TEST_CASE(limits_that_are_none) {
    for (std::string const bad : {"limit=0", "limit=101", "limit=-1", "limit=", "limit=ten", "limit=10x",
                                  "limit=+10", "limit=%2010", "limit=99999999999999999999", "limit=1.5"}) {
        BOOST_TEST(wrong_field(bad) == "limit", bad);
    }
}

BOOST_AUTO_TEST_CASE(parameters_that_the_list_does_not_have) {
    BOOST_TEST(wrong_field("Limit=5") == "Limit");
    BOOST_TEST(wrong_field("offset=5") == "offset");
    BOOST_TEST(wrong_field("platform=x") == "platform");
    BOOST_TEST(read_page(asking("platform=x"), {"platform"}).has_value());
    BOOST_TEST(wrong_field("platform=x&status=active", {"platform"}) == "status");
}

BOOST_AUTO_TEST_CASE(parameters_that_come_twice) {
    BOOST_TEST(wrong_field("limit=5&limit=6") == "limit");
    BOOST_TEST(wrong_field("platform=x&platform=y", {"platform"}) == "platform");
}

BOOST_AUTO_TEST_CASE(a_cursor_comes_back_as_it_was_given) {
    std::string const key("\x01\x00raw key\xff+/", 13);
    auto const answer = list_response({}, key);
    auto const body = boost::json::parse(answer.body).as_object();
    std::string const text{body.at("next_cursor").as_string()};
    auto const page = read_page(asking("cursor=" + text)).value();
    BOOST_TEST((page.cursor == key));
}

BOOST_AUTO_TEST_CASE(cursors_that_are_none) {
    for (std::string const bad : {"cursor=", "cursor=a", "cursor=***", "cursor=abc%3D"}) {
        BOOST_TEST(wrong_field(bad) == "cursor", bad);
    }
}

BOOST_AUTO_TEST_CASE(the_last_page_says_so) {
    boost::json::array data{boost::json::object{{"id", "acc_1"}}};
    auto const answer = list_response(std::move(data), std::nullopt);
    auto const body = boost::json::parse(answer.body).as_object();
    BOOST_TEST(answer.status == 200U);
    BOOST_TEST(body.at("next_cursor").is_null());
    BOOST_TEST(body.at("data").as_array().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_filter_is_there_or_not) {
    BOOST_TEST((filter(asking("status=active"), "status") == "active"));
    BOOST_TEST((filter(asking("status="), "status") == ""));
    BOOST_TEST(!filter(asking("status=active"), "platform").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::api
