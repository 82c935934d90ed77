// LinkedIn's API: who a member is to an app, versions that end, posts that answer with a header, and the
// quirk of tokens that are refused while they are fresh.
#include "tests/sandbox/linkedin_visit.hpp"
#include "tools/sandbox/linkedin/little_text.hpp"
#include "tools/sandbox/linkedin/versions.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

using std::chrono::hours;

struct api_visit : linkedin_visit {
    answer userinfo(std::string_view token) { return site.get("/v2/userinfo", {bearer(token)}); }
    std::string author(std::string_view token) { return "urn:li:person:" + userinfo(token).text("/sub"); }

    static std::string post_body(std::string_view author, std::string_view commentary) {
        return R"({"author":")" + std::string{author} + R"(","commentary":")" + std::string{commentary} +
               R"(","visibility":"PUBLIC","distribution":{"feedDistribution":"MAIN_FEED",)"
               R"("targetEntities":[],"thirdPartyDistributionChannels":[]},"lifecycleState":"PUBLISHED",)"
               R"("isReshareDisabledByAuthor":false})";
    }
};

BOOST_FIXTURE_TEST_SUITE(linkedin_api_test, api_visit)

BOOST_AUTO_TEST_CASE(userinfo_has_an_object_as_locale) {
    auto const info = userinfo(connect().text("/access_token"));
    BOOST_TEST(info.status == 200);
    BOOST_TEST(info.text("/sub").size() == 10);
    BOOST_TEST(info.text("/name") == "Ada Marlow");
    BOOST_TEST(info.text("/given_name") == "Ada");
    BOOST_TEST(info.text("/family_name") == "Marlow");
    BOOST_TEST(info.text("/locale/country") == "US");
    BOOST_TEST(info.text("/email") == "ada@sandbox.test");
    BOOST_TEST(info.json().at("email_verified").as_bool());
    auto const picture = info.text("/picture");
    BOOST_TEST(picture.starts_with(pretend.url("linkedin")));
    BOOST_TEST(site.get(picture.substr(pretend.url("linkedin").size())).status == 200);
}

BOOST_AUTO_TEST_CASE(people_differ_in_what_their_profile_has) {
    auto const ben = userinfo(connect("sandbox-app", "ben").text("/access_token"));
    BOOST_TEST(!ben.json().as_object().contains("picture"));
    auto const cleo = userinfo(connect("sandbox-app", "cleo").text("/access_token"));
    BOOST_TEST(cleo.text("/name") == "B\xc3\xa4"
                                     "ckerei Cl\xc3\xa9o & S\xc3\xb6hne");
    auto const less =
        userinfo(connect("sandbox-app", "ada", {{"scope", "openid profile"}}).text("/access_token"));
    BOOST_TEST(!less.json().as_object().contains("email"));
    auto const fresh = [&] {
        return userinfo(connect("sandbox-app", "fresh").text("/access_token")).text("/sub");
    };
    BOOST_TEST(fresh() != fresh());
}

BOOST_AUTO_TEST_CASE(another_app_sees_another_id_of_the_same_member) {
    auto const mine = userinfo(connect().text("/access_token")).text("/sub");
    BOOST_TEST(userinfo(connect().text("/access_token")).text("/sub") == mine);
    BOOST_TEST(userinfo(connect(partner).text("/access_token")).text("/sub") != mine);
}

BOOST_AUTO_TEST_CASE(the_member_profile_needs_another_permission) {
    auto const token = connect().text("/access_token");
    auto const refused = site.get("/v2/me", {bearer(token)});
    BOOST_TEST(refused.status == 403);
    BOOST_TEST(refused.text("/message") == "Not enough permissions to access: me.GET.NO_VERSION");
    auto const basic_profile = connect("sandbox-app", "ada", {{"scope", "openid r_basicprofile"}});
    auto const me = site.get("/v2/me", {bearer(basic_profile.text("/access_token"))});
    BOOST_TEST(me.text("/id") == userinfo(token).text("/sub"));
    BOOST_TEST(me.text("/vanityName") == "ada-pretend");
    BOOST_TEST(me.text("/localizedFirstName") == "Ada");
    auto const no_openid = connect("sandbox-app", "ada", {{"scope", "w_member_social"}});
    BOOST_TEST(userinfo(no_openid.text("/access_token")).status == 403);
}

