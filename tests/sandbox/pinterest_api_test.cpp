// Pinterest's API: accounts with and without a business name, boards by bookmark, pins that need a board and
// a picture, what Trial access may not do, and quotas in headers.
#include "tests/sandbox/pinterest_visit.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

struct api_visit : pinterest_visit {
    answer boards(std::string_view token, std::string const& query = "") {
        return site.get("/v5/boards" + query, {bearer(token)});
    }
    answer pin(std::string_view token, std::string const& json) {
        return site.post_json("/v5/pins", json, {bearer(token)});
    }
    std::string board(std::string_view token) { return boards(token).text("/items/0/id"); }

    static std::string pin_json(std::string const& board_id, std::string const& more = "",
                                std::string const& source = R"({"source_type":"image_url",)"
                                                            R"("url":"https://media.example/1.jpg"})") {
        return R"({"board_id":")" + board_id + R"(",)" + more + R"("media_source":)" + source + "}";
    }
};

BOOST_FIXTURE_TEST_SUITE(pinterest_api_test, api_visit)

BOOST_AUTO_TEST_CASE(an_account_is_a_flat_object_with_its_id_as_text) {
    auto const got = account(connect().text("/access_token"));
    BOOST_TEST(got.status == 200);
    BOOST_TEST(got.text("/id").size() == 19); // beyond 2^53
    BOOST_TEST(got.text("/username") == "ada_marlow_pins");
    BOOST_TEST(got.text("/account_type") == "BUSINESS");
    BOOST_TEST(got.text("/business_name") == "Ada Marlow");
    auto const picture = got.text("/profile_image");
    BOOST_TEST(site.get(picture.substr(pretend.url("pinterest").size())).header("content-type") ==
               "image/svg+xml");
}

BOOST_AUTO_TEST_CASE(people_differ_in_what_their_account_has) {
    auto const ben = account(connect("ben").text("/access_token"));
    BOOST_TEST(ben.text("/account_type") == "PINNER");
    BOOST_TEST(ben.json().at("business_name").is_null());
    BOOST_TEST(!ben.json().as_object().contains("profile_image"));
    BOOST_TEST(account(connect("cleo").text("/access_token")).text("/business_name") ==
               "B\xc3\xa4"
               "ckerei Cl\xc3\xa9o & S\xc3\xb6hne");
    control.send("PATCH", "/people/cleo", {}, R"({"traits":["pinterest_no_business_name"]})");
    auto const cleo = account(connect("cleo").text("/access_token"));
    BOOST_TEST(cleo.text("/account_type") == "BUSINESS");
    BOOST_TEST(cleo.json().at("business_name").is_null());
    auto const fresh = [&] { return account(connect("fresh").text("/access_token")).text("/id"); };
    BOOST_TEST(fresh() != fresh());
}

BOOST_AUTO_TEST_CASE(calls_need_a_living_token_and_its_scope) {
    BOOST_TEST(number_of(site.get("/v5/user_account")) == "401 2");
    BOOST_TEST(number_of(account("pina_nonsense")) == "401 2");
    auto const got = connect("ada", {{"scope", "boards:read"}});
    BOOST_TEST(number_of(account(got.text("/access_token"))) == "403 29");
    BOOST_TEST(number_of(account(got.text("/refresh_token"))) == "401 2");
    BOOST_TEST(boards(got.text("/access_token")).status == 200);
    ahead(std::chrono::hours{24 * 30});
    BOOST_TEST(number_of(boards(got.text("/access_token"))) == "401 2");
    BOOST_TEST(site.get("/v5/nothing").status == 404);
    BOOST_TEST(!site.get("/v5/nothing").header("x-pinterest-rid").empty());
}

BOOST_AUTO_TEST_CASE(boards_are_paged_by_bookmark) {
    auto const token = connect().text("/access_token");
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(
            site.post_json("/v5/boards", R"({"name":"Board )" + std::to_string(i) + R"("})", {bearer(token)})
                .status == 201);
    auto const first = boards(token, "?page_size=4");
    BOOST_TEST(first.json().at("items").as_array().size() == 4);
    BOOST_TEST(first.text("/items/0/owner/username") == "ada_marlow_pins");
    auto const second = boards(token, "?page_size=4&bookmark=" + first.text("/bookmark"));
    BOOST_TEST(second.json().at("items").as_array().size() == 1);
    BOOST_TEST(second.json().at("bookmark").is_null());
    BOOST_TEST(boards(token, "?page_size=250").json().at("items").as_array().size() == 5);
    for (auto const* const query : {"?page_size=0", "?page_size=251", "?page_size=x", "?bookmark=x"})
        BOOST_TEST(number_of(boards(token, query)) == "400 1", query);
    auto const other = connect("ben").text("/access_token");
    BOOST_TEST(board(other) != board(token));
}

