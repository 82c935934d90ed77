// PostPeer's clients against connectd: what its pages show, request by request.
#include "tests/server/dialects/vendor_client.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

struct postpeer_server : whole_server {
    postpeer_server() {
        pretend.x().apps().put({std::string{sandbox::sandbox::default_client_id},
                                std::string{sandbox::sandbox::default_client_secret},
                                "Sandbox App",
                                true,
                                {url() + "/compat/postpeer/v1/connect/twitter/callback"}});
    }

    vendor_client postpeer{*this, "/compat/postpeer", "x-access-key", ""};

    // The return URL with how it went.
    std::string connect(std::string_view query, std::string_view decision = "approve") {
        auto const begun = postpeer.ask("GET", "/v1/connect/twitter?" + std::string{query});
        BOOST_REQUIRE_EQUAL(begun.status, 200U);
        return visit(consent(begun.text("/url"), "ada", decision)).header("location");
    }
};

constexpr std::string_view back = "redirectUri=https%3A%2F%2Fyourapp.example%2Fconnected";
constexpr std::string_view refused = R"({"error":"<any>"})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(postpeer_test, postpeer_server)

BOOST_AUTO_TEST_CASE(connecting_begins_with_a_url) {
    auto const begun = postpeer.ask("GET", "/v1/connect/twitter");
    BOOST_TEST(difference({"GET", "", "", 200, R"({"url":"<any>"})"}, begun) == "");
    BOOST_TEST(parameter(begun.text("/url"), "redirect_uri") ==
               url() + "/compat/postpeer/v1/connect/twitter/callback");
    auto const ended = connect(back);
    auto const id = text(accounts().front(), "/id");
    BOOST_TEST(ended ==
               "https://yourapp.example/connected?status=success&platform=twitter&integrationId=" + id);
    auto const cancel = std::string{back} + "&cancelRedirectUri=https%3A%2F%2Fyourapp.example%2Fno";
    BOOST_TEST(connect(cancel, "deny") == "https://yourapp.example/no?status=cancelled&platform=twitter");
    play(postpeer, {{"GET", "/v1/connect/myspace", "", 403, refused},
                    {"GET", "/v1/connect/bluesky", "", 403, refused},
                    {"GET", "/v1/connect/youtube", "", 500, refused},
                    {"GET", "/v1/connect/twitter?profileId=prof_nobody", "", 404, refused},
                    {"GET", "/v1/connect/twitter?appId=app_123", "", 404, refused},
                    {"GET", "/v1/connect/twitter?redirectUri=nonsense", "", 400, refused},
                    {"GET", "/v1/nowhere", "", 404, refused}});
    play(postpeer.with_key("wrong"), {{"GET", "/v1/connect/twitter", "", 401, refused}});
    play(postpeer.with_key(""), {{"GET", "/v1/connect/twitter", "", 401, refused}});
    play(postpeer.with_key(make_key(home, {"proxy"})), {{"GET", "/v1/connect/twitter", "", 403, refused}});
}

BOOST_AUTO_TEST_CASE(a_connection_through_an_own_app_and_a_profile) {
    constexpr std::string_view more =
        R"({"platform":"twitter","name":"Acme App","clientId":"another","clientSecret":"s"})";
    auto const made = postpeer.ask("POST", "/v1/apps/", more);
    BOOST_TEST(difference({"POST", "", "", 201, R"({"success":true,"app":{"id":"<any>","platform":"twitter",
        "name":"Acme App","imageUrl":null,"clientId":"another","integrationCount":0,"createdAt":"<time>",
        "updatedAt":"<time>"}})"},
                          made) == "");
    auto const profile = ask("POST", "/v1/profiles", {{"name", "Ann"}}).text("/id");
    connect("appId=" + home.credentials + "&profileId=" + profile);
    auto const own =
        std::string{R"({"id":"<any>","platform":"twitter","platformUserId":"<any>","username":"ada_marlow",
        "displayName":"<any>","profileUrl":null,"imageUrl":"<any>","platformMetadata":{},"profileId":")"} +
        profile + R"(","appId":")" + home.credentials + R"(","app":{"id":")" + home.credentials +
        R"(","name":"X","imageUrl":null},"byok":true,"createdAt":"<time>"})";
    auto const one = R"({"success":true,"total":1,"integrations":[)" + own + "]}";
    constexpr std::string_view none = R"({"success":true,"total":0,"integrations":[]})";
    auto const of_profile = "/v1/connect/integrations?profileId=" + profile;
    auto const used = "/v1/apps/" + home.credentials;
    auto const unused = "/v1/apps/" + made.text("/app/id");
    play(postpeer,
         {{"GET", of_profile, "", 200, one},
          {"GET", "/v1/connect/integrations?platform=twitter&q=ADA&sort=asc", "", 200, one},
          {"GET", "/v1/connect/integrations?profileId=null", "", 200, none},
          {"GET", "/v1/connect/integrations?platform=tiktok", "", 200, none},
          {"GET", "/v1/connect/integrations?offset=1", "", 200,
           R"({"success":true,"total":1,"integrations":[]})"},
          {"GET", "/v1/connect/integrations?limit=0", "", 400, refused},
          {"POST", "/v1/apps", more, 409, refused},
          {"POST", "/v1/apps/", R"({"platform":"twitter","name":"x","clientId":"y"})", 400, refused},
          {"POST", "/v1/apps/",
           R"({"platform":"tiktok","name":"x","clientId":"y","clientSecret":"z","secret":1})", 400, refused},
          {"DELETE", used, "", 409, refused},
          {"DELETE", unused, "", 200, R"({"success":true,"message":"<any>"})"},
          {"GET", unused, "", 404, refused},
          {"GET", "/v1/apps/?platform=twitter&limit=1", "", 200,
           R"({"success":true,"total":1,"page":1,"limit":1,"apps":[{"id":"<any>","platform":"twitter",
                     "name":"X","imageUrl":null,"clientId":"<any>","integrationCount":1,"createdAt":"<time>",
                     "updatedAt":"<time>"}]})"}});
    auto const id = text(accounts().front(), "/id");
    play(postpeer,
         {{"DELETE", "/v1/connect/integrations/" + id, "", 200, R"({"success":true,"message":"<any>"})"},
          {"DELETE", "/v1/connect/integrations/" + id, "", 404, refused},
          {"GET", of_profile, "", 200, none},
          {"DELETE", used, "", 200, R"({"success":true,"message":"<any>"})"}});
}

