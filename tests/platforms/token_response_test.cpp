// What token endpoints answer, good and bad, and what each answer means.
#include "platforms/token_response.hpp"
#include "tests/platforms/support.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

namespace {

using namespace connectd::platforms;
using namespace std::chrono_literals;
using connectd::tests::built_in;
using connectd::tests::made_up_platform;
using connectd::tests::parsed;
using connectd::tests::reply;

struct bad_answer {
    char const* what;
    call_kind call;
    unsigned status;
    char const* body;
    verdict means;
    errc code;
};

std::ostream& operator<<(std::ostream& out, bad_answer const& bad) {
    return out << bad.what;
}

constexpr auto html = "<!doctype html><html><body>Service unavailable</body></html>";
constexpr auto exchange = call_kind::exchange;
constexpr auto refresh = call_kind::refresh;

bad_answer const x_answers[] = {
    {"a spent code", exchange, 400,
     R"({"error":"invalid_request","error_description":"Value passed for the authorization code was invalid."})",
     verdict::refused, errc::grant_refused},
    {"a wrong verifier", exchange, 400,
     R"({"error":"invalid_request",
         "error_description":"Value passed for the code verifier did not match the code challenge."})",
     verdict::refused, errc::grant_refused},
    {"a spent refresh token", refresh, 400,
     R"({"error":"invalid_request","error_description":"Value passed for the token was invalid."})",
     verdict::refused, errc::grant_refused},
    {"invalid_grant", refresh, 400, R"({"error":"invalid_grant"})", verdict::refused, errc::grant_refused},
    {"no Basic header", refresh, 401,
     R"({"error":"unauthorized_client","error_description":"Missing valid authorization header"})",
     verdict::operator_fault, errc::client_refused},
    {"a wrong secret", exchange, 401, R"({"error":"invalid_client"})", verdict::operator_fault,
     errc::client_refused},
    {"no credits left", refresh, 402, R"({"title":"CreditsDepleted","detail":"no credits"})",
     verdict::operator_fault, errc::request_refused},
    {"a spending cap as 429", refresh, 429, R"({"title":"UsageCapped"})", verdict::operator_fault,
     errc::request_refused},
    {"too many requests", refresh, 429, R"({"title":"Too Many Requests","detail":"Too Many Requests"})",
     verdict::temporary, errc::rate_limited},
    {"too many requests as a page", refresh, 429, html, verdict::temporary, errc::rate_limited},
    {"a server error", refresh, 503, R"({"title":"Service Unavailable"})", verdict::temporary,
     errc::platform_unavailable},
    {"a server error that names a dead grant is believed", refresh, 400, R"({"error":"invalid_grant"})",
     verdict::refused, errc::grant_refused},
    {"an HTML page with 200", exchange, 200, html, verdict::temporary, errc::platform_unavailable},
    {"an HTML page with 403", refresh, 403, html, verdict::temporary, errc::platform_unavailable},
    {"an HTML page with 400", refresh, 400, html, verdict::temporary, errc::platform_unavailable},
    {"nothing with 200", exchange, 200, "", verdict::temporary, errc::malformed_answer},
    {"nothing with 204", refresh, 204, "", verdict::temporary, errc::malformed_answer},
    {"nothing with 401", refresh, 401, "", verdict::operator_fault, errc::client_refused},
    {"nothing with 500", refresh, 500, "", verdict::temporary, errc::platform_unavailable},
    {"JSON that breaks off", exchange, 200, R"({"access_token":"abc","expires)", verdict::unknown_outcome,
     errc::malformed_answer},
    {"JSON that breaks off with 502", exchange, 502, R"({"access_token":"abc","expires)", verdict::temporary,
     errc::platform_unavailable},
    {"JSON that is not UTF-8", refresh, 200, "{\"access_token\":\"\xff\xfe\"}", verdict::unknown_outcome,
     errc::malformed_answer},
    {"a list", exchange, 200, "[]", verdict::temporary, errc::malformed_answer},
    {"a number", exchange, 200, "7", verdict::temporary, errc::malformed_answer},
    {"null", exchange, 200, "null", verdict::temporary, errc::malformed_answer},
    {"an empty token", exchange, 200, R"({"access_token":"","token_type":"bearer"})", verdict::temporary,
     errc::malformed_answer},
    {"a null token", exchange, 200, R"({"access_token":null})", verdict::temporary, errc::malformed_answer},
    {"a token that is an object", exchange, 200, R"({"access_token":{"value":"x"}})", verdict::temporary,
     errc::malformed_answer},
    {"a token with status 400", exchange, 400, R"({"access_token":"abc"})", verdict::operator_fault,
     errc::request_refused},
    {"an error with 200", refresh, 200, R"({"error":"invalid_grant","error_description":"gone"})",
     verdict::refused, errc::grant_refused},
    {"a redirect", exchange, 302, html, verdict::operator_fault, errc::request_refused},
    {"a wrong URL", exchange, 404, R"({"title":"Not Found"})", verdict::operator_fault,
     errc::request_refused},
    {"an error nobody knows", refresh, 400, R"({"error":"moon_phase"})", verdict::operator_fault,
     errc::request_refused},
    {"access denied", exchange, 403, R"({"error":"access_denied"})", verdict::refused, errc::access_denied},
    {"a scope the app may not have", exchange, 400, R"({"error":"invalid_scope"})", verdict::operator_fault,
     errc::request_refused},
    {"asked to slow down", refresh, 400, R"({"error":"slow_down"})", verdict::temporary, errc::rate_limited},
    {"temporarily unavailable", refresh, 400, R"({"error":"temporarily_unavailable"})", verdict::temporary,
     errc::platform_unavailable},
    {"a timeout of theirs", refresh, 408, "", verdict::temporary, errc::platform_unavailable},
};

