// Postato's clients against connectd: what its pages show, request by request.
#include "tests/server/dialects/vendor_client.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::tests {

BOOST_FIXTURE_TEST_SUITE(postato_test, whole_server)

BOOST_AUTO_TEST_CASE(an_account_is_disconnected_in_its_workspace) {
    vendor_client const postato{*this, "/compat/postato", "Authorization", "Bearer "};
    auto const account = connect_x();
    auto const other = ask("POST", "/v1/profiles", {{"name", "Elsewhere"}}).text("/id");
    auto const where = text(accounts().front(), "/profile_id");
    auto const path = "/v1/workspaces/" + where + "/accounts/" + account;
    auto const elsewhere = "/v1/workspaces/" + other + "/accounts/" + account;
    auto const all = "/v1/workspaces/" + where + "/accounts?platform=twitter";
    auto const of_nobody = "/v1/workspaces/wks_nobody/accounts/" + account;
    constexpr std::string_view unauthorized = R"({"error":"unauthorized","message":"<any>"})";
    constexpr std::string_view not_found = R"({"error":"not_found","message":"<any>"})";
    play(postato.with_key("smcp_0123"), {{"DELETE", path, "", 401, unauthorized}});
    play(postato.with_key(""), {{"DELETE", path, "", 401, unauthorized}});
    play(
        postato.with_key(make_key(home, {"accounts:read"})),
        {{"DELETE", path, "", 403,
          R"({"error":"permission_denied","required":"accounts:write","granted":["accounts:read"],"message":"<any>"})"}});
    play(postato.with_key(make_tenant("other").key), {{"DELETE", path, "", 404, not_found}});
    play(postato,
         {{"GET", "/v1/workspaces", "", 200,
           R"({"items":[{"id":"<any>","name":"<any>","createdAt":"<time>","updatedAt":"<time>",
           "connectedAccountCount":1,"connectedPlatforms":["twitter"],"memberCount":0,"recentPostCount":0},
           {"id":"<any>","name":"Elsewhere","createdAt":"<time>","updatedAt":"<time>",
           "connectedAccountCount":0,"connectedPlatforms":[],"memberCount":0,"recentPostCount":0}]})"},
          {"GET", all, "", 200,
           R"({"items":[{"id":"<any>","platform":"twitter","username":"@ada_marlow","displayName":"<any>",
           "status":"connected"}]})"},
          {"GET", path, "", 200,
           R"({"id":"<any>","platform":"twitter","username":"@ada_marlow","displayName":"<any>",
           "status":"connected"})"},
          {"GET", elsewhere, "", 404, not_found},
          {"DELETE", elsewhere, "", 404, not_found},
          {"DELETE", of_nobody, "", 404, not_found},
          {"DELETE", path, "", 204, ""},
          {"GET", all, "", 200, R"({"items":[]})"},
          {"GET", path, "", 404, not_found},
          {"POST", "/v1/connect/sessions", "{}", 404, not_found}});
    BOOST_TEST(told_of(account).back() == "account.disconnected");
    auto const logged = ask("GET", "/v1/audit?action=accounts.disconnect");
    BOOST_TEST(logged.text("/data/0/target") == account);
    BOOST_TEST(logged.text("/data/0/actor/id") == home.key_id);
    BOOST_TEST(logged.json().at("data").as_array().size() == 1U);
    BOOST_TEST(text(this->account(account), "/status") == "disconnected"); // the row stays
    BOOST_TEST(requests("revoke") > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
