// What the API refuses and how it says so: every error is a problem document with a code, a request id and,
// for a body, the place of each mistake.
#include "server/api/routes.hpp"
#include "tests/server/whole_server.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <latch>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace connectd::tests {
namespace {

std::string const sessions = "/v1/connect/sessions";

} // namespace

BOOST_AUTO_TEST_SUITE(api_input_test)

BOOST_FIXTURE_TEST_CASE(a_body_that_is_not_json_is_refused, whole_server) {
    for (auto const* const body : {"", "platform=x", "{\"platform\":\"x\"", "{\"platform\":\"x\"} {}",
                                   "\xff\xfe", "{\"platform\":\"x\",}", "{'platform':'x'}"}) {
        BOOST_TEST(refusal(ask_raw("POST", sessions, body)) == "400 invalid_json");
    }
}

BOOST_FIXTURE_TEST_CASE(a_body_that_is_no_object_is_refused, whole_server) {
    for (auto const* const body : {"[]", "\"x\"", "null", "7"}) {
        BOOST_TEST(refusal(ask_raw("POST", sessions, body)) == "422 body_invalid");
    }
}

BOOST_FIXTURE_TEST_CASE(another_media_type_is_refused, whole_server) {
    std::string const body = "{\"name\":\"Ada\"}";
    for (auto const* const type :
         {"text/plain", "application/x-www-form-urlencoded", "application/xml", "json"}) {
        BOOST_TEST(refusal(ask_raw("POST", "/v1/profiles", body, type)) == "415 media_type_unsupported");
    }
    BOOST_TEST(ask_raw("POST", "/v1/profiles", body, "application/json; charset=utf-8").status == 201U);
    BOOST_TEST(ask_raw("POST", "/v1/profiles", body, "").status == 201U);
}

BOOST_FIXTURE_TEST_CASE(a_body_that_is_too_large_is_refused, whole_server) {
    auto const large = "{\"name\":\"" + std::string(1024 * 1024, 'x') + "\"}";
    BOOST_TEST(refusal(ask_raw("POST", "/v1/profiles", large)) == "413 body_too_large");
    BOOST_TEST(ask("GET", "/v1/profiles").status == 200U);
}

