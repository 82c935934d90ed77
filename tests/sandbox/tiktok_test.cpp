// The pretend TikTok: client_key, commas, two kinds of apps, errors with status 200, fields by scope, drafts.
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "tests/sandbox/stage.hpp"
#include "tests/support/client.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

constexpr std::string_view web_callback = "https://app.example/cb/tiktok";
constexpr std::string_view desktop_callback = "http://127.0.0.1:3455/cb";

struct tiktok_stage {
    sandbox::sandbox pretend{{.only = {"tiktok"}, .redirect_uris = {std::string{web_callback}}}};
    client api{pretend.url("tiktok")};
    sandbox::oauth::oauth_platform& platform = *pretend.platforms().front()->as_oauth();
    std::string key{sandbox::sandbox::default_client_id};
    std::string callback{web_callback};

    // Registers an app for Desktop and goes on as that.
    void use_desktop_app() {
        key = "aw-desktop";
        callback = desktop_callback;
        BOOST_TEST(platform.apps().put({key,
                                        std::string{sandbox::sandbox::default_client_secret},
                                        "Desk",
                                        true,
                                        {callback},
                                        {"desktop"}}) == "");
    }

    std::string consent(std::map<std::string, std::string> const& changed = {},
                        sandbox::oauth::decision made = {.person = "ada"}) {
        std::map<std::string, std::string> query{{"response_type", "code"},
                                                 {"client_key", key},
                                                 {"redirect_uri", callback},
                                                 {"scope", "video.upload,user.info.profile"},
                                                 {"state", "s-1"}};
        for (auto const& [name, value] : changed)
            query[name] = value;
        std::erase_if(query, [](auto const& each) { return each.second.empty(); });
        auto const ended = platform.authorization().consent("/v2/auth/authorize/?" + query_of(query), made,
                                                            pretend.clock().now());
        return ended.problem.empty() ? ended.location : "page: " + ended.problem;
    }