bad_answer const chirp_answers[] = {
    {"a dead grant by code and subcode", refresh, 400,
     R"({"error":{"number":190,"detail":458,"text":"removed"}})", verdict::refused, errc::grant_refused},
    {"the same code for another reason", refresh, 400, R"({"error":{"number":190,"detail":459}})",
     verdict::temporary, errc::platform_unavailable},
    {"the same at another call", exchange, 400, R"({"error":{"number":"190","detail":"458"}})",
     verdict::temporary, errc::platform_unavailable},
    {"by its message", exchange, 403, R"({"error":{"number":9,"text":"Daily QUOTA reached"}})",
     verdict::operator_fault, errc::request_refused},
    {"200 with an error", refresh, 200, R"({"error":"invalid_grant","log_id":"2026"})", verdict::refused,
     errc::grant_refused},
    {"200 with an error nobody knows", refresh, 200, R"({"error":"weather"})", verdict::temporary,
     errc::malformed_answer},
    {"200 that says ok without a token", refresh, 200, R"({"error":{"number":0}})", verdict::temporary,
     errc::malformed_answer},
};

} // namespace

BOOST_AUTO_TEST_SUITE(token_response_test)

BOOST_AUTO_TEST_CASE(the_answer_of_x_is_read) {
    auto const found = parse_token_response(built_in("x"), exchange, reply(200, R"({"token_type":"bearer",
        "expires_in":7200,"access_token":"eFVzZXI","scope":"tweet.write users.read tweet.read offline.access",
        "refresh_token":"eFJlZnJl"})"));
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->access_token.reveal() == "eFVzZXI");
    BOOST_TEST(found->refresh_token.value().reveal() == "eFJlZnJl");
    BOOST_TEST(found->token_type == "bearer");
    BOOST_TEST((found->expires_in == 7200s));
    BOOST_TEST(!found->refresh_expires_in.has_value());
    BOOST_TEST(found->scopes ==
                   (std::vector<std::string>{"tweet.write", "users.read", "tweet.read", "offline.access"}),
               boost::test_tools::per_element());
    BOOST_TEST(found->api_base == "");
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_refresh_token_leaves_it_unset) {
    for (auto const body : {R"({"access_token":"a"})", R"({"access_token":"a","refresh_token":""})",
                            R"({"access_token":"a","refresh_token":null})"}) {
        auto const found = parse_token_response(built_in("x"), refresh, reply(200, body));
        BOOST_TEST_REQUIRE(found.has_value());
        BOOST_TEST(!found->refresh_token.has_value());
        BOOST_TEST(!found->expires_in.has_value());
        BOOST_TEST(found->scopes.empty());
    }
}

BOOST_AUTO_TEST_CASE(lifetimes_come_as_numbers_and_as_strings) {
    std::pair<char const*, std::int64_t> const lifetimes[] = {
        {"7200", 7200},
        {"\"7200\"", 7200},
        {"7200.0", 7200},
        {"7.2e3", 7200},
        {"1", 1},
        {"0", -1},
        {"-1", -1},
        {"null", -1},
        {"\"never\"", -1},
        {"\"\"", -1},
        {"true", -1},
        {"{}", -1},
        {"\" 7\"", -1},
        {"9e99", 10 * 366 * 86400},
        {"\"nan\"", -1},
        {"\"inf\"", 10 * 366 * 86400},
        {"1e999", -1},
        {"\"7200s\"", -1},
        {"99999999999999999999", 10 * 366 * 86400},
    };
    for (auto const& [text, expected] : lifetimes) {
        auto const body = std::string(R"({"access_token":"a","expires_in":)") + text + "}";
        auto const found = parse_token_response(built_in("x"), exchange, reply(200, body));
        if (!found) {
            BOOST_TEST(std::string_view(text) == "1e999"); // not a number JSON readers accept
            continue;
        }
        BOOST_TEST((found->expires_in ? found->expires_in->count() : -1) == expected, text);
    }
}