BOOST_AUTO_TEST_CASE(dead_tokens_have_their_own_numbers) {
    auto const expect = [&](answer const& got, int number, std::string_view code) {
        BOOST_TEST(got.status == 401);
        BOOST_TEST(got.json().at("serviceErrorCode").to_number<int>() == number);
        BOOST_TEST(got.text("/code") == code);
    };
    expect(userinfo("nonsense"), 65600, "INVALID_ACCESS_TOKEN");
    expect(site.get("/v2/userinfo"), 65604, "EMPTY_ACCESS_TOKEN");
    auto const got = connect(partner);
    expect(userinfo(got.text("/refresh_token")), 65600, "INVALID_ACCESS_TOKEN");
    ahead(hours{24 * 60});
    expect(userinfo(got.text("/access_token")), 65602, "EXPIRED_ACCESS_TOKEN");
}

BOOST_AUTO_TEST_CASE(fresh_tokens_can_be_refused_for_a_while) {
    BOOST_TEST(control.send("PUT", "/linkedin/fresh-tokens", {}, R"({"refused_calls":2})").status == 200);
    auto const token = connect().text("/access_token");
    for (int i = 0; i < 2; ++i) {
        auto const refused = userinfo(token);
        BOOST_TEST(refused.status == 401);
        BOOST_TEST(refused.text("/code") == "REVOKED_ACCESS_TOKEN");
    }
    BOOST_TEST(userinfo(token).status == 200);
    auto const other = connect().text("/access_token");
    ahead(std::chrono::minutes{1});
    BOOST_TEST(userinfo(other).status == 200);
    control.send("POST", "/reset");
    BOOST_TEST(userinfo(connect().text("/access_token")).status == 200);
}

BOOST_AUTO_TEST_CASE(a_post_answers_201_without_a_body_and_with_its_urn_in_a_header) {
    auto const token = connect().text("/access_token");
    auto const made = site.post_json("/rest/posts", post_body(author(token), "Hello"), versioned(token));
    BOOST_TEST(made.status == 201);
    BOOST_TEST(made.body.empty());
    BOOST_TEST(made.header("x-restli-id").starts_with("urn:li:share:"));
    auto const listed = control.get("/linkedin/posts");
    BOOST_TEST(listed.text("/data/0/id") == made.header("x-restli-id"));
    BOOST_TEST(listed.text("/data/0/text") == "Hello");
    BOOST_TEST(listed.text("/data/0/person") == "ada");
    auto const again = site.post_json("/rest/posts", post_body(author(token), "Hello"), versioned(token));
    BOOST_TEST(again.status == 422);
    BOOST_TEST(again.text("/message").ends_with("Content is a duplicate of " + made.header("x-restli-id")));
    BOOST_TEST(again.text("/errorDetails/inputErrors/0/code") == "DUPLICATE_POST");
}

BOOST_AUTO_TEST_CASE(a_member_writes_for_themselves_only) {
    auto const token = connect().text("/access_token");
    auto const bens = author(connect("sandbox-app", "ben").text("/access_token"));
    auto const refused = site.post_json("/rest/posts", post_body(bens, "Hello"), versioned(token));
    BOOST_TEST(refused.status == 403);
    BOOST_TEST(refused.text("/message") == "Not enough permissions to access: posts.CREATE.20260701");
    auto const reader = connect("sandbox-app", "ada", {{"scope", "openid profile"}}).text("/access_token");
    BOOST_TEST(site.post_json("/rest/posts", post_body(author(reader), "Hello"), versioned(reader)).status ==
               403);
    BOOST_TEST(site.get("/rest/posts", versioned(token)).status == 405);
}

BOOST_AUTO_TEST_CASE(a_post_needs_its_members_and_no_others) {
    auto const token = connect().text("/access_token");
    auto const own = author(token);
    auto const send = [&](std::string const& body) {
        return site.post_json("/rest/posts", body, versioned(token));
    };
    auto const typo = send(R"({"author":")" + own + R"(","comentary":"x"})");
    BOOST_TEST(typo.status == 422);
    BOOST_TEST(typo.text("/message") == "ERROR :: /comentary :: unrecognized field found but not allowed");
    BOOST_TEST(send(R"({"author":")" + own + R"("})").text("/message") ==
               "ERROR :: /commentary :: field is required but not found and has no default value");
    BOOST_TEST(send(R"({"author":1})").status == 422);
    BOOST_TEST(send("[]").status == 400);
    auto wrong = post_body(own, "x");
    wrong.replace(wrong.find("MAIN_FEED"), 9, "SIDE_FEED");
    BOOST_TEST(send(wrong).text("/message") ==
               "ERROR :: /distribution/feedDistribution :: is not an enum symbol");
}

BOOST_AUTO_TEST_CASE(little_text_is_cut_off_at_the_first_character_that_is_not_escaped) {
    using sandbox::linkedin::shown_text;
    BOOST_TEST(shown_text("plain text.") == "plain text.");
    BOOST_TEST(shown_text("ends (here)") == "ends ");
    BOOST_TEST(shown_text(R"(goes \(on\) \\ and \#on)") == R"(goes (on) \ and #on)");
    BOOST_TEST(shown_text("by @[Marlow Prints](urn:li:organization:1)!") == "by Marlow Prints!");
    BOOST_TEST(shown_text("by @marlow") == "by ");
}

