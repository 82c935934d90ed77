#include "server/http/middleware.hpp"
#include "server/http/response.hpp"
#include "server/http/serializer.hpp"

#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

namespace connectd::tests {

namespace {

namespace http = server::http;
using namespace std::chrono_literals;

std::string header(http::response const& answer, std::string_view name) {
    return std::string{answer.headers.find(name).value_or("-")};
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_test)

BOOST_AUTO_TEST_CASE(helpers_set_what_their_name_says) {
    auto const json = http::response::json(201, {{"a", 1}});
    BOOST_TEST(json.status == 201U);
    BOOST_TEST(json.body == "{\"a\":1}");
    BOOST_TEST(header(json, "content-type") == "application/json");
    BOOST_TEST(header(http::response::html(200, "<p>"), "content-type") == "text/html; charset=utf-8");
    BOOST_TEST(http::response::redirect("https://x/?a=b").status == 302U);
    BOOST_TEST(header(http::response::redirect("https://x/?a=b", 303), "location") == "https://x/?a=b");
    BOOST_CHECK_THROW(http::response::redirect("https://x/\r\nA: b"), std::invalid_argument);
    BOOST_TEST(http::response::no_content().status == 204U);
}

BOOST_AUTO_TEST_CASE(cookies_are_careful_by_default) {
    http::response answer;
    answer.set_cookie({.name = "__Host-a", .value = "x"});
    answer.set_cookie({.name = "b",
                       .value = "",
                       .path = "/connect",
                       .max_age = 0s,
                       .secure = false,
                       .http_only = false,
                       .same_site = "Strict"});
    auto const all = answer.headers.all("Set-Cookie");
    BOOST_REQUIRE(all.size() == 2U);
    BOOST_TEST(all[0] == "__Host-a=x; Path=/; SameSite=Lax; HttpOnly; Secure");
    BOOST_TEST(all[1] == "b=; Path=/connect; Max-Age=0; SameSite=Strict");
    for (auto const* const bad : {"a b", "a;b", "a,b", "\"", "a\r\nb", "\xc3\xa4"}) {
        BOOST_CHECK_THROW(answer.set_cookie({.name = "x", .value = bad}), std::invalid_argument);
        BOOST_CHECK_THROW(answer.set_cookie({.name = bad, .value = "x"}), std::invalid_argument);
    }
    BOOST_CHECK_THROW(answer.set_cookie({.name = "", .value = "x"}), std::invalid_argument);
    BOOST_CHECK_THROW(answer.set_cookie({.name = "x", .value = "y", .path = "/;HttpOnly"}),
                      std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(default_headers_yield_to_the_handler) {
    auto json = http::response::json_text(200, "{}", "application/problem+json");
    http::add_default_headers(json, 0s);
    BOOST_TEST(header(json, "x-content-type-options") == "nosniff");
    BOOST_TEST(header(json, "cache-control") == "no-store");
    BOOST_TEST(header(json, "x-frame-options") == "-");
    BOOST_TEST(header(json, "strict-transport-security") == "-");
    auto page = http::response::html(200, "").set("Referrer-Policy", "same-origin");
    http::add_default_headers(page, 600s);
    BOOST_TEST(header(page, "x-frame-options") == "DENY");
    BOOST_TEST(header(page, "referrer-policy") == "same-origin");
    BOOST_TEST(header(page, "strict-transport-security") == "max-age=600");
    auto text = http::response::text(200, "").set("Cache-Control", "max-age=60");
    http::add_default_headers(text, 0s);
    BOOST_TEST(header(text, "cache-control") == "max-age=60");
}

BOOST_AUTO_TEST_CASE(framing_belongs_to_the_connection) {
    auto answer = http::response::text(200, "hello");
    for (auto const* const name :
         {"Content-Length", "transfer-encoding", "Connection", "DATE", "X-Request-Id"}) {
        answer.headers.set(name, "mine");
    }
    BOOST_TEST(
        http::serialize(answer, {.date = "today", .request_id = "r"}) ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nDate: today\r\nX-Request-Id: r\r\n"
        "Content-Length: 5\r\n\r\nhello");
    BOOST_TEST(
        http::serialize(answer, {.date = "today", .head = true, .close = true}) ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nDate: today\r\nConnection: close\r\n"
        "Content-Length: 5\r\n\r\n");
    http::response empty{.status = 204};
    empty.body = "must not be sent";
    BOOST_TEST(http::serialize(empty, {.date = "today", .keep_alive = true}) ==
               "HTTP/1.1 204 No Content\r\nDate: today\r\nConnection: keep-alive\r\n\r\n");
    BOOST_TEST(http::serialize({.status = 299}, {.date = "today"}).starts_with("HTTP/1.1 299 Status\r\n"));
}

BOOST_AUTO_TEST_CASE(formats_dates) {
    using namespace std::chrono;
    http::date_cache dates;
    // The example of RFC 9110 section 5.6.7.
    BOOST_TEST(dates.at(sys_days{1994y / November / 6} + 8h + 49min + 37s + 999ms) ==
               "Sun, 06 Nov 1994 08:49:37 GMT");
    BOOST_TEST(dates.at(sys_days{1994y / November / 6} + 8h + 49min + 37s) ==
               "Sun, 06 Nov 1994 08:49:37 GMT");
    BOOST_TEST(dates.at(sys_days{2028y / February / 29} + 23h + 59min + 59s) ==
               "Tue, 29 Feb 2028 23:59:59 GMT");
}

BOOST_AUTO_TEST_CASE(phrases_are_those_of_the_registry) {
    BOOST_TEST(http::reason_phrase(200) == "OK");
    BOOST_TEST(http::reason_phrase(422) == "Unprocessable Content");
    BOOST_TEST(http::reason_phrase(507) == "Insufficient Storage");
    BOOST_TEST(http::reason_phrase(299) == "Status");
    BOOST_TEST(http::reason_phrase(999) == "Status");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
