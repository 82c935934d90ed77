// Connecting through the vendors' APIs on other platforms than X: choices, failures of the platform, and what
// is seen of an account whose grant has ended.
#include "tests/server/dialects/vendor_flows.hpp"
#include "tests/support/eventually.hpp"
#include "tools/sandbox/faults.hpp"

#include <algorithm>

namespace connectd::tests {
namespace {

constexpr std::string_view done = "https://shop.example/done?";

std::string after(std::string const& location) {
    return location.starts_with(done) ? location.substr(done.size()) : "not the return URL: " + location;
}

// "a=b&c=d" of the parameters that are there.
std::string only(std::string const& location, std::vector<std::string_view> const& names) {
    std::string all;
    for (auto const name : names) {
        if (has_parameter(location, name)) {
            all += (all.empty() ? "" : "&") + std::string{name} + "=" + parameter(location, name);
        }
    }
    return all;
}

struct failure_row {
    std::string_view word; // the platform's
    std::string_view person;
    std::string_view decision;
    std::string_view letmepost; // connect_error and connect_rule
    std::string_view postpeer;
    std::string_view unipost;
};

void check(flows_server& at, failure_row const& row) {
    auto const told = [&](vendor_flow const& by) { return at.told(by, row.word, row.person, row.decision); };
    BOOST_TEST(only(told(at.letmepost), {"connect_error", "platform", "connect_rule"}) == row.letmepost);
    BOOST_TEST(after(told(at.postpeer)) == row.postpeer);
    BOOST_TEST(after(told(at.unipost)) == row.unipost);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(flows_test, flows_server)

BOOST_AUTO_TEST_CASE(a_consent_is_declined) {
    check(*this, {"twitter", "ada", "deny",
                  "connect_error=platform_rejected&platform=twitter&connect_rule=consent_denied",
                  "status=cancelled&platform=twitter", "status=error&error=consent_denied"});
    give_app("linkedin");
    check(*this, {"linkedin", "ada", "cancel_login",
                  "connect_error=platform_rejected&platform=linkedin&connect_rule=consent_denied",
                  "status=cancelled&platform=linkedin", "status=error&error=consent_denied"});
}

BOOST_AUTO_TEST_CASE(the_platform_is_down_when_the_code_comes) {
    sandbox::fault down;
    down.platform = "x";
    down.endpoint = "token";
    down.kind = sandbox::fault_kind::status;
    down.status = 503;
    pretend.faults().add(down);
    check(*this, {"twitter", "ada", "approve",
                  "connect_error=platform_unavailable&platform=twitter&connect_rule=platform_unavailable",
                  "status=error&platform=twitter&error=platform_unavailable",
                  "status=error&error=platform_unavailable"});
    // Of an end user's session the vendor has other words.
    pretend.x().apps().put({std::string{sandbox::sandbox::default_client_id},
                            std::string{sandbox::sandbox::default_client_secret},
                            "Sandbox App",
                            true,
                            {url() + "/compat/unipost/v1/connect/callback/twitter"}});
    auto const begun = unipost.client.ask(
        "POST", "/v1/connect/sessions",
        R"({"platform":"twitter","external_user_id":"u","return_url":"https://shop.example/done"})");
    auto const link = unipost.client.visit("/v1/public/connect/sessions/" + begun.text("/data/id") +
                                           "/authorize?state=" + parameter(begun.text("/data/url"), "state"));
    BOOST_TEST(after(visit(consent(link.header("location"))).header("location")) ==
               "connect_status=error&reason=profile_fetch_failed");
}

BOOST_AUTO_TEST_CASE(the_app_is_refused) {
    auto const rotated =
        postpeer.client.ask("PATCH", "/v1/apps/" + home.credentials, R"({"clientSecret":"wrong"})");
    BOOST_TEST(rotated.status == 200U);
    pretend.clock().advance(std::chrono::hours{48}); // the secret before it has ended
    check(*this, {"twitter", "ada", "approve",
                  "connect_error=platform_rejected&platform=twitter&connect_rule=app_refused",
                  "status=error&platform=twitter&error=app_refused", "status=error&error=app_refused"});
}

BOOST_AUTO_TEST_CASE(somebody_has_no_page) {
    give_app("facebook");
    check(*this, {"facebook", "cleo", "approve",
                  "connect_error=facebook.pages.none&platform=facebook&connect_rule=facebook.pages.none",
                  "status=error&platform=facebook&error=facebook.pages.none",
                  "status=error&error=facebook.pages.none"});
    auto const begun = letmepost.begin("facebook");
    auto const target = consent(begun.text("/redirectUrl"), "cleo", "approve", "facebook");
    auto const refused = letmepost.client.ask("POST", "/v1/accounts/connect/facebook/complete",
                                              R"({"code":")" + parameter(target, "code") + R"(","state":")" +
                                                  begun.text("/state") + "\"}");
    BOOST_TEST(refused.status == 400U);
    BOOST_TEST(refused.text("/error/code") == "facebook.pages.none");
    BOOST_TEST(refused.text("/error/rule") == "facebook.pages.none");
}

BOOST_AUTO_TEST_CASE(nobody_has_stored_an_app) {
    BOOST_TEST(letmepost.begin("facebook").text("/error/code") == "platform_not_enabled");
    BOOST_TEST(letmepost.begin("facebook").status == 403U);
    BOOST_TEST(postpeer.begin("facebook").status == 500U);
    auto const offered = postpeer.client.ask("GET", "/v1/platforms");
    BOOST_TEST(offered.json().at("platforms").as_array().size() == 9U);
    BOOST_TEST(offered.text("/platforms/0/status") == "prod");
    BOOST_TEST(unipost.begin("facebook").status == 422U);
    BOOST_TEST(unipost.begin("facebook").text("/error/code") == "VALIDATION_ERROR");
    // What to do about it is said in the vendor's routes.
    auto const said = unipost.begin("facebook").text("/error/message");
    BOOST_TEST(said.find("POST /v1/platform-credentials") != std::string::npos);
    BOOST_TEST(said.find(url() + "/compat/unipost/v1/oauth/callback/facebook") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(autoposting_exchanges_a_code_of_the_customers_own_page) {
    give_app("linkedin");
    constexpr std::string_view back = "https://shop.example/cb";
    for (auto const& each : pretend.platforms()) {
        if (each->name() == "linkedin") {
            each->as_oauth()->apps().put({std::string{sandbox::sandbox::default_client_id},
                                          std::string{sandbox::sandbox::default_client_secret},
                                          "Sandbox App",
                                          true,
                                          {std::string{back}}});
        }
    }
    auto const page =
        pretend.url("linkedin") +
        "/oauth/v2/authorization?response_type=code&client_id=sandbox-app&state=s1"
        "&redirect_uri=https%3A%2F%2Fshop.example%2Fcb&scope=openid%20profile%20w_member_social";
    auto const code = parameter(consent(page, "ada", "approve", "linkedin"), "code");
    vendor_client const autoposting{*this, "/compat/autoposting/api-proxy", "Authorization", "Bearer "};
    auto const with = [&](std::string_view platform, std::string_view given, std::string_view where) {
        return R"({"platform":")" + std::string{platform} + R"(","code":")" + std::string{given} +
               R"(","brandSlug":")" + std::string{where} + R"(","redirectUri":")" + std::string{back} +
               R"(","state":"s1"})";
    };
    auto const error = [](std::string_view word) {
        return R"({"success":false,"error":")" + std::string{word} + R"(","code":")" + std::string{word} +
               R"(","message":"<any>"})";
    };
    auto const elsewhere = with("linkedin", code, "nowhere");
    auto const good = with("linkedin", code, "default");
    auto const verified = with("x", code, "default");
    auto const invalid = error("validation_error");
    auto const not_found = error("not_found");
    play(autoposting, {{"POST", "/oauth/exchange", elsewhere, 404, not_found},
                       {"POST", "/oauth/exchange", verified, 400, invalid},
                       {"POST", "/oauth/exchange", R"({"platform":"linkedin"})", 400, invalid},
                       {"POST", "/oauth/exchange", good, 200,
                        R"({"success":true,"data":{"tokenId":"<any>","platform":"linkedin",
                        "platformUserId":"<any>","platformUsername":null,"brandSlug":"default","scopes":"<list>",
                        "expiresAt":"<time>"}})"},
                       {"POST", "/oauth/exchange", good, 400, invalid}}); // a code is good once
    BOOST_TEST(text(accounts().front(), "/kind") == "person");
    BOOST_TEST(told_of(text(accounts().front(), "/id")).back() == "account.connected");
}

