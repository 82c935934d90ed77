// Instagram Login: the login page, the odd forms in which a code is answered, and tokens that renew
// themselves.
#include "tests/sandbox/extending_stage.hpp"
#include "tests/sandbox/stage.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

using std::chrono::hours;

constexpr auto no_code = "Matching code was not found or was already used";

BOOST_FIXTURE_TEST_SUITE(instagram_tokens_test, instagram_stage)

BOOST_AUTO_TEST_CASE(a_code_goes_back_with_a_fragment_and_a_no_in_its_own_words) {
    auto const url = location();
    BOOST_TEST(url.starts_with("https://app.example/cb?from=meta&code=AQB"));
    BOOST_TEST(url.ends_with("&state=state-1%20%26%20more#_"));
    BOOST_TEST(location({}, {{"decision", "deny"}}) ==
               "https://app.example/cb?from=meta&error=access_denied&error_reason=user_denied&"
               "error_description=The+user+denied+your+request&state=state-1%20%26%20more");
}

BOOST_AUTO_TEST_CASE(the_login_takes_its_own_scopes_only_and_never_without_the_basic_one) {
    BOOST_TEST(page({{"scope", "instagram_business_basic instagram_business_manage_comments"}}).status ==
               200U);
    for (auto const* const scope :
         {"instagram_basic", "instagram_business_basic,pages_show_list", "business_basic"})
        BOOST_TEST(page({{"scope", scope}}).body.find("Invalid Scopes") != std::string::npos, scope);
    BOOST_TEST(page({{"scope", "instagram_business_content_publish"}}).status == 400U);
    BOOST_TEST(page({{"response_type", ""}}).status == 400U);
    BOOST_TEST(page({{"client_id", "12345"}}).body.find("Invalid platform app") != std::string::npos);
    BOOST_TEST(page({{"redirect_uri", "https://app.example/cb"}}).body.find("Invalid redirect_uri") !=
               std::string::npos);
    BOOST_TEST(page({{"force_reauth", "true"}, {"enable_fb_login", "0"}}).status == 200U);
}

BOOST_AUTO_TEST_CASE(an_unpublished_app_lets_in_its_testers) {
    reregister({"unpublished"});
    BOOST_TEST(!code().empty());
    auto const refused = consent("/oauth/authorize", {{"scope", scopes}}, {{"person", "ben"}});
    BOOST_TEST(refused.text("/error").starts_with("Insufficient Developer Role"));
}

BOOST_AUTO_TEST_CASE(a_code_is_answered_in_a_wrapper) {
    auto const got = exchange(code());
    BOOST_TEST(got.status == 200U);
    auto const body = got.json();
    auto const& inner = body.at_pointer("/data/0").as_object();
    BOOST_TEST(inner.size() == 3U);
    BOOST_TEST(got.text("/data/0/access_token").starts_with("IGAA"));
    BOOST_TEST(got.text("/data/0/user_id").size() == 17U);
    BOOST_TEST(got.text("/data/0/permissions") == scopes);
}

BOOST_AUTO_TEST_CASE(a_code_is_answered_flat_with_a_number_and_a_list) {
    auto const documented = exchange(code()).text("/data/0/user_id");
    switch_on({"flat_token_reply", "number_user_id", "permission_list"});
    auto const got = exchange(code());
    BOOST_TEST(got.body.find("\"user_id\":" + documented + ",") != std::string::npos);
    BOOST_TEST(std::stoull(documented) > std::uint64_t{1} << 53);
    BOOST_TEST(got.text("/permissions/0") == "instagram_business_basic");
    BOOST_TEST(got.text("/access_token").starts_with("IGAA"));
}

BOOST_AUTO_TEST_CASE(unticked_permissions_are_missing_from_the_answer_but_never_the_basic_one) {
    auto const got = exchange(code({}, {{"scopes", boost::json::array{}}}));
    BOOST_TEST(got.text("/data/0/permissions") == "instagram_business_basic");
}

BOOST_AUTO_TEST_CASE(a_code_works_once_within_an_hour_for_its_redirect_uri) {
    auto const spent = code();
    BOOST_TEST(exchange(spent).status == 200U);
    auto const again = exchange(spent);
    BOOST_TEST(again.status == 400U);
    BOOST_TEST(again.body == R"({"error_type":"OAuthException","code":400,"error_message":")" +
                                 std::string{no_code} + R"("})");
    auto const live = code();
    BOOST_TEST(flat_error_of(exchange(live, {{"redirect_uri", "https://app.example/cb"}}))
                   .starts_with("Error validating verification code."));
    BOOST_TEST(flat_error_of(exchange(live + "#_")) == no_code);
    BOOST_TEST(exchange(live).status == 200U);
    auto const late = code();
    ahead(hours{1});
    BOOST_TEST(flat_error_of(exchange(late)) == "This authorization code has expired.");
}

