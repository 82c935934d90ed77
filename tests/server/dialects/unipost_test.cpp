// UniPost's clients against connectd: what its pages show, request by request.
#include "tests/server/dialects/vendor_client.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

namespace connectd::tests {
namespace {

constexpr auto variable = "CONNECTD_TEST_UNIPOST_SECRET";
constexpr std::string_view own_host = "api.unipost.example";

struct unipost_server : whole_server {
    unipost_server()
        : whole_server{[](server::config& settings) {
              ::setenv(variable, std::string{sandbox::sandbox::default_client_secret}.c_str(), 1);
              settings.dialects["unipost"].hosts = {std::string{own_host}};
              settings.quickstart["twitter"] = {
                  .client_id = std::string{sandbox::sandbox::default_client_id},
                  .client_secret = server::secret_source{server::secret_source::kind::environment, variable}};
          }} {
        pretend.x().apps().put({std::string{sandbox::sandbox::default_client_id},
                                std::string{sandbox::sandbox::default_client_secret},
                                "Sandbox App",
                                true,
                                {url() + "/compat/unipost/v1/connect/callback/twitter",
                                 url() + "/compat/unipost/v1/oauth/callback/twitter",
                                 "http://" + std::string{own_host} + "/v1/connect/callback/twitter"}});
    }

    vendor_client unipost{*this, "/compat/unipost", "Authorization", "Bearer "};

