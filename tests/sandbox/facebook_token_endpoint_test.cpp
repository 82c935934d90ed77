// Facebook's token endpoint: codes, short tokens and long ones, and the exact words of a no.
#include "tests/sandbox/graph_stage.hpp"
#include "tests/sandbox/stage.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr auto token_path = "/v26.0/oauth/access_token";

void expect_error(answer const& got, std::string_view code, std::string_view message,
                  std::string_view challenge) {
    BOOST_TEST(got.status == 400U);
    BOOST_TEST(error_of(got) == code);
    BOOST_TEST(got.text("/error/message") == message);
    BOOST_TEST(got.text("/error/type") == "OAuthException");
    BOOST_TEST(got.text("/error/fbtrace_id").size() == 12U);
    BOOST_TEST(got.header("www-authenticate") == "OAuth \"Facebook Platform\" \"" + std::string{challenge} +
                                                     "\" \"" + std::string{message} + "\"");
}

std::int64_t expires_in(answer const& got) {
    auto const body = got.json();
    return body.at("expires_in").to_number<std::int64_t>();
}

BOOST_FIXTURE_TEST_SUITE(facebook_token_endpoint_test, facebook_stage)

BOOST_AUTO_TEST_CASE(a_code_gives_a_short_token_by_post_and_by_get) {
    auto const posted = exchange(code());
    BOOST_TEST(posted.status == 200U);
    BOOST_TEST(posted.json().as_object().size() == 3U);
    BOOST_TEST(posted.text("/access_token").starts_with("EAA"));
    BOOST_TEST(posted.text("/token_type") == "bearer");
    BOOST_TEST(expires_in(posted) >= 3600);
    BOOST_TEST(expires_in(posted) <= 7200);
    auto const got = at.get(std::string{token_path} + "?" +
                            query_of({{"client_id", "sandbox-app"},
                                      {"client_secret", "sandbox-app-secret"},
                                      {"redirect_uri", std::string{redirect_uri}},
                                      {"code", code()}}));
    BOOST_TEST(got.text("/access_token").starts_with("EAA"));
    BOOST_TEST(got.header("facebook-api-version") == "v26.0");
}

BOOST_AUTO_TEST_CASE(the_parameters_may_come_as_multipart_and_json_too) {
    std::string body;
    for (auto const& [name, value] : parameter_map{{"client_id", "sandbox-app"},
                                                   {"client_secret", "sandbox-app-secret"},
                                                   {"redirect_uri", std::string{redirect_uri}},
                                                   {"code", code()}})
        body += "--b0\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    auto const multipart = at.send("POST", token_path, {{"Content-Type", "multipart/form-data; boundary=b0"}},
                                   body + "--b0--\r\n");
    BOOST_TEST(multipart.status == 200U);
    auto const json = at.post_json(token_path, R"({"client_id":"sandbox-app","client_secret":"wrong"})");
    BOOST_TEST(error_of(json) == "1");
}