BOOST_AUTO_TEST_CASE(scopes_come_in_every_form) {
    std::vector<std::string> const expected = {"a:b", "c"};
    for (auto const scope :
         {R"("a:b c")", R"("a:b,c")", R"("a:b, c")", R"(["a:b","c"])", R"(["a:b","c","a:b"])",
          R"(" a:b   c ")", R"(["a:b",7,null,"c"])", R"("a:b%2Cc")", R"("a:b%20c")", R"("a:b%2c%20c")"}) {
        auto const body = std::string(R"({"access_token":"a","scope":)") + scope + "}";
        auto const found = parse_token_response(built_in("x"), exchange, reply(200, body));
        BOOST_TEST_REQUIRE(found.has_value());
        auto scopes = found->scopes;
        std::erase(scopes, "7");
        BOOST_TEST(scopes == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(only_separators_are_decoded_in_scopes) {
    auto const found = parse_token_response(
        built_in("x"), exchange,
        reply(200, R"({"access_token":"a","scope":"https%3A%2F%2Fa.example%2Fb 100% %2 %zz%"})"));
    std::vector<std::string> const expected = {"https%3A%2F%2Fa.example%2Fb", "100%", "%2", "%zz%"};
    BOOST_TEST(found.value().scopes == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(fields_of_another_shape_are_found_by_pointer) {
    auto const found =
        parse_token_response(parsed(made_up_platform), exchange, reply(201, R"({"error":"ok","data":{
        "key":"k1","renewal":"r1","kind":"Bearer","lives":"86400","renewal_lives":5184000,"permissions":"me,post",
        "open_id":17841400000000000001234,"other":[1,2,{"deep":true}]}})"));
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->access_token.reveal() == "k1");
    BOOST_TEST(found->refresh_token.value().reveal() == "r1");
    BOOST_TEST((found->expires_in == 86400s));
    BOOST_TEST((found->refresh_expires_in == 5184000s));
    BOOST_TEST(found->scopes.size() == 2u);
    BOOST_TEST_REQUIRE(found->extras.size() == 1u);
    BOOST_TEST(found->extras[0].first == "open_id");
    BOOST_TEST(found->extras[0].second.reveal() == "17841400000000000001234");
}

BOOST_DATA_TEST_CASE(x_refuses_in_many_ways, x_answers, bad) {
    auto const found = parse_token_response(built_in("x"), bad.call, reply(bad.status, bad.body));
    BOOST_TEST_REQUIRE(!found.has_value());
    BOOST_TEST(found.error().what == bad.means);
    BOOST_TEST(found.error().code == bad.code);
    BOOST_TEST(found.error().http_status == bad.status);
}

BOOST_DATA_TEST_CASE(an_invented_platform_refuses_in_its_own_way, chirp_answers, bad) {
    auto const found = parse_token_response(parsed(made_up_platform), bad.call, reply(bad.status, bad.body));
    BOOST_TEST_REQUIRE(!found.has_value());
    BOOST_TEST(found.error().what == bad.means);
    BOOST_TEST(found.error().code == bad.code);
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_not_followed) {
    auto const body = R"({"access_token":"a","x":)" + std::string(5000, '[') + std::string(5000, ']') + "}";
    auto const found = parse_token_response(built_in("x"), exchange, reply(200, body));
    BOOST_TEST_REQUIRE(!found.has_value());
    BOOST_TEST(found.error().what == verdict::unknown_outcome);
}

BOOST_AUTO_TEST_CASE(what_the_platform_says_is_kept_apart_bounded_and_clean) {
    auto const body = R"({"error":"invalid_)" + std::string(200, 'g') +
                      R"(","error_description":"line one\nline \u001b[31mtwo )" + std::string(5000, 'x') +
                      "\"}";
    auto const found =
        parse_token_response(built_in("x"), refresh, reply(400, body, {{"retry-after", "30"}}));
    BOOST_TEST_REQUIRE(!found.has_value());
    BOOST_TEST(found.error().platform_error.size() == 64u);
    BOOST_TEST(found.error().platform_message.size() == 300u);
    BOOST_TEST(found.error().platform_message.starts_with("line one line  [31mtwo xxx"));
    BOOST_TEST((found.error().retry_after == 30s));
}

BOOST_AUTO_TEST_CASE(a_failure_thrown_as_an_exception_carries_its_code) {
    auto const found = parse_token_response(built_in("x"), refresh, reply(503, ""));
    BOOST_CHECK_EXCEPTION(static_cast<void>(found.value()), boost::system::system_error,
                          [](auto const& error) { return error.code() == errc::platform_unavailable; });
}

BOOST_AUTO_TEST_SUITE_END()