    // A key of a workspace with that plan.
    std::string key_on(std::string_view plan) {
        auto const made =
            ask_as(root_key, "POST", "/v1/workspaces", {{"slug", plan}, {"name", plan}, {"plan", plan}});
        return ask_as(root_key, "POST", "/v1/workspaces/" + made.text("/id") + "/api-keys", {{"name", "all"}})
            .text("/key");
    }
    answer begin(vendor_client const& as, std::string_view more = "") {
        return as.ask("POST", "/v1/connect/sessions",
                      R"({"platform":"twitter","external_user_id":"cust-77",)"
                      R"("return_url":"https://shop.example/done?a=1")" +
                          std::string{more} + "}");
    }
    // The end user's way from the hosted page to the return URL, all of it on the host of that page.
    std::string finish(vendor_client const& as, answer const& begun, std::string_view decision = "approve") {
        auto const page = begun.text("/data/url");
        auto const shown = as.visit(page.substr(page.find("/connect/")));
        auto const from = shown.body.find("http", shown.body.find("href=\""));
        auto link = shown.body.substr(from, shown.body.find('"', from) - from);
        for (auto at = link.find("&amp;"); at != std::string::npos; at = link.find("&amp;")) {
            link.erase(at + 1, 4);
        }
        client one{url()};
        one.write("GET " + consent(link, "ada", decision) +
                  " HTTP/1.1\r\nHost: " + (as.host.empty() ? url().substr(7) : as.host) +
                  "\r\nCookie: " + cookie_of(shown) + "\r\n\r\n");
        return one.read().header("location");
    }
};

constexpr std::string_view unauthorized =
    R"({"error":{"code":"UNAUTHORIZED","normalized_code":"unauthorized","message":"<any>"},"request_id":"<id>"})";

constexpr std::string_view not_found =
    R"({"error":{"code":"NOT_FOUND","normalized_code":"not_found","message":"<any>"},"request_id":"<id>"})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(unipost_test, unipost_server)

BOOST_AUTO_TEST_CASE(platform_credentials_are_stored_listed_and_removed) {
    play(
        unipost,
        {{"DELETE", "/v1/platform-credentials/twitter", "", 204, ""},
         {"GET", "/v1/platform-credentials", "", 200,
          R"({"data":[],"meta":{"total":0,"limit":0},"request_id":"<id>"})"},
         {"POST", "/v1/platform-credentials",
          R"({"platform":"linkedin","client_id":"86kq1x","client_secret":"WPL_s3cr3t","note":"unknown"})",
          201,
          R"({"data":{"platform":"linkedin","client_id":"86kq1x","created_at":"<time>"},"request_id":"<id>"})"},
         {"POST", "/v1/platform-credentials",
          R"({"platform":"twitter","client_id":"one","client_secret":"s1"})", 201,
          R"({"data":{"platform":"twitter","client_id":"one","created_at":"<time>"},"request_id":"<id>"})"},
         {"POST", "/v1/platform-credentials",
          R"({"platform":"twitter","client_id":"two","client_secret":"s2"})", 201,
          R"({"data":{"platform":"twitter","client_id":"two","created_at":"<time>"},"request_id":"<id>"})"},
         {"GET", "/v1/platform-credentials", "", 200,
          R"({"data":[{"platform":"linkedin","client_id":"86kq1x","created_at":"<time>"},)"
          R"({"platform":"twitter","client_id":"two","created_at":"<time>"}],)"
          R"("meta":{"total":2,"limit":2},"request_id":"<id>"})"},
         {"DELETE", "/v1/platform-credentials/linkedin", "", 204, ""},
         {"DELETE", "/v1/platform-credentials/linkedin", "", 204, ""},
         {"DELETE", "/v1/platform-credentials/myspace", "", 204, ""},
         {"GET", "/v1/platform-credentials", "", 200,
          R"({"data":[{"platform":"twitter","client_id":"two","created_at":"<time>"}],)"
          R"("meta":{"total":1,"limit":1},"request_id":"<id>"})"}});
}

BOOST_AUTO_TEST_CASE(errors_have_the_vendors_form) {
    constexpr std::string_view path = "/v1/platform-credentials";
    for (std::string_view const key : {"", "up_live_0123456789", "cd_live_wrong"}) {
        play(unipost.with_key(std::string{key}), {{"GET", path, "", 401, unauthorized}});
    }
    play(
        unipost.with_key(make_key(home, {"accounts:read"})),
        {{"GET", path, "", 403,
          R"({"error":{"code":"FORBIDDEN","normalized_code":"forbidden","message":"<any>"},"request_id":"<id>"})"}});
    for (std::string_view const missing :
         {R"({"client_id":"a","client_secret":"b"})", R"({"platform":"linkedin","client_secret":"b"})",
          R"({"platform":"linkedin","client_id":"a"})",
          R"({"platform":"mastodon","client_id":"a","client_secret":"b"})", "nonsense"}) {
        auto const got = unipost.ask("POST", path, missing);
        BOOST_TEST(got.status == 422U);
        BOOST_TEST(got.text("/error/code") == "VALIDATION_ERROR");
        BOOST_TEST(got.text("/error/normalized_code") == "validation_error");
    }
    play(unipost, {{"GET", "/v1/nowhere", "", 404, not_found},
                   {"GET", "/v1/connect/sessions/cs_nobody", "", 404, not_found}});
    BOOST_TEST(unipost.ask("PUT", path).text("/error/normalized_code") == "method_not_allowed");
}

BOOST_AUTO_TEST_CASE(plans_limit_the_slots) {
    constexpr std::string_view refused =
        R"({"error":{"code":"PLAN_FEATURE_NOT_AVAILABLE","normalized_code":"plan_feature_not_available",)"
        R"("message":"<any>"},"request_id":"<id>"})";
    constexpr std::string_view path = "/v1/platform-credentials";
    constexpr std::string_view first = R"({"platform":"linkedin","client_id":"a","client_secret":"b"})";
    play(unipost.with_key(key_on("free")), {{"POST", path, first, 402, refused}});
    auto const basic = unipost.with_key(key_on("basic"));
    constexpr std::string_view stored =
        R"({"data":{"platform":"linkedin","client_id":"<any>","created_at":"<time>"},"request_id":"<id>"})";
    play(basic,
         {{"POST", path, first, 201, stored},
          {"POST", path, R"({"platform":"tiktok","client_id":"a","client_secret":"b"})", 402, refused},
          {"POST", path, first, 201, stored},
          {"POST", path, R"({"platform":"linkedin","client_id":"c","client_secret":"d"})", 201, stored},
          {"DELETE", "/v1/platform-credentials/linkedin", "", 204, ""},
          {"POST", path, first, 201, stored}});
}

BOOST_AUTO_TEST_CASE(sessions_need_own_credentials_or_the_flag) {
    BOOST_TEST(unipost.ask("DELETE", "/v1/platform-credentials/twitter").status == 204U);
    auto const refused = begin(unipost);
    BOOST_TEST(refused.status == 422U);
    BOOST_TEST(refused.text("/error/normalized_code") == "validation_error");
    auto const allowed = begin(unipost, R"(,"allow_quickstart_creds":true)");
    BOOST_TEST(allowed.status == 201U);
    BOOST_TEST(allowed.json().at("data").at("allow_quickstart_creds").as_bool());
    BOOST_TEST(begin(unipost, R"(,"profile_id":"prof_nobody")").status == 404U);
}

BOOST_AUTO_TEST_CASE(an_end_user_connects_on_the_hosted_page) {
    for (std::string_view const host : {std::string_view{}, own_host}) {
        auto as = unipost;
        as.host = std::string{host};
        as.base = host.empty() ? as.base : "";
        auto browser = as;
        browser.base = "";
        auto const begun = begin(as, R"(,"external_user_email":"ann@example.com")");
        auto const line =
            exchange_line{"POST", "/v1/connect/sessions", "", 201,
                          R"({"data":{"id":"<any>","platform":"twitter","external_user_id":"cust-77",
            "external_user_email":"ann@example.com","return_url":"https://shop.example/done?a=1",
            "allow_quickstart_creds":false,"status":"pending","url":"<any>","expires_at":"<time>",
            "created_at":"<time>"},"request_id":"<id>"})"};
        BOOST_TEST(difference(line, begun) == "");
        BOOST_TEST(finish(browser, begun) == "https://shop.example/done?a=1&connect_status=success");
        auto const after = as.ask("GET", "/v1/connect/sessions/" + begun.text("/data/id"));
        BOOST_TEST(after.text("/data/status") == "completed");
        BOOST_TEST(after.text("/data/managed_account_id") == text(accounts().front(), "/id"));
        BOOST_TEST(after.text("/data/completed_social_account_id") == after.text("/data/managed_account_id"));
    }
    auto browser = unipost;
    browser.base = "";
    BOOST_TEST(finish(browser, begin(unipost), "deny") ==
               "https://shop.example/done?a=1&connect_status=cancelled");
}

