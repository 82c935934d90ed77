// The control API: clock, apps, people, what was issued and what arrived, and access taken back.
#include "tests/sandbox/stage.hpp"
#include "tools/sandbox/time_text.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include <set>

namespace connectd::tests {
namespace {

using std::chrono::hours;

BOOST_FIXTURE_TEST_SUITE(control_api_test, stage)

BOOST_AUTO_TEST_CASE(the_index_names_the_ports_and_every_route) {
    auto const index = control.get("/");
    BOOST_TEST(index.text("/x_url") == pretend.x_url());
    BOOST_TEST(index.text("/bluesky_url") == pretend.bluesky_url());
    BOOST_TEST(index.text("/control_url") == pretend.control_url());
    std::set<std::string_view> routes;
    auto const document = index.json();
    for (auto const& each : document.at("routes").as_array())
        BOOST_TEST(routes.insert(each.as_string()).second, each);
    for (auto const* const each :
         {"POST /clock", "PATCH /people/{name}", "POST /{platform}/apps", "GET /bluesky/sessions",
          "PUT /facebook/people/{name}", "DELETE /faults/{id}"})
        BOOST_TEST(routes.contains(each), each);
}

BOOST_AUTO_TEST_CASE(the_clock_moves_ahead_and_never_back) {
    auto const before = pretend.clock().now();
    auto const moved = control.post_json("/clock", R"({"advance_s":7200})");
    BOOST_TEST(moved.status == 200);
    BOOST_TEST(moved.json().at("offset_ms").to_number<std::int64_t>() == 7'200'000);
    BOOST_TEST((pretend.clock().now() >= before + hours{2}));
    auto const later = pretend.clock().now() + hours{24};
    BOOST_TEST(control.post_json("/clock", R"({"set":")" + sandbox::format_time(later) + R"("})").status ==
               200);
    BOOST_TEST((pretend.clock().now() >= later - std::chrono::milliseconds{1}));
    for (auto const* const body :
         {R"({"advance_s":-1})", R"({"set":"2001-01-01T00:00:00Z"})", R"({"set":"tomorrow"})", R"({})",
          R"({"advance_s":1,"advance_ms":1})", R"({"advance_s":9000000000000})",
          R"({"advance_ms":9000000000000000})", R"({"back":1})"})
        BOOST_TEST(control.post_json("/clock", body).status == 400, body);
    BOOST_TEST(control.get("/clock").status == 200);
}

BOOST_AUTO_TEST_CASE(apps_come_and_go) {
    auto const made = control.post_json(
        "/x/apps",
        R"({"client_id":"mine","client_secret":"s","name":"Mine","redirect_uris":["https://a.example/cb"]})");
    BOOST_TEST(made.status == 201);
    BOOST_TEST(made.text("/type") == "confidential");
    BOOST_TEST(control.get("/x/apps").json().at("data").as_array().size() == 3);
    BOOST_TEST(control.send("DELETE", "/x/apps/mine").status == 200);
    BOOST_TEST(control.send("DELETE", "/x/apps/mine").status == 404);
    for (auto const* const body :
         {R"({"client_id":"a","redirect_uris":["https://a.example/"]})",
          R"({"client_id":"a","type":"public","client_secret":"s","redirect_uris":["https://a.example/"]})",
          R"({"client_id":"a","client_secret":"s","redirect_uris":[]})",
          R"({"client_id":"a","client_secret":"s","redirect_uris":["https://a.example/#x"]})",
          R"({"client_id":"a b","client_secret":"s","redirect_uris":["https://a.example/"]})",
          R"({"client_id":"a","client_secret":"s","type":"odd","redirect_uris":["https://a.example/"]})"})
        BOOST_TEST(control.post_json("/x/apps", body).status == 400, body);
}

BOOST_AUTO_TEST_CASE(people_come_with_everything_and_change) {
    auto const made = control.post_json("/people", R"({"name":"dora","display_name":"Dora"})");
    BOOST_TEST(made.status == 201);
    BOOST_TEST(made.text("/handle") == "dora.sandbox.test");
    BOOST_TEST(made.text("/x_id").size() == 19);
    auto const password = control.post_json("/people/dora/app-passwords", "");
    BOOST_TEST(password.text("/password").size() == 19);
    BOOST_TEST(sign_in("dora.sandbox.test", password.text("/password")).status == 200);
    auto const renamed = control.send("PATCH", "/people/dora", {}, R"({"handle":"Dora.example.org"})");
    BOOST_TEST(renamed.text("/handle") == "dora.example.org");
    BOOST_TEST(sign_in("dora.example.org", password.text("/password")).status == 200);
    for (auto const* const body :
         {R"({"name":"dora"})", R"({"name":"Eve"})", R"({"name":"fresh"})", R"({})",
          R"({"name":"eve","handle":"ada.sandbox.test"})", R"({"name":"eve","handle":"eve"})",
          R"({"name":"eve","did":"did:key:z"})", R"({"name":"eve","x_id":"12a"})",
          R"({"name":"eve","bluesky_state":"asleep"})"})
        BOOST_TEST(control.post_json("/people", body).status == 400, body);
    BOOST_TEST(control.send("PATCH", "/people/dora", {}, R"({"did":"did:web:-"})").status == 400);
    BOOST_TEST(control.get("/people/nobody").status == 404);
    BOOST_TEST(control.get("/people").json().at("data").as_array().size() == 5);
    BOOST_TEST(control.post_json("/people/ada/app-passwords", R"({"name":"default"})").status == 409);
}

BOOST_AUTO_TEST_CASE(traits_and_switches_are_those_that_a_platform_knows) {
    BOOST_TEST(control.send("PATCH", "/people/ada", {}, R"({"traits":[]})").status == 200);
    auto const unknown = control.send("PATCH", "/people/ada", {}, R"({"traits":["x_tall"]})");
    BOOST_TEST(unknown.status == 400);
    BOOST_TEST(unknown.text("/error") == "traits holds one that no platform here knows: x_tall");
    BOOST_TEST(control.get("/x/switches").json().at("known").as_array().empty());
    BOOST_TEST(control.send("PUT", "/x/switches", {}, R"({"on":["upside_down"]})").status == 400);
    BOOST_TEST(control.send("PUT", "/z/switches", {}, R"({"on":[]})").status == 404);
}

BOOST_AUTO_TEST_CASE(what_was_issued_is_listed_with_its_state) {
    auto const spent = code();
    auto const got = exchange(spent);
    auto const renewed = refresh(got.text("/refresh_token"));
    auto const open = code();
    auto const codes = control.get("/x/codes");
    BOOST_TEST(codes.text("/data/0/code") == open);
    BOOST_TEST(codes.text("/data/0/state") == "live");
    BOOST_TEST(codes.text("/data/1/state") == "spent");
    BOOST_TEST(codes.text("/data/1/person") == "ada");
    ahead(hours{2});
    auto const grants = control.get("/x/grants");
    BOOST_TEST(control.get("/x/codes").text("/data/0/state") == "expired");
    BOOST_TEST(grants.text("/data/0/state") == "live");
    std::map<std::string, std::string> states;
    auto const document = grants.json();
    for (auto const& each : document.at_pointer("/data/0/tokens").as_array())
        states[std::string{each.at("token").as_string()}] = each.at("state").as_string();
    BOOST_TEST(states.at(got.text("/access_token")) == "expired");
    BOOST_TEST(states.at(got.text("/refresh_token")) == "spent");
    BOOST_TEST(states.at(renewed.text("/refresh_token")) == "live");
    auto const session = sign_in();
    xrpc_post("com.atproto.server.refreshSession", session.text("/refreshJwt"));
    auto const sessions = control.get("/bluesky/sessions");
    BOOST_TEST(sessions.text("/data/0/state") == "live");
    BOOST_TEST(sessions.text("/data/1/state") == "rotated");
    BOOST_TEST(sessions.text("/data/1/successor") == sessions.text("/data/0/refresh_id"));
    BOOST_TEST(sessions.text("/data/1/app_password") == "default");
}

BOOST_AUTO_TEST_CASE(a_user_takes_a_grant_back) {
    auto const got = connect();
    auto const id = std::to_string(control.get("/x/grants").json().at_pointer("/data/0/id").to_number<int>());
    BOOST_TEST(control.send("POST", "/x/grants/" + id + "/revoke").status == 200);
    BOOST_TEST(control.send("POST", "/x/grants/" + id + "/revoke").status == 404);
    BOOST_TEST(x.get("/2/users/me", {bearer(got.text("/access_token"))}).status == 401);
    BOOST_TEST(refresh(got.text("/refresh_token")).status == 400);
    BOOST_TEST(control.get("/x/grants").text("/data/0/state") == "ended_by_user");
    BOOST_TEST(control.send("POST", "/x/grants/none/revoke").status == 404);
}

BOOST_AUTO_TEST_CASE(a_user_takes_everything_back_from_a_platform) {
    auto const first = connect();
    auto const others = connect({}, "ben");
    auto const ended = control.post_json("/people/ada/revoke", R"({"platform":"x"})");
    BOOST_TEST(ended.json().at("grants_ended").to_number<int>() == 1);
    BOOST_TEST(x.get("/2/users/me", {bearer(first.text("/access_token"))}).status == 401);
    BOOST_TEST(x.get("/2/users/me", {bearer(others.text("/access_token"))}).status == 200);
    auto const session = sign_in();
    BOOST_TEST(control.post_json("/people/ada/revoke", R"({"platform":"bluesky"})").status == 200);
    BOOST_TEST(xrpc_post("com.atproto.server.refreshSession", session.text("/refreshJwt")).text("/error") ==
               "ExpiredToken");
    BOOST_TEST(control.post_json("/people/ada/revoke", R"({"platform":"z"})").status == 400);
    BOOST_TEST(control.post_json("/people/eve/revoke", R"({"platform":"x"})").status == 404);
}

BOOST_AUTO_TEST_CASE(requests_are_kept_as_they_arrived) {
    connect();
    x.get("/2/users/me", {bearer("nonsense"), {"X-Mark", "here"}});
    auto const tokens = control.get("/requests?platform=x&endpoint=token");
    BOOST_TEST(tokens.json().at("data").as_array().size() == 1);
    BOOST_TEST(tokens.text("/data/0/head").starts_with("POST /2/oauth2/token HTTP/1.1\r\n"));
    BOOST_TEST(tokens.text("/data/0/body").find("grant_type=authorization_code") != std::string::npos);
    auto const calls = control.get("/requests?endpoint=users_me");
    BOOST_TEST(calls.text("/data/0/head").find("X-Mark: here") != std::string::npos);
    BOOST_TEST(calls.json().at_pointer("/data/0/status").to_number<int>() == 401);
    auto const last = calls.json().at_pointer("/data/0/sequence").to_number<int>();
    BOOST_TEST(control.get("/requests?after=" + std::to_string(last)).json().at("data").as_array().empty());
    BOOST_TEST(control.get("/events").text("/data/0/kind") == "code_issued");
}

BOOST_AUTO_TEST_CASE(a_reset_forgets_what_was_issued) {
    auto const got = connect();
    control.post_json("/faults", R"({"platform":"x","kind":"status"})");
    BOOST_TEST(control.send("POST", "/reset").status == 200);
    BOOST_TEST(x.get("/2/users/me", {bearer(got.text("/access_token"))}).status == 401);
    BOOST_TEST(control.get("/x/grants").json().at("data").as_array().empty());
    BOOST_TEST(connect().status == 200);
}

BOOST_AUTO_TEST_CASE(unknown_paths_methods_and_members_are_named) {
    BOOST_TEST(control.get("/nothing").status == 404);
    auto const wrong = control.send("DELETE", "/clock");
    BOOST_TEST(wrong.status == 405);
    BOOST_TEST(wrong.header("allow") == "GET, POST");
    auto const typo = control.post_json("/people", R"({"name":"eve","hadnle":"eve.example.org"})");
    BOOST_TEST(typo.status == 400);
    BOOST_TEST(typo.text("/errors/0/pointer") == "/hadnle");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