BOOST_AUTO_TEST_CASE(bluesky_comes_with_an_app_password) {
    auto const who = pretend.persons().at(pretend.persons().find("ada").value());
    auto const with = [&](std::string_view password) {
        return R"({"identifier":")" + who->handle + R"(","password":")" + std::string{password} + "\"}";
    };
    auto const good = with(who->app_passwords.front().password);
    auto const wrong = with("aaaa-bbbb-cccc-dddd");
    auto const shape = with("my main password");
    play(postpeer, {{"POST", "/v1/connect/bluesky/auth", good, 200,
                     R"({"success":true,"message":"<any>","integration":{"id":"<any>","platform":"bluesky",
                     "platformUserId":"<any>","username":"<any>","displayName":"<any>","profileUrl":null,
                     "imageUrl":"<any>","platformMetadata":{},"profileId":null,"appId":null,"app":null,
                     "byok":false,"createdAt":"<time>"}})"},
                    {"POST", "/v1/connect/bluesky/auth", wrong, 401, refused},
                    {"POST", "/v1/connect/bluesky/auth", shape, 400, refused},
                    {"POST", "/v1/connect/bluesky/auth", R"({"identifier":"a"})", 400, refused}});
}

BOOST_AUTO_TEST_CASE(a_secret_is_rotated_and_nothing_else_of_an_app_changes) {
    auto const path = "/v1/apps/" + home.credentials;
    constexpr std::string_view shown =
        R"({"success":true,"app":{"id":"<any>","platform":"twitter","name":"Ours","imageUrl":null,
            "clientId":"<any>","integrationCount":0,"createdAt":"<time>","updatedAt":"<time>"}})";
    play(postpeer, {{"PATCH", path, R"({"name":"Ours","clientSecret":"another"})", 200, shown},
                    {"GET", path, "", 200, shown},
                    {"PATCH", path, R"({"clientId":"other"})", 400, refused},
                    {"PATCH", path, R"({"platform":"tiktok"})", 400, refused},
                    {"PATCH", "/v1/apps/app_123", R"({"clientSecret":"s"})", 404, refused}});
}

BOOST_AUTO_TEST_CASE(profiles_group_integrations) {
    auto const made = postpeer.ask("POST", "/v1/profiles/", R"({"name":"Ann","description":"of Leeds"})");
    constexpr std::string_view shown =
        R"({"success":true,"profile":{"id":"<any>","name":"Ann","description":"of Leeds","integrationCount":0,
            "createdAt":"<time>","updatedAt":"<time>"}})";
    BOOST_TEST(difference({"POST", "", "", 201, shown}, made) == "");
    auto const path = "/v1/profiles/" + made.text("/profile/id");
    connect("profileId=" + made.text("/profile/id"));
    constexpr std::string_view changed =
        R"({"success":true,"profile":{"id":"<any>","name":"Anne","description":null,"integrationCount":1,
            "createdAt":"<time>","updatedAt":"<time>"}})";
    play(postpeer, {{"PATCH", path, R"({"name":"Anne","description":null})", 200, changed},
                    {"GET", path, "", 200, changed},
                    {"GET", "/v1/profiles?limit=1", "", 200,
                     R"({"success":true,"total":1,"page":1,"limit":1,"profiles":"<list>"})"},
                    {"POST", "/v1/profiles", R"({"name":"Ann","slug":"ann"})", 400, refused},
                    {"GET", "/v1/profiles/65ab123", "", 404, refused},
                    {"DELETE", path, "", 200, R"({"success":true,"message":"<any>"})"},
                    {"GET", path, "", 404, refused},
                    {"GET", "/v1/connect/integrations?profileId=null", "", 200,
                     R"({"success":true,"total":1,"integrations":"<list>"})"}});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