BOOST_AUTO_TEST_CASE(the_customers_page_shows_the_link) {
    auto const begun = begin(unipost);
    auto const path = "/v1/public/connect/sessions/" + begun.text("/data/id");
    auto const link = begun.text("/data/url");
    auto const state = "?state=" + parameter(link, "state");
    BOOST_TEST(parameter(link, "session") == begun.text("/data/id"));
    BOOST_TEST(unipost.ask("GET", "/v1/connect/sessions/" + begun.text("/data/id")).text("/data/url") ==
               link);
    auto const nobody = unipost.with_key("");
    constexpr std::string_view shown =
        R"({"data":{"platform":"twitter","profile_name":"<any>","status":"pending","expires_at":"<time>",
            "branding":{"display_name":"<any>","hide_powered_by":true},
            "return_url":"https://shop.example/done?a=1"},"request_id":"<id>"})";
    play(nobody, {{"GET", path + state, "", 200, shown},
                  {"GET", path, "", 404, not_found},
                  {"GET", path + "?state=other", "", 404, not_found},
                  {"GET", "/v1/public/connect/sessions/cs_nobody" + state, "", 404, not_found}});
    BOOST_TEST(nobody.ask("GET", path + state).header("referrer-policy") == "no-referrer");
    BOOST_TEST(nobody.ask("GET", path + state).header("cache-control") == "no-store");
    auto const away = nobody.ask("GET", path + "/authorize" + state);
    BOOST_TEST(away.status == 302U);
    BOOST_TEST(visit(consent(away.header("location"))).header("location") ==
               "https://shop.example/done?a=1&connect_status=success");
    BOOST_TEST(nobody.ask("GET", path + state).text("/data/status") == "completed");
    BOOST_TEST(nobody.ask("GET", path + "/authorize" + state).status == 409U);
    BOOST_TEST(nobody.ask("GET", path + "/authorize").status == 404U);
    auto const late = begin(unipost);
    pretend.clock().advance(std::chrono::hours{24});
    auto const gone = "/v1/public/connect/sessions/" + late.text("/data/id") +
                      "/authorize?state=" + parameter(late.text("/data/url"), "state");
    BOOST_TEST(nobody.ask("GET", gone).status == 410U);
}