BOOST_AUTO_TEST_CASE(one_page_needs_no_choice_and_several_are_chosen_among) {
    give_app("facebook");
    BOOST_TEST(after(told(letmepost, "facebook")) == "connected=facebook&accounts=1");
    for (auto const* by : {&letmepost, &postpeer}) {
        auto const asked = come_back(*by, "facebook", "ben");
        BOOST_REQUIRE(asked.header("location").starts_with("/connect/cs_"));
        auto const page = visit(asked.header("location"), cookie_of(asked));
        auto const box = page.body.find("value=\"", page.body.find("name=\"candidate\"")) + 7;
        auto const chosen = choose(asked, page.body.substr(box, page.body.find('"', box) - box));
        BOOST_TEST(only(chosen, {"connected", "accounts", "status", "platform"}) ==
                   (by == &letmepost ? "connected=facebook&accounts=1" : "status=success&platform=facebook"));
    }
}

BOOST_AUTO_TEST_CASE(a_program_is_told_where_to_choose) {
    give_app("facebook");
    auto const begun = letmepost.begin("facebook");
    auto const target = consent(begun.text("/redirectUrl"), "ben", "approve", "facebook");
    auto const due = letmepost.client.ask("POST", "/v1/accounts/connect/facebook/complete",
                                          R"({"code":")" + parameter(target, "code") + R"(","state":")" +
                                              begun.text("/state") + "\"}");
    BOOST_TEST(due.status == 409U);
    BOOST_TEST(due.text("/error/rule") == "choice_due");
    auto const said = due.text("/error/message");
    auto const path = said.substr(said.find("/v1/"), said.find("/choose") - said.find("/v1/"));
    auto const pages = ask("GET", path + "/choices");
    auto const chosen = ask("POST", path + "/choose", {{"candidate_ids", {pages.text("/data/0/id")}}});
    BOOST_TEST(chosen.status == 200U);
    BOOST_TEST(letmepost.client.ask("GET", "/v1/accounts").json().at("data").as_array().size() == 1U);
}