    answer ask(std::map<std::string, std::string> const& changed,
               std::string_view path = "/v2/oauth/token/") {
        std::map<std::string, std::string> form{
            {"client_key", key}, {"client_secret", std::string{sandbox::sandbox::default_client_secret}}};
        for (auto const& [name, value] : changed)
            form[name] = value;
        return api.post_form(std::string{path}, query_of(form));
    }
    answer exchange(std::string_view location, std::map<std::string, std::string> const& changed = {}) {
        std::map<std::string, std::string> form{{"grant_type", "authorization_code"},
                                                {"code", parameter_of(location, "code")},
                                                {"redirect_uri", callback}};
        for (auto const& [name, value] : changed)
            form[name] = value;
        return ask(form);
    }
    answer refresh(std::string const& token) {
        return ask({{"grant_type", "refresh_token"}, {"refresh_token", token}});
    }
    answer info(std::string_view token, std::string_view fields) {
        return api.get("/v2/user/info/?fields=" + std::string{fields}, {bearer(token)});
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tiktok_test, tiktok_stage)

BOOST_AUTO_TEST_CASE(the_page_wants_client_key_commas_and_a_state) {
    BOOST_TEST(consent({{"client_key", ""}, {"client_id", key}}) == "page: client_key");
    BOOST_TEST(consent({{"scope", "video.upload user.info.profile"}}) == "page: scope");
    BOOST_TEST(consent({{"state", ""}}) == "page: state");
    BOOST_TEST(consent({{"redirect_uri", "https://app.example/cb/tiktok/"}}) == "page: redirect_uri");
    auto const back = consent();
    BOOST_TEST(parameter_of(back, "scopes") == "user.info.basic,user.info.profile,video.upload");
    BOOST_TEST(parameter_of(back, "code").ends_with("*0!4523.e1"));
    BOOST_TEST(parameter_of(consent({}, {.answer = "deny", .person = "ada"}), "error") == "access_denied");
}

BOOST_AUTO_TEST_CASE(redirects_of_web_apps_are_public_and_those_of_desktop_apps_local) {
    auto const problem = [&](std::string uri, std::vector<std::string> flags) {
        return !platform.apps()
                    .put({"other", "secret", "Other", true, {std::move(uri)}, std::move(flags)})
                    .empty();
    };
    BOOST_TEST(problem("http://app.example/cb", {}));
    BOOST_TEST(problem("https://app.example/cb?x=1", {}));
    BOOST_TEST(problem("https://localhost:8080/cb", {}));
    BOOST_TEST(problem("https://app.example/cb", {"desktop"}));
    BOOST_TEST(!problem("http://localhost:8080/cb", {"desktop"}));
}

BOOST_AUTO_TEST_CASE(a_desktop_app_may_register_any_port) {
    BOOST_TEST(platform.apps().put({"aw-any",
                                    std::string{sandbox::sandbox::default_client_secret},
                                    "Desk",
                                    true,
                                    {"http://127.0.0.1:*/cb"},
                                    {"desktop"}}) == "");
    key = "aw-any";
    std::map<std::string, std::string> asked{{"code_challenge", std::string(64, 'a')},
                                             {"code_challenge_method", "S256"}};
    for (auto const* const uri : {"http://127.0.0.1:3455/cb", "http://127.0.0.1:80/cb"}) {
        asked["redirect_uri"] = uri;
        BOOST_TEST(consent(asked).starts_with(uri));
    }
    for (auto const* const uri : {"http://127.0.0.1:*/cb", "http://127.0.0.1:/cb",
                                  "http://127.0.0.1:80/other", "http://127.0.0.1/cb"}) {
        asked["redirect_uri"] = uri;
        BOOST_TEST(consent(asked) == "page: redirect_uri");
    }
}

BOOST_AUTO_TEST_CASE(an_app_asks_only_for_scopes_that_were_added_to_it) {
    BOOST_TEST(platform.apps().put({key,
                                    std::string{sandbox::sandbox::default_client_secret},
                                    "Few",
                                    true,
                                    {callback},
                                    {},
                                    {"video.upload"}}) == "");
    BOOST_TEST(consent() == "page: scope");
    BOOST_TEST(parameter_of(consent({{"scope", "video.upload"}}), "scopes") ==
               "user.info.basic,video.upload");
}

BOOST_AUTO_TEST_CASE(a_good_exchange_names_both_lifetimes) {
    auto const got = exchange(consent());
    BOOST_TEST(got.status == 200);
    BOOST_TEST(got.json().at("expires_in").as_int64() == 7200);
    BOOST_TEST(got.json().at("refresh_expires_in").as_int64() == 15'552'000);
    BOOST_TEST(got.text("/scope") == "user.info.basic,user.info.profile,video.upload");
    BOOST_TEST(got.text("/open_id").size() == 36u);
    BOOST_TEST(got.text("/access_token").starts_with("act."));
}

BOOST_AUTO_TEST_CASE(refusals_come_with_200_unless_told_otherwise) {
    auto const spent = consent();
    exchange(spent);
    auto const got = exchange(spent);
    BOOST_TEST(got.status == 200);
    BOOST_TEST(got.text("/error") == "invalid_grant");
    BOOST_TEST(!got.text("/log_id").empty());
    BOOST_TEST(ask({{"grant_type", "refresh_token"}, {"refresh_token", "x"}, {"client_secret", "no"}})
                   .text("/error") == "invalid_client");
    platform.switches().set({"errors_with_status"});
    BOOST_TEST(exchange(spent).status == 400);
}

BOOST_AUTO_TEST_CASE(a_desktop_app_proves_itself_with_hexadecimal) {
    use_desktop_app();
    BOOST_TEST(consent() == "page: code_challenge");
    auto const verifier = std::string{stage::verifier};
    std::map<std::string, std::string> pkce{{"code_challenge", std::string{stage::challenge}},
                                            {"code_challenge_method", "S256"}};
    auto const wrong = exchange(consent(pkce), {{"code_verifier", verifier}});
    BOOST_TEST(wrong.text("/error_description") == "Code verifier or code challenge is invalid.");
    pkce["code_challenge"] = crypto::encode_hex(crypto::sha256(verifier));
    BOOST_TEST(!exchange(consent(pkce), {{"code_verifier", verifier}}).text("/access_token").empty());
}

BOOST_AUTO_TEST_CASE(a_refresh_token_works_once_and_the_window_does_not_move) {
    auto const first = exchange(consent());
    pretend.clock().advance(std::chrono::days{10});
    auto const second = refresh(first.text("/refresh_token"));
    BOOST_TEST(second.text("/refresh_token") != first.text("/refresh_token"));
    auto const left = second.json().at("refresh_expires_in").as_int64();
    BOOST_TEST(left <= 170 * 86'400);
    BOOST_TEST(left > 170 * 86'400 - 600); // the sandbox's clock goes on meanwhile
    BOOST_TEST(refresh(first.text("/refresh_token")).text("/error") == "invalid_grant");
    BOOST_TEST(info(second.text("/access_token"), "open_id").status == 200);
}

BOOST_AUTO_TEST_CASE(one_field_without_its_scope_fails_the_call) {
    auto const basic = exchange(consent({{"scope", "user.info.basic"}})).text("/access_token");
    auto const got = info(basic, "open_id,union_id,display_name,avatar_url");
    BOOST_TEST(got.text("/error/code") == "ok");
    BOOST_TEST(!got.text("/data/user/open_id").empty());
    auto const refused = info(basic, "open_id,username");
    BOOST_TEST(refused.status == 401);
    BOOST_TEST(refused.text("/error/code") == "scope_not_authorized");
    BOOST_TEST(info(basic, "").status == 400);
    BOOST_TEST(info("act.none", "open_id").text("/error/code") == "access_token_invalid");
    // Left unticked on the page.
    auto const part =
        exchange(consent({}, {.person = "ada", .scopes = std::vector<std::string>{"user.info.basic"}}));
    BOOST_TEST(part.text("/scope") == "user.info.basic");
}

BOOST_AUTO_TEST_CASE(a_revocation_takes_a_living_access_token) {
    auto const first = exchange(consent());
    auto const token = first.text("/access_token");
    BOOST_TEST(ask({{"token", first.text("/refresh_token")}}, "/v2/oauth/revoke/").text("/error") ==
               "invalid_request");
    auto const done = ask({{"token", token}}, "/v2/oauth/revoke/");
    BOOST_TEST(done.status == 200);
    BOOST_TEST(done.body == "");
    BOOST_TEST(info(token, "open_id").status == 401);
    BOOST_TEST(refresh(first.text("/refresh_token")).text("/error") == "invalid_grant");
    auto const late = exchange(consent()).text("/access_token");
    pretend.clock().advance(std::chrono::hours{3});
    BOOST_TEST(ask({{"token", late}}, "/v2/oauth/revoke/").text("/error") == "invalid_request");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
