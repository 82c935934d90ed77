// Taking over tokens that another program has kept, through the API.
#include "tests/server/whole_server.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

namespace connectd::tests {
namespace {

struct import_server : whole_server {
    // Ada's tokens as another program would hold them.
    std::string token(std::string_view kind) {
        for (auto const& grant : pretend.x().grants().list(10, pretend.clock().now())) {
            for (auto const& each : grant.tokens) {
                if (each.kind == kind && each.state == "live") {
                    return each.token;
                }
            }
        }
        return {};
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(token_import_test)

BOOST_FIXTURE_TEST_CASE(a_token_that_lives_is_taken_over, import_server) {
    connect_x("ada");
    auto const next = make_tenant("next");
    boost::json::object body{{"platform", "twitter"},
                             {"access_token", token("access")},
                             {"refresh_token", token("refresh")},
                             {"expires_in", 3600},
                             {"scopes", {"tweet.read", "offline.access"}},
                             {"metadata", {{"from", "elsewhere"}}}};
    auto const got = ask_as(next.key, "POST", "/v1/accounts/import", body);
    BOOST_TEST(got.status == 201U);
    BOOST_TEST(got.text("/username") == "ada_marlow");
    BOOST_TEST(got.text("/metadata/from") == "elsewhere");
    BOOST_TEST(got.text("/status") == "active");
    BOOST_TEST(!got.text("/next_refresh_at").empty());
    for (auto const& secret : issued_secrets()) {
        BOOST_TEST(got.body.find(secret) == std::string::npos);
    }
    auto const path = "/v1/accounts/" + got.text("/id");
    BOOST_TEST(ask_as(next.key, "POST", path + "/refresh").status == 200U);
    BOOST_TEST(ask_as(next.key, "GET", path + "/health").text("/verdict") == "ok");
}

BOOST_FIXTURE_TEST_CASE(what_is_wrong_with_an_import_is_said_by_field, import_server) {
    auto const import = [&](boost::json::object changed) {
        boost::json::object body{{"platform", "x"}, {"access_token", "not-of-x"}};
        for (auto const& [name, value] : changed) {
            body[name] = value;
        }
        auto const got = ask("POST", "/v1/accounts/import", body);
        return refusal(got) + " " + field_errors(got);
    };
    BOOST_TEST(import({}) == "422 token_refused /access_token token_refused");
    BOOST_TEST(import({{"acess_token", "a"}}) == "422 body_invalid /acess_token unknown");
    BOOST_TEST(import({{"verify", false}}) == "422 field_invalid /platform_user_id field_invalid");
    BOOST_TEST(import({{"expires_at", "tomorrow"}}) == "422 field_invalid /expires_at field_invalid");
    BOOST_TEST(import({{"refresh_expires_at", 7}}) == "422 body_invalid /refresh_expires_at wrong_type");
    BOOST_TEST(import({{"expires_in", -1}}) == "422 field_invalid /expires_in field_invalid");
    BOOST_TEST(import({{"expires_in", 60}, {"expires_at", "2030-01-01T00:00:00Z"}}) ==
               "422 field_invalid /expires_in field_invalid");
    BOOST_TEST(rows(storage::family::accounts) == 0U);
    BOOST_TEST(refusal(ask_as(make_key(home, {"accounts:read"}), "POST", "/v1/accounts/import")) ==
               "403 scope_missing");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