BOOST_AUTO_TEST_CASE(the_customers_page_asks_for_an_app_password) {
    auto const begun = unipost.ask(
        "POST", "/v1/connect/sessions",
        R"({"platform":"bluesky","external_user_id":"u","return_url":"https://shop.example/done"})");
    auto const path = "/v1/public/connect/sessions/" + begun.text("/data/id") +
                      "/bluesky?state=" + parameter(begun.text("/data/url"), "state");
    auto const who = pretend.persons().at(pretend.persons().find("ada").value());
    auto const type = [&](std::string_view at, std::string_view password) {
        return submit("/compat/unipost" + std::string{at},
                      {{"handle", who->handle}, {"app_password", std::string{password}}});
    };
    auto const& good = who->app_passwords.front().password;
    BOOST_TEST(type(path.substr(0, path.find('?')), good).status == 404U);
    BOOST_TEST(type(path, "aaaa-bbbb-cccc-dddd").status == 401U);
    BOOST_TEST(type(path, good).header("location") == "https://shop.example/done?connect_status=success");
    BOOST_TEST(type(path, good).status == 409U);
    BOOST_TEST(text(accounts().front(), "/platform") == "bluesky");
}

BOOST_AUTO_TEST_CASE(accounts_outlive_their_app) {
    auto browser = unipost;
    browser.base = "";
    finish(browser, begin(unipost));
    auto const id = text(accounts().front(), "/id");
    BOOST_TEST(unipost.ask("DELETE", "/v1/platform-credentials/twitter").status == 204U);
    BOOST_TEST(ask("GET", "/v1/credentials").json().at("data").as_array().empty());
    BOOST_TEST(ask("POST", "/v1/connect/sessions", {{"platform", "x"}, {"credentials_id", home.credentials}})
                   .status == 404U);
    BOOST_TEST(ask("POST", "/v1/accounts/" + id + "/refresh").status == 200U);
    // The same client id twice is one app with a new secret.
    std::string first;
    for (std::string_view const secret : {"new", "newer"}) {
        auto const stored =
            unipost.ask("POST", "/v1/platform-credentials",
                        R"({"platform":"twitter","client_secret":")" + std::string{secret} +
                            R"(","client_id":")" + std::string{sandbox::sandbox::default_client_id} + "\"}");
        BOOST_TEST(stored.status == 201U);
        auto const apps = ask("GET", "/v1/credentials");
        BOOST_TEST(apps.json().at("data").as_array().size() == 1U);
        first = first.empty() ? apps.text("/data/0/id") : first;
        BOOST_TEST(apps.text("/data/0/id") == first);
    }
    // Another one takes its place, and the account is refreshed as before.
    BOOST_TEST(unipost
                   .ask("POST", "/v1/platform-credentials",
                        R"({"platform":"twitter","client_secret":"s","client_id":"another"})")
                   .status == 201U);
    BOOST_TEST(unipost.ask("GET", "/v1/platform-credentials").text("/data/0/client_id") == "another");
    BOOST_TEST(ask("POST", "/v1/accounts/" + id + "/refresh").status == 200U);
}

BOOST_AUTO_TEST_CASE(accounts_are_listed_watched_and_disconnected) {
    auto browser = unipost;
    browser.base = "";
    finish(browser, begin(unipost));
    auto const path = "/v1/accounts/" + text(accounts().front(), "/id");
    auto const profile = text(accounts().front(), "/profile_id");
    constexpr std::string_view none = R"({"data":[],"meta":{"total":0,"limit":0},"request_id":"<id>"})";
    constexpr std::string_view one =
        R"({"data":[{"id":"<any>","profile_id":"<any>","profile_name":"<any>","platform":"twitter",
            "account_name":"ada_marlow","external_account_id":"<any>","connected_at":"<time>","status":"active",
            "connection_type":"managed","external_user_id":"cust-77","scope":"<list>","username":"ada_marlow",
            "display_name":"<any>","identity_refresh_required":false,"last_connected_at":"<time>"}],
            "meta":{"total":1,"limit":1},"request_id":"<id>"})";
    auto const health = path + "/health";
    auto const dismissed = path + "/dismiss";
    auto const of_profile = "/v1/profiles/" + profile + "/accounts";
    auto const users = "/v1/profiles/" + profile + "/users";
    auto const user = users + "/cust-77";
    play(
        unipost,
        {{"GET", "/v1/accounts", "", 200, one},
         {"GET", "/v1/accounts?platform=twitter&external_user_id=cust-77", "", 200, one},
         {"GET", "/v1/accounts?external_user_id=cust-78", "", 200, none},
         {"GET", of_profile, "", 200, one},
         {"GET", health, "", 200,
          R"({"data":{"social_account_id":"<any>","platform":"twitter","status":"ok",
           "token_expires_at":"<time>"},"request_id":"<id>"})"},
         {"GET", "/v1/users", "", 200,
          R"({"data":[{"external_user_id":"cust-77","account_count":1,"platform_counts":{"twitter":1},
           "reconnect_count":0,"disconnected_count":0,"first_connected_at":"<time>"}],
           "meta":{"total":1,"limit":1},"request_id":"<id>"})"},
         {"GET", "/v1/users/cust-77", "", 200,
          R"({"data":{"external_user_id":"cust-77","account_count":1,"accounts":"<list>"},"request_id":"<id>"})"},
         {"GET", "/v1/users/nobody", "", 404, not_found},
         {"GET", "/v1/users?limit=101", "", 422,
          R"({"error":{"code":"VALIDATION_ERROR","normalized_code":"validation_error","message":"<any>",
           "issues":"<list>"},"request_id":"<id>"})"},
         {"GET", users, "", 200, R"({"data":"<list>","meta":{"total":1,"limit":1},"request_id":"<id>"})"},
         {"GET", "/v1/profiles/prof_nobody/users", "", 404, not_found},
         {"GET", user, "", 200,
          R"({"data":{"external_user_id":"cust-77","account_count":1,"accounts":"<list>"},"request_id":"<id>"})"},
         {"DELETE", path, "", 200, R"({"data":{"disconnected":true},"request_id":"<id>"})"},
         {"DELETE", "/v1/accounts/acc_nobody", "", 404, not_found},
         {"GET", "/v1/accounts", "", 200, none},
         {"GET", "/v1/users?limit=5", "", 200,
          R"({"data":[{"external_user_id":"cust-77","account_count":0,"platform_counts":{},
           "reconnect_count":0,"disconnected_count":1,"first_connected_at":"<time>"}],
           "meta":{"total":1,"limit":1},"request_id":"<id>"})"},
         {"POST", dismissed, "", 200, R"({"data":{"dismissed":true},"request_id":"<id>"})"},
         {"POST", dismissed, "", 404, not_found},
         {"GET", user, "", 404, not_found}});
    finish(browser, begin(unipost));
    unipost.ask("DELETE", "/v1/accounts/" + text(accounts().front(), "/id"));
    play(unipost, {{"POST", user + "/dismiss", "", 200, R"({"data":{"dismissed":true},"request_id":"<id>"})"},
                   {"GET", "/v1/users", "", 200, none}});
}