BOOST_AUTO_TEST_CASE(the_code_comes_as_a_form_with_the_secret_in_it) {
    auto const live = code();
    BOOST_TEST(flat_error_of(exchange(live, {{"client_secret", "wrong"}})) ==
               "Error validating client secret.");
    BOOST_TEST(flat_error_of(exchange(live, {{"client_id", "12345"}})) == "Invalid platform app");
    BOOST_TEST(flat_error_of(exchange(live, {{"grant_type", ""}})) == "Invalid grant_type");
    BOOST_TEST(flat_error_of(at.get("/oauth/access_token?" + code_form(live))) ==
               "Unsupported request - method type: get");
    BOOST_TEST(at.send("POST", "/oauth/access_token?" + code_form(live)).status == 400U);
    BOOST_TEST(at.post_form("/oauth/access_token",
                            code_form(live, {{"client_id", ""}, {"client_secret", ""}}), {basic()})
                   .status == 400U);
    BOOST_TEST(at.post_json("/oauth/access_token", R"({"client_id":"sandbox-app"})").status == 400U);
    BOOST_TEST(exchange(live).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_short_token_becomes_a_long_one_within_its_hour) {
    auto const brief = short_token();
    auto const got = exchange_for_long(brief);
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(got.json().at("expires_in").to_number<int>() == 5'184'000);
    BOOST_TEST(got.text("/token_type") == "bearer");
    auto const lasting = got.text("/access_token");
    BOOST_TEST(error_of(exchange_for_long(brief, {{"client_secret", "wrong"}})) == "1");
    BOOST_TEST(error_of(exchange_for_long(brief, {{"client_secret", ""}})) == "1");
    BOOST_TEST(exchange_for_long(lasting).text("/error/message") == "Unsupported request - method type: get");
    ahead(hours{1});
    BOOST_TEST(error_of(exchange_for_long(brief)) == "190/463");
    BOOST_TEST(error_of(get("/me", brief)) == "190/463");
    BOOST_TEST(get("/me", lasting).status == 200U);
}

BOOST_AUTO_TEST_CASE(both_exchanges_are_gets) {
    auto const token = short_token();
    for (auto const* const path : {"/access_token", "/refresh_access_token"}) {
        auto const posted = at.post_form(
            path, "grant_type=ig_exchange_token&client_secret=sandbox-app-secret&access_token=" + token);
        BOOST_TEST(posted.status == 400U);
        BOOST_TEST(error_of(posted) == "100");
        BOOST_TEST(posted.text("/error/message") == "Unsupported request - method type: post");
        BOOST_TEST(posted.text("/error/type") == "IGApiException");
    }
    BOOST_TEST(error_of(exchange_for_long(token, {{"grant_type", "fb_exchange_token"}})) == "100");
    BOOST_TEST(error_of(exchange_for_long("EAAnone")) == "190");
    BOOST_TEST(error_of(at.get("/access_token?grant_type=ig_exchange_token")) == "104");
}

BOOST_AUTO_TEST_CASE(a_long_token_renews_itself_once_it_is_a_day_old) {
    auto const first = long_token();
    BOOST_TEST(error_of(refresh(first)) == "100");
    ahead(hours{23});
    BOOST_TEST(error_of(refresh(first)) == "100");
    ahead(hours{1});
    auto const renewed = refresh(first);
    BOOST_TEST(renewed.status == 200U);
    BOOST_TEST(renewed.json().at("expires_in").to_number<int>() == 5'184'000);
    BOOST_TEST(renewed.text("/permissions") == scopes);
    auto const second = renewed.text("/access_token");
    BOOST_TEST(second != first);
    BOOST_TEST(get("/me", first).status == 200U);
    BOOST_TEST(error_of(refresh(second)) == "100");
    ahead(hours{24 * 59 + 1});
    BOOST_TEST(get("/me", second).status == 200U);
    BOOST_TEST(error_of(refresh(first)) == "190/463");
    BOOST_TEST(refresh(second).status == 200U);
    ahead(hours{24 * 60});
    BOOST_TEST(error_of(refresh(second)) == "190/463");
}

BOOST_AUTO_TEST_CASE(a_short_token_cannot_renew_itself) {
    auto const brief = short_token();
    BOOST_TEST(refresh(brief).text("/error/message") == "Unsupported request - method type: get");
}

BOOST_AUTO_TEST_CASE(troubles_and_faults_are_worded_as_each_host_does) {
    auto const token = long_token();
    ahead(hours{24});
    tell("POST", "/instagram/troubles",
         boost::json::object{{"code", 190}, {"subcode", 460}, {"person", "ada"}, {"endpoint", "refresh"}});
    BOOST_TEST(error_of(refresh(token)) == "190/460");
    BOOST_TEST(get("/me", token).status == 200U);
    tell("POST", "/instagram/troubles",
         boost::json::object{{"code", 2}, {"endpoint", "token"}, {"times", 1}});
    BOOST_TEST(exchange(code()).status == 500U);
    tell("POST", "/faults",
         boost::json::object{{"platform", "instagram"}, {"endpoint", "token"}, {"kind", "status"}});
    BOOST_TEST(flat_error_of(exchange(code())) == "An error occurred");
    tell("POST", "/faults",
         boost::json::object{{"platform", "instagram"}, {"endpoint", "refresh"}, {"kind", "status"}});
    tell("DELETE", "/instagram/troubles", {});
    BOOST_TEST(error_of(refresh(token)) == "2");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