BOOST_AUTO_TEST_CASE(own_pages_are_a_pending_connection) {
    give_app("facebook");
    auto const id = parameter(told(unipost, "facebook", "ben"), "pending");
    auto const path = "/v1/pending-connections/" + id;
    auto const shown = unipost.client.ask("GET", path);
    BOOST_TEST(difference({"GET", "", "", 200,
                           R"({"data":{"id":"<any>","platform":"facebook","profile_id":"<any>","meta_user":{},
                           "pages":"<list>","businesses":[],"expires_at":"<time>"},"request_id":"<id>"})"},
                          shown) == "");
    BOOST_TEST(shown.json().at_pointer("/data/pages/0/can_publish").as_bool());
    auto const error = [](std::string_view code) {
        return R"({"error":{"code":")" + std::string{code} +
               R"(","normalized_code":"<any>","message":"<any>"},
            "request_id":"<id>"})";
    };
    auto const chosen = R"({"page_ids":[")" + shown.text("/data/pages/1/id") + "\"]}";
    auto const finalize = path + "/finalize";
    auto const none = error("NO_PAGES_SELECTED");
    auto const unknown = error("UNKNOWN_PAGE");
    auto const not_found = error("NOT_FOUND");
    auto const conflict = error("CONFLICT");
    play(unipost.client.with_key(make_tenant("other").key), {{"GET", path, "", 404, not_found}});
    play(unipost.client,
         {{"POST", finalize, R"({"page_ids":[]})", 400, none},
          {"POST", finalize, R"({"page_ids":["1"]})", 400, unknown},
          {"POST", finalize, chosen, 200,
           R"({"data":{"connected_account_ids":"<list>","connected_count":1},"request_id":"<id>"})"},
          {"POST", finalize, chosen, 409, conflict},
          {"GET", path, "", 404, not_found}});
    BOOST_TEST(text(accounts().front(), "/platform_user_id") == shown.text("/data/pages/1/id"));
}