BOOST_AUTO_TEST_CASE(expires_in_may_be_missing) {
    switch_on({"no_expires_in"});
    auto const got = exchange(code());
    BOOST_TEST(got.json().as_object().size() == 2U);
    BOOST_TEST(exchange_for_long(got.text("/access_token")).json().as_object().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_code_works_once) {
    auto const spent = code();
    auto const first = exchange(spent);
    expect_error(exchange(spent), "100/36009", "This authorization code has been used.", "invalid_code");
    BOOST_TEST(get("/me", first.text("/access_token")).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_code_expires_and_belongs_to_its_redirect_uri) {
    auto const live = code();
    expect_error(exchange(live, {{"redirect_uri", "https://app.example/cb"}}), "100/36008",
                 "Error validating verification code. Please make sure your redirect_uri is identical to the "
                 "one you used in the OAuth dialog request",
                 "invalid_code");
    BOOST_TEST(exchange(live).status == 200U);
    auto const late = code();
    ahead(seconds{600});
    expect_error(exchange(late), "100/36007", "This authorization code has expired.", "invalid_code");
    expect_error(exchange("AQnone"), "100", "Invalid verification code format.", "invalid_code");
    expect_error(exchange(code() + "#_=_"), "100", "Invalid verification code format.", "invalid_code");
}

BOOST_AUTO_TEST_CASE(the_client_must_prove_itself_by_parameters) {
    auto const live = code();
    expect_error(exchange(live, {{"client_secret", "wrong"}}), "1", "Error validating client secret.",
                 "invalid_client");
    expect_error(exchange(live, {{"client_secret", ""}}), "1", "Missing client_secret parameter.",
                 "invalid_request");
    expect_error(exchange(live, {{"client_id", "12345"}}), "101",
                 "Error validating application. Cannot get application info due to a system error.",
                 "invalid_request");
    expect_error(exchange(live, {{"client_id", ""}}), "101", "Missing client_id parameter.",
                 "invalid_request");
    auto const by_header = at.post_form(
        token_path, query_of({{"redirect_uri", std::string{redirect_uri}}, {"code", live}}), {basic()});
    BOOST_TEST(error_of(by_header) == "101");
    expect_error(exchange(live, {{"redirect_uri", ""}}), "191", "Missing redirect_uri parameter.",
                 "invalid_request");
    expect_error(exchange("", {}), "1", "Missing authorization code", "invalid_request");
    BOOST_TEST(error_of(exchange(live, {{"grant_type", "refresh_token"}})) == "100");
    BOOST_TEST(exchange(live, {{"grant_type", "authorization_code"}}).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_code_of_another_app_is_none) {
    tell("POST", "/facebook/apps",
         boost::json::object{{"client_id", "777"},
                             {"client_secret", "other-secret"},
                             {"redirect_uris", {std::string{redirect_uri}}}});
    auto const live = code();
    BOOST_TEST(error_of(exchange(live, {{"client_id", "777"}, {"client_secret", "other-secret"}})) == "100");
    BOOST_TEST(exchange(live).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_short_token_becomes_a_long_one_with_another_text) {
    auto const brief = short_token();
    auto const got = exchange_for_long(brief);
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(got.text("/access_token").starts_with("EAA"));
    BOOST_TEST(got.text("/access_token") != brief);
    BOOST_TEST(expires_in(got) == 5'184'000);
    ahead(hours{2});
    BOOST_TEST(error_of(get("/me", brief)) == "190/463");
    BOOST_TEST(get("/me", got.text("/access_token")).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_long_token_is_exchanged_again_with_a_new_end_each_time) {
    auto token = long_token();
    for (int i = 0; i < 3; ++i) {
        ahead(hours{24 * 50});
        auto const next = exchange_for_long(token);
        BOOST_TEST(expires_in(next) == 5'184'000);
        BOOST_TEST(next.text("/access_token") != token);
        BOOST_TEST(get("/me", token).status == 200U);
        token = next.text("/access_token");
    }
}

BOOST_AUTO_TEST_CASE(an_expired_token_can_never_be_exchanged) {
    auto const brief = short_token();
    auto const lasting = exchange_for_long(brief).text("/access_token");
    ahead(hours{2});
    BOOST_TEST(error_of(exchange_for_long(brief)) == "190/463");
    ahead(hours{24 * 60});
    BOOST_TEST(error_of(exchange_for_long(lasting)) == "190/463");
}

BOOST_AUTO_TEST_CASE(the_exchange_refuses_what_is_no_token_of_a_person_of_this_app) {
    BOOST_TEST(error_of(exchange_for_long("EAAnone")) == "190");
    BOOST_TEST(error_of(exchange_for_long("")) == "100");
    BOOST_TEST(error_of(exchange_for_long(page_token())) == "100");
    auto const token = short_token();
    tell("POST", "/facebook/apps",
         boost::json::object{{"client_id", "777"},
                             {"client_secret", "other-secret"},
                             {"redirect_uris", {std::string{redirect_uri}}}});
    BOOST_TEST(error_of(exchange_for_long(
                   token, {{"client_id", "777"}, {"client_secret", "other-secret"}})) == "100");
    BOOST_TEST(error_of(exchange_for_long(token, {{"client_secret", "wrong"}})) == "1");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
