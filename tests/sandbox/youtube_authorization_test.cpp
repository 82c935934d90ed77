// Google's consent: which requests end on a page, what comes back, and when a refresh token comes.
#include "tests/sandbox/youtube_visit.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

BOOST_FIXTURE_TEST_SUITE(youtube_authorization_test, youtube_visit)

BOOST_AUTO_TEST_CASE(consent_goes_back_with_code_scope_and_issuer) {
    auto const location = decide(authorize_target());
    BOOST_TEST(location.starts_with(std::string{stage::redirect_uri} + "&"));
    BOOST_TEST(parameter_of(location, "code").starts_with("4/0A"));
    BOOST_TEST(location.find("code=4%2F0A") != std::string::npos);
    BOOST_TEST(parameter_of(location, "scope") == scope("youtube.upload") + " " + scope("youtube.readonly"));
    BOOST_TEST(parameter_of(location, "iss") == "https://accounts.google.com");
    BOOST_TEST(parameter_of(location, "state") == "s 1");
    BOOST_TEST(!parameter_of(location, "authuser").empty());
    auto const denied = decide(authorize_target(), "ada", "deny");
    BOOST_TEST(parameter_of(denied, "error") == "access_denied");
    BOOST_TEST(parameter_of(denied, "state") == "s 1");
    BOOST_TEST(!parameter_of(decide(authorize_target({{"state", ""}})), "code").empty());
}

BOOST_AUTO_TEST_CASE(a_wrong_request_ends_on_a_page_that_names_the_error_and_never_returns) {
    std::vector<std::pair<parameters, std::string>> const wrong{
        {{{"client_id", "nobody"}}, "invalid_client"},
        {{{"client_id", ""}}, "invalid_request"},
        {{{"redirect_uri", "https://app.example/callback"}}, "redirect_uri_mismatch"},
        {{{"redirect_uri", std::string{stage::redirect_uri} + "/"}}, "redirect_uri_mismatch"},
        {{{"response_type", "token"}}, "unsupported_response_type"},
        {{{"scope", ""}}, "invalid_request"},
        {{{"scope", scope("youtube.everything")}}, "invalid_scope"},
        {{{"scope", scope("youtube.upload") + "," + scope("youtube.readonly")}}, "invalid_scope"},
        {{{"access_type", "always"}}, "invalid_request"},
        {{{"prompt", "please"}}, "invalid_request"},
        {{{"code_challenge", "short"}, {"code_challenge_method", "S256"}}, "invalid_request"},
        {{{"code_challenge", "word"}, {"code_challenge_method", "S512"}}, "invalid_request"},
    };
    for (auto const& [replaced, word] : wrong) {
        auto const page = site.get(authorize_target(replaced));
        BOOST_TEST(page.status == 400);
        BOOST_TEST(page.header("location").empty());
        BOOST_TEST(page.body.find(word) != std::string::npos, word);
        BOOST_TEST(decide(authorize_target(replaced)).starts_with(word));
    }
    BOOST_TEST(!had_event("code_issued"));
}

BOOST_AUTO_TEST_CASE(apps_and_people_that_are_not_let_in_end_on_a_page) {
    for (std::string const flag : {"deleted", "internal", "admin_blocked"}) {
        flag_app(flag);
        auto const said = decide(authorize_target());
        BOOST_TEST(said.starts_with(flag == "deleted"    ? "deleted_client"
                                    : flag == "internal" ? "org_internal"
                                                         : "admin_policy_enforced"),
                   said);
    }
    flag_app("testing");
    set_trait("ada", "youtube_no_tester");
    BOOST_TEST(decide(authorize_target()).starts_with("access_denied"));
    BOOST_TEST(decide(authorize_target(), "ben").starts_with("https://"));
    set_trait("ada", "youtube_admin_blocked");
    BOOST_TEST(decide(authorize_target()).starts_with("admin_policy_enforced"));
}

BOOST_AUTO_TEST_CASE(embedded_views_are_refused) {
    auto const page = site.get(
        authorize_target(),
        {{"User-Agent", "Mozilla/5.0 (Linux; Android 16; Pixel 9 Build/X; wv) Chrome/140.0 Mobile"}});
    BOOST_TEST(page.status == 403);
    BOOST_TEST(page.body.find("disallowed_useragent") != std::string::npos);
    BOOST_TEST(site.get(authorize_target()).status == 200);
}

BOOST_AUTO_TEST_CASE(a_refresh_token_needs_offline_access_and_the_consent_screen) {
    auto const has_refresh = [&](parameters const& replaced) {
        return connect(replaced).json().as_object().contains("refresh_token");
    };
    BOOST_TEST(!has_refresh({{"access_type", ""}}));
    BOOST_TEST(!has_refresh({{"access_type", "online"}}));
    BOOST_TEST(has_refresh({}));
    BOOST_TEST(!has_refresh({{"prompt", ""}}));
    BOOST_TEST(!has_refresh({{"prompt", "select_account"}}));
    BOOST_TEST(has_refresh({{"prompt", "consent select_account"}}));
    BOOST_TEST(has_refresh({{"prompt", ""}, {"scope", scope("youtube.force-ssl")}}));
    BOOST_TEST(control.post_json("/people/ada/revoke", R"({"platform":"youtube"})").status == 200);
    BOOST_TEST(has_refresh({{"prompt", ""}}));
}

BOOST_AUTO_TEST_CASE(single_scopes_can_be_left_out) {
    auto const given = control.post_json(
        "/youtube/consent", R"({"authorize_url":")" + pretend.url("youtube") + authorize_target() +
                                R"(","scopes":["https://www.googleapis.com/auth/youtube.upload"]})");
    auto const got = exchange(parameter_of(given.text("/location"), "code"));
    BOOST_TEST(got.text("/scope") == scope("youtube.upload"));
    BOOST_TEST(site.get(authorize_target()).body.find("checkbox") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(earlier_scopes_are_merged_when_asked_for_and_short_names_become_long_ones) {
    connect({{"scope", "openid email"}});
    auto const merged = connect({{"scope", scope("youtube.readonly")}, {"include_granted_scopes", "true"}});
    BOOST_TEST(merged.text("/scope") ==
               scope("youtube.readonly") + " " + scope("userinfo.email") + " openid");
    auto const alone = connect({{"scope", scope("youtube.readonly")}});
    BOOST_TEST(alone.text("/scope") == scope("youtube.readonly"));
}

BOOST_AUTO_TEST_CASE(redirect_uris_are_https_or_this_machine) {
    auto const put = [&](std::string const& uri) {
        return control
            .post_json("/youtube/apps",
                       R"({"client_id":"a","client_secret":"s","redirect_uris":[")" + uri + R"("]})")
            .status;
    };
    for (std::string const uri : {"https://app.example/cb?x=1", "http://localhost:8080/cb",
                                  "http://127.0.0.1:8080/cb", "http://[::1]:8080/cb"})
        BOOST_TEST(put(uri) == 201U, uri);
    for (std::string const uri :
         {"http://app.example/cb", "https://192.0.2.7/cb", "https://*.example/cb", "https://app/cb",
          "https://me@app.example/cb", "https://[2001:db8::1]/cb", "https://app.example/#x"})
        BOOST_TEST(put(uri) == 400U, uri);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