BOOST_AUTO_TEST_CASE(the_version_header_is_wanted_and_versions_end) {
    auto const token = connect(partner).text("/access_token");
    auto const body = post_body(author(token), "Hello");
    auto const missing = site.post_json("/rest/posts", body, {bearer(token)});
    BOOST_TEST(missing.status == 400);
    BOOST_TEST(missing.text("/code") == "VERSION_MISSING");
    auto const old = site.post_json("/rest/posts", body, versioned(token, "202401"));
    BOOST_TEST(old.status == 426);
    BOOST_TEST(old.text("/code") == "NONEXISTENT_VERSION");
    BOOST_TEST(old.text("/message") == "Requested version 20240101 is not active");
    BOOST_TEST(site.post_json("/rest/posts", body, versioned(token)).status == 201);
}

BOOST_AUTO_TEST_CASE(a_version_lives_about_a_year) {
    using sandbox::linkedin::version_is_active;
    using namespace std::chrono;
    auto const on = [](year_month_day day) { return sandbox::sys_ms{sys_days{day}}; };
    BOOST_TEST(version_is_active("202511", on(2026y / 11 / 15)));
    BOOST_TEST(!version_is_active("202511", on(2026y / 11 / 16)));
    BOOST_TEST(!version_is_active("202512", on(2026y / 6 / 1)));
    BOOST_TEST(version_is_active("202603", on(2027y / 3 / 15)));
    BOOST_TEST(!version_is_active("202603", on(2027y / 3 / 16)));
    BOOST_TEST(version_is_active("202607", on(2026y / 11 / 25)));
    BOOST_TEST(!version_is_active("202607", on(2027y / 7 / 15)));
    BOOST_TEST(!version_is_active("202707", on(2026y / 11 / 25)));
    BOOST_TEST(!version_is_active("202613", on(2026y / 11 / 25)));
    BOOST_TEST(!version_is_active("july", on(2026y / 11 / 25)));
}

BOOST_AUTO_TEST_CASE(legacy_posts_need_no_version) {
    auto const token = connect().text("/access_token");
    auto const body = R"({"author":")" + author(token) +
                      R"(","lifecycleState":"PUBLISHED","specificContent":{"com.linkedin.ugc.ShareContent":)"
                      R"({"shareCommentary":{"text":"Hello #all"},"shareMediaCategory":"NONE"}},)"
                      R"("visibility":{"com.linkedin.ugc.MemberNetworkVisibility":"PUBLIC"}})";
    auto const made = site.post_json("/v2/ugcPosts", body, {bearer(token)});
    BOOST_TEST(made.status == 201);
    BOOST_TEST(made.text("/id") == made.header("x-restli-id"));
    BOOST_TEST(control.get("/linkedin/posts").text("/data/0/text") == "Hello #all");
}

BOOST_AUTO_TEST_CASE(daily_limits_end_at_midnight_and_have_no_headers) {
    auto const token = connect().text("/access_token");
    auto const own = author(token);
    answer last;
    for (int i = 0; i <= 150; ++i)
        last = site.post_json("/rest/posts", post_body(own, "Post " + std::to_string(i)), versioned(token));
    BOOST_TEST(last.status == 429);
    BOOST_TEST(last.text("/message") ==
               "Resource level throttle MEMBER DAY limit for calls to this resource is reached.");
    BOOST_TEST(last.header("retry-after").empty());
    BOOST_TEST(userinfo(token).status == 200);
    auto const others = connect("sandbox-app", "ben").text("/access_token");
    BOOST_TEST(site.post_json("/rest/posts", post_body(author(others), "Hello"), versioned(others)).status ==
               201);
    ahead(hours{24});
    BOOST_TEST(site.post_json("/rest/posts", post_body(own, "Next day"), versioned(token)).status == 201);
}

BOOST_AUTO_TEST_CASE(faults_speak_linkedin) {
    auto const token = connect().text("/access_token");
    control.post_json("/faults",
                      R"({"platform":"linkedin","endpoint":"userinfo","kind":"status","status":429})");
    BOOST_TEST(userinfo(token).text("/message") ==
               "Resource level throttle APPLICATION DAY limit for calls to this resource is reached.");
    control.post_json("/faults",
                      R"({"platform":"linkedin","endpoint":"token","kind":"status","status":400})");
    BOOST_TEST(connect().text("/error") == "invalid_request");
    control.post_json("/faults",
                      R"({"platform":"linkedin","endpoint":"token","kind":"success_without_token"})");
    BOOST_TEST(connect().text("/token_type") == "Bearer");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