BOOST_AUTO_TEST_CASE(the_customers_page_draws_the_choice_at_linkedin) {
    give_app("linkedin");
    auto drawn = postpeer;
    drawn.path = "/v1/connect/{p}?headless=true&redirectUri=https%3A%2F%2Fshop.example%2Fdone";
    auto const back = told(drawn, "linkedin");
    BOOST_TEST(only(back, {"status", "platform"}) == "status=selection_required&platform=linkedin");
    auto const path = "/v1/connect/linkedin/selection/" + parameter(back, "selectionToken");
    auto const nobody = postpeer.client.with_key("");
    auto const shown = nobody.ask("GET", path);
    BOOST_REQUIRE_EQUAL(shown.status, 200U);
    auto const body = shown.json();
    BOOST_TEST(body.at("expiresInSeconds").as_int64() > 0);
    auto const& offered = body.at("accounts").as_array();
    BOOST_TEST(offered.size() == 3U); // ada and two organisations
    BOOST_TEST(text(offered[0], "/type") + " " + text(offered[1], "/type") == "person organization");
    constexpr std::string_view refused = R"({"error":"<any>"})";
    auto const picked = R"({"selectedAccountIds":[")" + text(offered[1], "/id") + "\"]}";
    auto const session = path.substr(0, path.find('.'));
    play(nobody, {{"GET", session, "", 404, refused},
                  {"POST", session + ".made-up", picked, 404, refused},
                  {"POST", path, R"({"selectedAccountIds":[]})", 400, refused},
                  {"POST", path, R"({"selectedAccountIds":["1"]})", 400, refused},
                  {"POST", path, "{}", 400, refused}});
    auto const chosen = nobody.ask("POST", path, picked);
    BOOST_TEST(chosen.status == 200U);
    auto const id = chosen.text("/integrations/0/id");
    BOOST_TEST(chosen.text("/redirectUri") ==
               "https://shop.example/done?status=success&platform=linkedin&integrationId=" + id);
    BOOST_TEST(text(account(id), "/kind") == "organization");
    BOOST_TEST(eventually(
        [&] { return ask("GET", "/v1/audit?action=accounts.connect").text("/data/0/target") == id; }));
    play(nobody, {{"POST", path, picked, 404, refused}, {"GET", path, "", 404, refused}});
    // Without it the choice is made on our page.
    BOOST_TEST(told(postpeer, "linkedin").starts_with("/connect/cs_"));
}

BOOST_AUTO_TEST_CASE(tiktok_is_connected_by_every_vendor) {
    give_app("tiktok");
    BOOST_TEST(after(told(letmepost, "tiktok")) == "connected=tiktok&accounts=1");
    BOOST_TEST(only(told(postpeer, "tiktok"), {"status", "platform"}) == "status=success&platform=tiktok");
    BOOST_TEST(only(told(unipost, "tiktok"), {"status"}) == "status=success");
    BOOST_TEST(accounts().size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_account_whose_grant_has_ended) {
    BOOST_TEST(after(told(unipost, "twitter")) == "status=success&account_name=ada_marlow");
    auto const id = text(accounts().front(), "/id");
    auto const profile = text(accounts().front(), "/profile_id");
    pretend.x().grants().end_by_user(*pretend.persons().find("ada"), sandbox::sandbox::default_client_id,
                                     pretend.clock().now());
    BOOST_TEST(ask("POST", "/v1/accounts/" + id + "/refresh").status == 424U);
    auto const shown = unipost.client.ask("GET", "/v1/accounts");
    BOOST_TEST(shown.text("/data/0/status") == "reconnect_required");
    auto const health = unipost.client.ask("GET", "/v1/accounts/" + id + "/health");
    BOOST_TEST(health.text("/data/status") == "degraded");
    BOOST_TEST(!health.text("/data/last_error/code").empty());
    vendor_client const postato{*this, "/compat/postato", "Authorization", "Bearer "};
    auto const one = "/v1/workspaces/" + profile + "/accounts/" + id;
    BOOST_TEST(postato.ask("GET", one).text("/status") == "token_expired");
    vendor_client const autoposting{*this, "/compat/autoposting", "x-api-key", ""};
    auto const status = autoposting.ask("GET", "/brands/default/auth/status");
    BOOST_TEST(!status.json().at_pointer("/data/0/connected").as_bool());
    BOOST_TEST(!status.text("/data/0/refreshError").empty());
    BOOST_TEST(autoposting.ask("PATCH", "/brands/default/tokens/x").status == 409U);
    // Whoever connects again gets the same account.
    BOOST_TEST(after(told(letmepost, "twitter")) == "connected=twitter&accounts=1");
    BOOST_TEST(postato.ask("GET", one).text("/status") == "connected");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