BOOST_AUTO_TEST_CASE(a_board_needs_a_name_that_is_new) {
    auto const token = connect().text("/access_token");
    auto const create = [&](std::string const& json) {
        return site.post_json("/v5/boards", json, {bearer(token)});
    };
    auto const made = create(R"({"name":"probe","privacy":"PUBLIC"})");
    BOOST_TEST(made.status == 201);
    BOOST_TEST(made.text("/name") == "probe");
    BOOST_TEST(number_of(create(R"({"name":"probe"})")) == "400 58");
    BOOST_TEST(number_of(create(R"({"name":""})")) == "400 1");
    BOOST_TEST(number_of(create(R"({"name":"x","privacy":"SOMETIMES"})")) == "400 1");
    BOOST_TEST(number_of(create(R"({"name":"x","colour":"red"})")) == "400 1");
    BOOST_TEST(number_of(create(R"({"name":"x","privacy":"SECRET"})")) == "403 29");
    auto const reader = connect("ada", {{"scope", "boards:read"}}).text("/access_token");
    BOOST_TEST(number_of(site.post_json("/v5/boards", R"({"name":"x"})", {bearer(reader)})) == "403 29");
}

BOOST_AUTO_TEST_CASE(a_secret_board_shows_to_those_who_may_see_it) {
    auto const secretive =
        connect("ada", {{"scope", "boards:read,boards:write,boards:read_secret,boards:write_secret"}})
            .text("/access_token");
    BOOST_TEST(
        site.post_json("/v5/boards", R"({"name":"hush","privacy":"SECRET"})", {bearer(secretive)}).status ==
        201);
    BOOST_TEST(boards(secretive).json().at("items").as_array().size() == 3);
    BOOST_TEST(boards(connect().text("/access_token")).json().at("items").as_array().size() == 2);
}