BOOST_AUTO_TEST_CASE(own_accounts_are_connected_without_a_session) {
    auto const begun = unipost.ask("POST", "/v1/oauth/connect",
                                   R"({"platform":"twitter","redirect_url":"https://shop.example/own"})");
    BOOST_TEST(difference({"POST", "", "", 200, R"({"data":{"auth_url":"<any>"},"request_id":"<id>"})"},
                          begun) == "");
    BOOST_TEST(visit(consent(begun.text("/data/auth_url"))).header("location") ==
               "https://shop.example/own?status=success&account_name=ada_marlow");
    auto const who = pretend.persons().at(pretend.persons().find("ada").value());
    auto const with = [&](std::string_view name, std::string_view word, std::string_view password) {
        return R"({"platform":"bluesky","credentials":{")" + std::string{name} + R"(":")" + who->handle +
               R"(",")" + std::string{word} + R"(":")" + std::string{password} + "\"}}";
    };
    auto const& password = who->app_passwords.front().password;
    BOOST_TEST(unipost.ask("POST", "/v1/accounts/connect", with("handle", "app_password", password)).status ==
               201U);
    BOOST_TEST(unipost.ask("POST", "/v1/accounts/connect", with("identifier", "password", password)).status ==
               201U);
    play(unipost, {{"POST", "/v1/accounts/connect", with("handle", "app_password", "aaaa-bbbb-cccc-dddd"),
                    401, unauthorized}});
}

BOOST_AUTO_TEST_CASE(profiles_have_names_of_their_own) {
    constexpr std::string_view made =
        R"({"data":{"id":"<any>","workspace_id":"<any>","name":"Shop","account_count":0,
            "branding_hide_powered_by":false,"created_at":"<time>","updated_at":"<time>"},"request_id":"<id>"})";
    play(unipost,
         {{"POST", "/v1/profiles", R"({"name":"Shop"})", 201, made},
          {"POST", "/v1/profiles", R"({"name":"Shop"})", 409,
           R"({"error":{"code":"PROFILE_NAME_TAKEN","normalized_code":"profile_name_taken","message":"<any>"},
           "request_id":"<id>"})"},
          {"GET", "/v1/profiles/prof_nobody", "", 404, not_found}});
    auto const all = unipost.ask("GET", "/v1/profiles");
    auto const path = "/v1/profiles/" + all.text("/data/1/id");
    play(unipost, {{"GET", path, "", 200, made}});
    BOOST_TEST(begin(unipost).status == 422U); // which of the two?
    auto const first = "/v1/profiles/" + all.text("/data/0/id");
    BOOST_TEST(unipost.ask("PATCH", path, R"({"name":"Store"})").text("/data/name") == "Store");
    BOOST_TEST(unipost.ask("DELETE", first).text("/error/code") == "DEFAULT_PROFILE_PROTECTED");
    play(unipost, {{"DELETE", path, "", 204, ""}, {"GET", path, "", 404, not_found}});
    BOOST_TEST(unipost.ask("GET", "/v1/workspace").text("/data/id") == home.workspace);
    BOOST_TEST(unipost.ask("GET", "/health").text("/status") == "ok");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