BOOST_FIXTURE_TEST_CASE(a_body_that_is_too_deep_is_refused, whole_server) {
    for (std::size_t const depth : {40U, 100'000U}) {
        auto const deep =
            "{\"name\":\"a\",\"metadata\":{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}}";
        auto const got = ask_raw("POST", "/v1/profiles", deep);
        BOOST_TEST((got.status == 400U || got.status == 422U));
        BOOST_TEST(refusal(got).ends_with("_json") == (got.status == 400U));
    }
}

BOOST_FIXTURE_TEST_CASE(every_wrong_member_is_named, whole_server) {
    auto const several = ask_raw("POST", sessions, R"({"platfrom":"x","return_url":7,"scopes":["a",1]})");
    BOOST_TEST(refusal(several) == "422 body_invalid");
    auto const errors = field_errors(several);
    for (auto const* const part :
         {"/platfrom unknown", "/platform required", "/return_url wrong_type", "/scopes/1 wrong_type"}) {
        BOOST_TEST(errors.find(part) != std::string::npos, part << " in " << errors);
    }
    BOOST_TEST(field_errors(ask_raw("POST", "/v1/profiles", R"({"name":"a","metadata":"b"})")) ==
               "/metadata wrong_type");
    BOOST_TEST(field_errors(ask_raw("POST", "/v1/profiles", R"({"name":"a","external_id":{}})")) ==
               "/external_id wrong_type");
    BOOST_TEST(field_errors(ask("POST", "/v1/credentials", {{"platform", "x"}})) == "/client_id required");
    BOOST_TEST(ask_raw("POST", "/v1/profiles", R"({"name":"a","external_id":null})").status == 201U);
    auto const twice = ask_raw("POST", "/v1/profiles", R"({"name":"a","name":"b"})");
    BOOST_TEST((twice.status == 400U || twice.status == 422U));
    BOOST_TEST(ask("GET", "/v1/profiles").json().at("data").as_array().size() == 2U); // "Default" and one
}

BOOST_FIXTURE_TEST_CASE(values_that_cannot_be_are_refused_by_their_member, whole_server) {
    auto const at = [&](std::string const& path, boost::json::object const& body) {
        auto const got = ask("POST", path, body);
        return refusal(got) + ": " + field_errors(got);
    };
    BOOST_TEST(at("/v1/profiles", {{"name", " "}}) == "422 field_invalid: /name field_invalid");
    BOOST_TEST(at("/v1/profiles", {{"name", "a\nb"}}) == "422 field_invalid: /name field_invalid");
    BOOST_TEST(at("/v1/profiles", {{"name", std::string(5000, 'x')}}) ==
               "422 field_invalid: /name field_invalid");
    BOOST_TEST(at("/v1/profiles", {{"name", "a"}, {"external_id", std::string(300, 'x')}}) ==
               "422 field_invalid: /external_id field_invalid");
    BOOST_TEST(at("/v1/credentials", {{"platform", "x"}, {"client_id", "a b"}}) ==
               "422 field_invalid: /client_id field_invalid");
    BOOST_TEST(at(sessions, {{"platform", "x"}, {"scopes", {"ok", "no good"}}}) ==
               "422 field_invalid: /scopes/1 field_invalid");
    BOOST_TEST(at(sessions, {{"platform", "myspace"}}).starts_with("422 platform_unknown"));
    BOOST_TEST(at(sessions, {{"platform", "x"}, {"profile_id", "prof_nonsense"}})
                   .starts_with("404 profile_not_found"));
    BOOST_TEST(at(sessions, {{"platform", "x"}, {"account_id", home.workspace}})
                   .starts_with("404 account_not_found"));
    BOOST_TEST(at(sessions, {{"platform", "x"}, {"credentials_id", "app_00000000000000000000000000"}})
                   .starts_with("404 credentials_not_found"));
}

BOOST_FIXTURE_TEST_CASE(return_urls_are_https_or_loopback, whole_server) {
    auto const with = [&](std::string_view wanted) {
        return ask("POST", sessions, {{"platform", "x"}, {"return_url", wanted}});
    };
    for (auto const* const bad :
         {"http://shop.example/", "javascript:alert(1)", "/done", "https://user:pw@shop.example/", "ftp://a/",
          "http://localhost.evil.example/", "data:text/html,x", "https://"}) {
        auto const got = with(bad);
        BOOST_TEST(refusal(got) == "422 return_url_refused", bad);
        BOOST_TEST(field_errors(got) == "/return_url return_url_refused");
    }
    BOOST_TEST(with("https://shop.example/a?b=c#d").status == 201U);
    BOOST_TEST(with("http://127.0.0.1:3000/done").status == 201U);
    BOOST_TEST(with("http://localhost:3000/done").status == 201U);
}

BOOST_FIXTURE_TEST_CASE(lists_refuse_parameters_they_do_not_have, whole_server) {
    auto const at = [&](std::string const& path) {
        auto const got = ask("GET", path);
        return refusal(got) + ": " + field_errors(got);
    };
    for (auto const* const limit : {"0", "101", "abc", "-1", "1.5", "", "99999999999999999999"}) {
        BOOST_TEST(at("/v1/accounts?limit=" + std::string{limit}) ==
                   "422 field_invalid: /limit field_invalid");
    }
    BOOST_TEST(at("/v1/accounts?cursor=%21%21") == "422 field_invalid: /cursor field_invalid");
    BOOST_TEST(at("/v1/accounts?cursor=") == "422 field_invalid: /cursor field_invalid");
    BOOST_TEST(at("/v1/accounts?colour=red") == "422 field_invalid: /colour field_invalid");
    BOOST_TEST(at("/v1/accounts?limit=5&limit=6") == "422 field_invalid: /limit field_invalid");
    BOOST_TEST(at("/v1/accounts?status=happy") == "422 field_invalid: /status field_invalid");
    BOOST_TEST(at("/v1/accounts?profile_id=acc_1") == "422 field_invalid: /profile_id field_invalid");
    BOOST_TEST(at("/v1/profiles?status=active") == "422 field_invalid: /status field_invalid");
}

BOOST_FIXTURE_TEST_CASE(a_cursor_of_another_list_is_refused, whole_server) {
    for (auto const* const name : {"One", "Two", "Three"}) {
        ask("POST", "/v1/profiles", {{"name", name}});
    }
    auto const cursor = ask("GET", "/v1/profiles?limit=1").text("/next_cursor");
    BOOST_REQUIRE(!cursor.empty());
    BOOST_TEST(ask("GET", "/v1/profiles?limit=1&cursor=" + cursor).status == 200U);
    auto const other = make_tenant("other");
    auto const theirs = ask_as(other.key, "GET", "/v1/profiles?cursor=" + cursor);
    BOOST_TEST(refusal(theirs) == "422 field_invalid");
    BOOST_TEST(field_errors(theirs) == "/cursor field_invalid");
}

BOOST_FIXTURE_TEST_CASE(what_is_not_there_is_404_and_what_cannot_be_done_405, whole_server) {
    for (auto const* const path :
         {"/", "/v1", "/v2/accounts", "/v1/accounts/", "/v1/accounts/a/b", "/favicon.ico"}) {
        BOOST_TEST(refusal(ask("GET", path)) == "404 not_found", path);
    }
    auto const got = ask("PUT", "/v1/accounts");
    BOOST_TEST(refusal(got) == "405 method_not_allowed");
    BOOST_TEST(got.header("allow").find("GET") != std::string::npos);
    BOOST_TEST(refusal(ask("POST", "/healthz")) == "405 method_not_allowed");
}

BOOST_FIXTURE_TEST_CASE(an_id_of_another_kind_names_nothing, whole_server) {
    auto const account = connect_x();
    auto const profile = text(this->account(account), "/profile_id");
    BOOST_TEST(refusal(ask("GET", "/v1/accounts/" + profile)) == "404 account_not_found");
    BOOST_TEST(refusal(ask("GET", "/v1/profiles/" + account)) == "404 profile_not_found");
    BOOST_TEST(refusal(ask("GET", sessions + "/" + account)) == "404 session_not_found");
    BOOST_TEST(refusal(ask("DELETE", "/v1/credentials/" + account)) == "404 credentials_not_found");
    BOOST_TEST(refusal(ask_as(root_key, "GET", "/v1/workspaces/" + account)) == "404 workspace_not_found");
    BOOST_TEST(refusal(ask("GET", "/v1/accounts/" + account + "0")) == "404 account_not_found");
    BOOST_TEST(refusal(ask("GET", "/v1/accounts/%00")).starts_with("4"));
    BOOST_TEST(ask("GET", "/v1/accounts/" + account).status == 200U);
}

BOOST_FIXTURE_TEST_CASE(slugs_follow_their_rule_and_are_unique, whole_server) {
    auto const with = [&](std::string_view slug) {
        return ask_as(root_key, "POST", "/v1/workspaces", {{"slug", slug}, {"name", "A name"}});
    };
    for (auto const& slug :
         {std::string{}, std::string{"Upper"}, std::string{"under_score"}, std::string{"-edge"},
          std::string{"edge-"}, std::string{"sp ace"}, std::string{"\xc3\xa4"}, std::string(64, 'a')}) {
        auto const got = with(slug);
        BOOST_TEST(refusal(got) == "422 field_invalid", slug);
        BOOST_TEST(field_errors(got) == "/slug field_invalid");
    }
    BOOST_TEST(with(std::string(63, 'a')).status == 201U);
    BOOST_TEST(with("7-up").status == 201U);
    auto const again = with("7-up");
    BOOST_TEST(refusal(again) == "409 slug_taken");
    BOOST_TEST(field_errors(again) == "/slug slug_taken");
    BOOST_TEST(refusal(ask_as(root_key, "POST", "/v1/workspaces",
                              {{"slug", "b"}, {"name", "B"}, {"plan", "platinum"}})) == "422 field_invalid");
}

BOOST_FIXTURE_TEST_CASE(an_external_id_is_unique_in_its_workspace, whole_server) {
    boost::json::object const body{{"name", "Ada"}, {"external_id", "user-1"}};
    auto const made = ask("POST", "/v1/profiles", body);
    BOOST_TEST(made.status == 201U);
    BOOST_TEST(refusal(ask("POST", "/v1/profiles", body)) == "409 external_id_taken");
    auto const found = ask("GET", "/v1/profiles?external_id=user-1").json().at("data").as_array();
    BOOST_TEST(found.size() == 1U);
    BOOST_TEST(text(found.at(0), "/id") == made.text("/id"));
    BOOST_TEST(ask_as(make_tenant("other").key, "POST", "/v1/profiles", body).status == 201U);
}

BOOST_FIXTURE_TEST_CASE(of_many_who_want_one_name_at_once_one_gets_it, whole_server) {
    std::vector<answer> answers(12);
    {
        std::latch ready{static_cast<std::ptrdiff_t>(answers.size())};
        std::vector<std::jthread> askers; // joined before the latch goes
        for (auto& each : answers) {
            askers.emplace_back([&] {
                ready.arrive_and_wait();
                each = ask("POST", "/v1/profiles", {{"name", "Ada"}, {"external_id", "user-1"}});
            });
        }
    }
    BOOST_TEST(std::ranges::count(answers, 201U, &answer::status) == 1);
    BOOST_TEST(std::ranges::count(answers, 409U, &answer::status) == 11);
    BOOST_TEST(ask("GET", "/v1/profiles").json().at("data").as_array().size() == 2U); // "Default" and one
}

BOOST_FIXTURE_TEST_CASE(a_key_has_known_scopes_only, whole_server) {
    auto const path = "/v1/workspaces/" + home.workspace + "/api-keys";
    auto const got = ask_as(root_key, "POST", path, {{"name", "k"}, {"scopes", {"accounts:read", "fly"}}});
    BOOST_TEST(refusal(got) == "422 field_invalid");
    BOOST_TEST(field_errors(got) == "/scopes/1 field_invalid");
    auto const none = ask_as(root_key, "POST", path, {{"name", "k"}, {"scopes", boost::json::array{}}});
    BOOST_TEST(field_errors(none) == "/scopes field_invalid");
}

BOOST_FIXTURE_TEST_CASE(a_session_without_credentials_says_what_to_do, whole_server) {
    BOOST_TEST(ask("DELETE", "/v1/credentials/" + home.credentials).status == 204U);
    auto const got = ask("POST", sessions, {{"platform", "x"}});
    BOOST_TEST(refusal(got) == "422 credentials_missing");
    BOOST_TEST(got.text("/detail").find(url() + "/v1/connect/callback/x") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(every_answer_has_a_request_id_of_its_own, whole_server) {
    std::set<std::string> seen;
    for (auto const* const path : {"/healthz", "/v1/accounts", "/nowhere", "/v1/accounts/acc_x"}) {
        auto const id = ask("GET", path).header("x-request-id");
        BOOST_TEST(!id.empty());
        seen.insert(id);
    }
    BOOST_TEST(seen.size() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
