// X's authorization page: what it refuses it refuses with a page, and what a person decides reaches the
// client.
#include "tests/sandbox/stage.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

using replaced = std::map<std::string, std::string>;

BOOST_AUTO_TEST_SUITE(authorization_test)

BOOST_AUTO_TEST_CASE(a_right_request_gets_a_page_with_the_app_its_wishes_and_the_people) {
    stage on;
    auto const page = on.x.get(stage::authorize_target());
    BOOST_TEST(page.status == 200);
    BOOST_TEST(page.header("content-type") == "text/html; charset=utf-8");
    for (auto const* const part :
         {"Sandbox App wants to access", "Ada Marlow", "@ada_marlow", "Ben Okafor",
          "Post and repost for you.", "Stay connected until you take the access back."})
        BOOST_TEST(page.body.find(part) != std::string::npos, part);
}

BOOST_AUTO_TEST_CASE(nothing_from_the_outside_becomes_markup) {
    stage on;
    auto const page = on.x.get(stage::authorize_target({{"state", "\"><script>alert(1)</script>"}}));
    BOOST_TEST(page.status == 200);
    BOOST_TEST(page.body.find("<script>") == std::string::npos);
    BOOST_TEST(page.body.find("&quot;&gt;&lt;script&gt;") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_wrong_request_ends_on_an_error_page_and_never_goes_back) {
    stage on;
    std::vector<replaced> const wrong{
        {{"response_type", "token"}},
        {{"client_id", "nobody"}},
        {{"client_id", ""}},
        {{"redirect_uri", "https://app.example/callback"}},
        {{"redirect_uri", "https://app.example/callback?from=x&more"}},
        {{"redirect_uri", "HTTPS://app.example/callback?from=x"}},
        {{"redirect_uri", ""}},
        {{"scope", "tweet.read tweet.everything"}},
        {{"scope", "tweet.read,users.read"}},
        {{"scope", ""}},
        {{"state", ""}},
        {{"state", std::string(501, 's')}},
        {{"code_challenge", ""}},
        {{"code_challenge", "tooshort"}},
        {{"code_challenge", std::string{stage::challenge} + "="}},
        {{"code_challenge_method", ""}},
        {{"code_challenge_method", "s256"}},
    };
    for (auto const& each : wrong) {
        BOOST_TEST_CONTEXT(each.begin()->first << " = " << each.begin()->second) {
            auto const page = on.x.get(stage::authorize_target(each));
            BOOST_TEST(page.status == 400);
            BOOST_TEST(page.header("location").empty());
            BOOST_TEST(page.body.find("Something went wrong") != std::string::npos);
            auto form = stage::parameters(each);
            form["decision"] = "approve";
            form["person"] = "ada";
            auto const posted = on.x.post_form("/i/oauth2/authorize", query_of(form));
            BOOST_TEST(posted.status == 400);
            BOOST_TEST(posted.header("location").empty());
        }
    }
    BOOST_TEST(on.events("code_issued") == 0);
}

BOOST_AUTO_TEST_CASE(a_parameter_that_comes_twice_is_refused) {
    stage on;
    BOOST_TEST(on.x.get(stage::authorize_target() + "&scope=tweet.read").status == 400);
    BOOST_TEST(on.x.get(stage::authorize_target() + "&state=%zz").status == 400);
}

BOOST_AUTO_TEST_CASE(approval_goes_back_with_state_and_code) {
    stage on;
    auto form = stage::parameters();
    form["decision"] = "approve";
    form["person"] = "ben";
    auto const sent = on.x.post_form("/i/oauth2/authorize", query_of(form));
    BOOST_TEST(sent.status == 302);
    auto const location = sent.header("location");
    BOOST_TEST(location.starts_with(std::string{stage::redirect_uri} + "&"));
    BOOST_TEST(parameter_of(location, "state") == "state-1 & more");
    BOOST_TEST(parameter_of(location, "code").size() > 40);
    BOOST_TEST(on.exchange(parameter_of(location, "code")).status == 200);
}

BOOST_AUTO_TEST_CASE(denial_goes_back_with_access_denied_and_no_code) {
    stage on;
    auto form = stage::parameters();
    form["decision"] = "deny";
    auto const sent = on.x.post_form("/i/oauth2/authorize", query_of(form));
    BOOST_TEST(sent.status == 302);
    BOOST_TEST(parameter_of(sent.header("location"), "error") == "access_denied");
    BOOST_TEST(parameter_of(sent.header("location"), "state") == "state-1 & more");
    BOOST_TEST(parameter_of(sent.header("location"), "code").empty());
    BOOST_TEST(on.events("code_issued") == 0);
}

BOOST_AUTO_TEST_CASE(a_decision_needs_a_form_a_known_person_and_a_known_word) {
    stage on;
    auto form = stage::parameters({{"person", "ada"}, {"decision", "approve"}});
    BOOST_TEST(on.x.post_json("/i/oauth2/authorize", query_of(form)).status == 415);
    form["person"] = "stranger";
    BOOST_TEST(on.x.post_form("/i/oauth2/authorize", query_of(form)).status == 400);
    form["person"] = "ada";
    form["decision"] = "perhaps";
    BOOST_TEST(on.x.post_form("/i/oauth2/authorize", query_of(form)).status == 400);
    BOOST_TEST(on.x.send("PUT", stage::authorize_target()).status == 405);
}

BOOST_AUTO_TEST_CASE(consent_through_the_control_api_needs_no_browser) {
    stage on;
    auto const url = on.pretend.x_url() + stage::authorize_target();
    auto const given =
        on.control.post_json("/x/consent", R"({"authorize_url":")" + url + R"(","person":"cleo"})");
    BOOST_TEST(given.status == 200);
    BOOST_TEST(on.exchange(parameter_of(given.text("/location"), "code")).status == 200);
    auto const denied =
        on.control.post_json("/x/consent", R"({"authorize_url":")" + url + R"(","decision":"deny"})");
    BOOST_TEST(parameter_of(denied.text("/location"), "error") == "access_denied");
    auto const wrong =
        on.control.post_json("/x/consent", R"({"authorize_url":"http://x/?client_id=nobody"})");
    BOOST_TEST(wrong.status == 400);
    BOOST_TEST(wrong.text("/error") == "response_type must be code");
}

BOOST_AUTO_TEST_CASE(with_automatic_approval_the_page_is_skipped_and_everybody_is_new) {
    auto options = stage::defaults();
    options.auto_approve = "fresh";
    stage on{options};
    std::vector<std::string> ids;
    for (int i = 0; i < 2; ++i) {
        auto const sent = on.x.get(stage::authorize_target());
        BOOST_TEST(sent.status == 302);
        auto const tokens = on.exchange(parameter_of(sent.header("location"), "code"));
        auto const me = on.x.get("/2/users/me", {bearer(tokens.text("/access_token"))});
        ids.push_back(me.text("/data/id"));
    }
    BOOST_TEST(ids[0].size() == 19);
    BOOST_TEST(ids[0] != ids[1]);
    BOOST_TEST(on.x.get(stage::authorize_target({{"client_id", "nobody"}})).status == 400);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