BOOST_AUTO_TEST_CASE(a_pin_goes_on_a_board_with_a_picture) {
    auto const token = connect().text("/access_token");
    auto const made = pin(token, pin_json(board(token), R"("title":"Hello","link":"https://app.example/",)"));
    BOOST_TEST(made.status == 201);
    BOOST_TEST(made.text("/id").size() > 16);
    BOOST_TEST(made.text("/id").find_first_not_of("0123456789") == std::string::npos);
    BOOST_TEST(made.text("/title") == "Hello");
    BOOST_TEST(made.text("/board_id") == board(token));
    BOOST_TEST(site.get("/v5/pins/" + made.text("/id"), {bearer(token)}).text("/title") == "Hello");
    auto const listed = control.get("/pinterest/posts");
    BOOST_TEST(listed.text("/data/0/id") == made.text("/id"));
    BOOST_TEST(listed.text("/data/0/details/media_source/url") == "https://media.example/1.jpg");
    BOOST_TEST(pin(token, pin_json(board(token), R"("title":"Hello",)")).status == 201);
    auto const ben = connect("ben").text("/access_token");
    BOOST_TEST(site.get("/v5/pins/" + made.text("/id"), {bearer(ben)}).status == 404);
    BOOST_TEST(number_of(pin(ben, pin_json(board(token)))) == "404 40");
}

BOOST_AUTO_TEST_CASE(pins_are_checked_member_by_member) {
    auto const token = connect().text("/access_token");
    auto const on = board(token);
    auto const refused = [&](std::string const& json) { return number_of(pin(token, json)); };
    BOOST_TEST(refused(R"({"board_id":")" + on + R"("})") == "400 1");
    BOOST_TEST(refused(R"({"media_source":{"source_type":"image_url","url":"https://a.example/1"}})") ==
               "400 1");
    BOOST_TEST(refused(pin_json(on, R"("tittle":"x",)")) == "400 1");
    BOOST_TEST(refused(pin_json(on, R"("title":")" + std::string(101, 't') + R"(",)")) == "400 1");
    BOOST_TEST(refused(pin_json(on, R"("description":")" + std::string(801, 'd') + R"(",)")) == "400 1");
    BOOST_TEST(refused(pin_json(on, R"("alt_text":")" + std::string(501, 'a') + R"(",)")) == "400 1");
    BOOST_TEST(refused(pin_json(on, R"("link":")" + std::string(2049, 'l') + R"(",)")) == "400 1");
    BOOST_TEST(refused(pin_json(on, "", R"({"source_type":"image_url"})")) == "400 1");
    BOOST_TEST(refused(pin_json(on, "", R"({"source_type":"rumour"})")) == "400 1");
    BOOST_TEST(refused(pin_json(on, "", R"({"source_type":"multiple_image_urls","items":[{}]})")) == "400 1");
    BOOST_TEST(refused("[]") == "400 1");
    auto const local =
        pin(token, pin_json(on, "", R"({"source_type":"image_url","url":"http://127.0.0.1/a"})"));
    BOOST_TEST(local.status == 400);
    BOOST_TEST(local.text("/message").starts_with("Unable to reach the URL"));
    BOOST_TEST(
        pin(token, pin_json(on, R"("title":")" + std::string(100, 't') + R"(","note":null,)",
                            R"({"source_type":"image_base64","content_type":"image/png","data":"aGk="})"))
            .status == 201);
    BOOST_TEST(refused(pin_json("1")) == "404 40");
}

BOOST_AUTO_TEST_CASE(trial_access_may_not_pin_but_may_make_boards) {
    auto const token = connect_app("trial-app", R"(["trial"])").text("/access_token");
    auto const refused = pin(token, pin_json(board(token)));
    BOOST_TEST(number_of(refused) == "403 29");
    BOOST_TEST(refused.text("/message").find("https://api-sandbox.pinterest.com") != std::string::npos);
    BOOST_TEST(site.post_json("/v5/boards", R"({"name":"probe"})", {bearer(token)}).status == 201);
}

BOOST_AUTO_TEST_CASE(a_restricted_feature_is_401_with_another_number) {
    auto const token = connect_app("restricted-app", R"(["no_pin_edit"])").text("/access_token");
    auto const refused = pin(token, pin_json(board(token)));
    BOOST_TEST(number_of(refused) == "401 3");
    BOOST_TEST(refused.text("/message") ==
               "Your application does not have access to this restricted feature: pin_edit");
    BOOST_TEST(account(token).status == 200);
    BOOST_TEST(
        control
            .post_json("/pinterest/apps",
                       R"({"client_id":"a","client_secret":"s","redirect_uris":["https://a.example/"],)"
                       R"("flags":["restricted"]})")
            .status == 400);
}

BOOST_AUTO_TEST_CASE(quotas_are_told_in_headers_and_token_calls_count) {
    auto const got = connect_app("trial-app", R"(["trial"])");
    BOOST_TEST(got.header("x-ratelimit-limit") == "1000");
    BOOST_TEST(got.header("x-ratelimit-remaining") == "999");
    auto const reset = std::stol(got.header("x-ratelimit-reset"));
    BOOST_TEST((reset > 0 && reset <= 86'400));
    auto const token = got.text("/access_token");
    BOOST_TEST(account(token).header("x-ratelimit-remaining") == "998");
    auto const made = site.post_json("/v5/boards", R"({"name":"probe"})", {bearer(token)});
    BOOST_TEST(made.header("x-ratelimit-limit") == "300");
    BOOST_TEST(made.header("x-ratelimit-remaining") == "299");
}

BOOST_AUTO_TEST_CASE(a_trial_app_that_refreshes_too_eagerly_starves) {
    connect_app("trial-app", R"(["trial"])");
    auto const ask = [&] { return refresh("pinr.nonsense", {}, basic("trial-app", "s")); };
    for (int i = 0; i < 999; ++i)
        ask();
    auto const refused = ask();
    BOOST_TEST(number_of(refused) == "429 8");
    BOOST_TEST(refused.header("x-ratelimit-remaining") == "0");
    BOOST_TEST(connect().status == 200);
    ahead(std::chrono::hours{24});
    BOOST_TEST(number_of(ask()) == "401 283");
}

BOOST_AUTO_TEST_CASE(faults_speak_pinterest) {
    auto const token = connect().text("/access_token");
    for (auto const& [status, code] : {std::pair{401, 2}, {403, 29}, {429, 8}, {503, 0}}) {
        control.post_json("/faults", R"({"platform":"pinterest","endpoint":"user_account","kind":"status",)"
                                     R"("status":)" +
                                         std::to_string(status) + "}");
        BOOST_TEST(number_of(account(token)) == std::to_string(status) + " " + std::to_string(code));
    }
    control.post_json("/faults",
                      R"({"platform":"pinterest","endpoint":"token","kind":"success_without_token"})");
    BOOST_TEST(!connect().json().as_object().contains("access_token"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
