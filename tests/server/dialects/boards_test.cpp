// Pinterest's boards through the APIs of letmepost, PostPeer and UniPost.
#include "tests/server/dialects/vendor_flows.hpp"
#include "tools/sandbox/faults.hpp"

#include <stdexcept>

namespace connectd::tests {
namespace {

struct boards_server : whole_server {
    boards_server() : whole_server{{}, {"pinterest"}} {
        pinterest().apps().put({std::string{sandbox::sandbox::default_client_id},
                                std::string{sandbox::sandbox::default_client_secret},
                                "Sandbox App",
                                true,
                                {url() + "/compat/letmepost/v1/accounts/connect/pinterest/complete"}});
        ask("POST", "/v1/credentials",
            {{"platform", "pinterest"},
             {"client_id", sandbox::sandbox::default_client_id},
             {"client_secret", sandbox::sandbox::default_client_secret}});
        auto const begun = letmepost.ask("POST", "/v1/accounts/connect/pinterest");
        visit(consent(begun.text("/redirectUrl"), "ada", "approve", "pinterest"));
        account = text(accounts().front(), "/id");
    }

    sandbox::oauth::oauth_platform& pinterest() {
        for (auto const& each : pretend.platforms()) {
            if (each->name() == "pinterest") {
                return *each->as_oauth();
            }
        }
        throw std::logic_error{"Pinterest is not played"};
    }

    vendor_client letmepost{*this, "/compat/letmepost", "Authorization", "Bearer "};
    vendor_client unipost{*this, "/compat/unipost", "Authorization", "Bearer "};
    std::string account;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(boards_test, boards_server)

BOOST_AUTO_TEST_CASE(letmepost_has_a_default_board) {
    auto const path = "/v1/accounts/" + account + "/pinterest";
    auto const boards = path + "/boards";
    BOOST_TEST(letmepost.ask("GET", "/v1/accounts/" + account)
                   .json()
                   .at_pointer("/pinterest/defaultBoardId")
                   .is_null());
    auto const made = letmepost.ask("POST", boards, R"({"name":"Ideas","privacy":"PUBLIC"})");
    BOOST_TEST(
        difference({"POST", "", "", 201, R"({"id":"<any>","name":"Ideas","privacy":"PUBLIC"})"}, made) == "");
    auto const again = letmepost.ask("POST", boards, R"({"name":"Ideas","upsert":true,"setAsDefault":true})");
    auto const id = made.text("/id");
    auto const wanted = R"({"id":")" + id +
                        R"(","name":"Ideas","privacy":"PUBLIC","existing":true,"defaultBoardId":")" + id +
                        R"(","defaultBoardName":"Ideas"})";
    BOOST_TEST(difference({"POST", "", "", 200, wanted}, again) == "");
    BOOST_TEST(letmepost.ask("GET", boards).text("/defaultBoardId") == id);
    BOOST_TEST(letmepost.ask("GET", "/v1/accounts/" + account).text("/pinterest/defaultBoardName") ==
               "Ideas");
    auto const other = letmepost.ask("POST", boards, R"({"name":"Other"})").text("/id");
    auto const chosen = letmepost.ask("PATCH", path + "/default-board", R"({"boardId":")" + other + "\"}");
    auto const shown =
        R"({"id":")" + account + R"(","defaultBoardId":")" + other + R"(","defaultBoardName":"Other"})";
    BOOST_TEST(difference({"PATCH", "", "", 200, shown}, chosen) == "");
    auto const unknown = letmepost.ask("PATCH", path + "/default-board", R"({"boardId":"1"})");
    BOOST_TEST(unknown.status == 404U);
    BOOST_TEST(unknown.text("/error/code") == "not_found");
}

BOOST_AUTO_TEST_CASE(unipost_lists_and_makes_them) {
    auto const boards = "/v1/accounts/" + account + "/pinterest/boards";
    auto const made = unipost.ask("POST", boards, R"({"name":"Ideas"})");
    BOOST_TEST(made.status == 201U);
    auto const all = unipost.ask("GET", boards);
    BOOST_TEST(all.status == 200U);
    BOOST_TEST(all.body.find(made.text("/data/id")) != std::string::npos);
    BOOST_TEST(all.json().at_pointer("/meta/total").as_int64() > 0);
    BOOST_TEST(unipost.ask("POST", boards, "{}").status == 422U);
    connect_x();
    auto const x = ask("GET", "/v1/accounts?platform=x").text("/data/0/id");
    BOOST_TEST(unipost.ask("GET", "/v1/accounts/" + x + "/pinterest/boards").status == 422U);
    BOOST_TEST(unipost.ask("GET", "/v1/accounts/acc_nobody/pinterest/boards").status == 404U);
    BOOST_TEST(unipost.with_key(make_key(home, {"accounts:read"})).ask("GET", boards).status == 403U);
}

BOOST_AUTO_TEST_CASE(postpeer_lists_those_of_the_first_account) {
    vendor_client const postpeer{*this, "/compat/postpeer", "x-access-key", ""};
    letmepost.ask("POST", "/v1/accounts/" + account + "/pinterest/boards",
                  R"({"name":"Ideas","description":"of ours"})");
    auto const listed = postpeer.ask("GET", "/v1/pinterest/boards");
    BOOST_TEST(listed.status == 200U);
    BOOST_TEST(listed.body.find(R"("name":"Ideas","description":"of ours","privacy":"PUBLIC")") !=
               std::string::npos);
    BOOST_TEST(postpeer.ask("GET", "/v1/pinterest/boards?accountId=" + account).body == listed.body);
    postpeer.ask("DELETE", "/v1/connect/integrations/" + account);
    play(postpeer, {{"GET", "/v1/pinterest/boards", "", 404, R"({"error":"<any>"})"}});
}

BOOST_AUTO_TEST_CASE(pinterest_is_down_and_then_the_grant_has_ended) {
    auto const path = "/v1/accounts/" + account + "/pinterest/boards";
    sandbox::fault down;
    down.platform = "pinterest";
    down.kind = sandbox::fault_kind::status;
    down.status = 503;
    down.times = 2;
    pretend.faults().add(down);
    BOOST_TEST(letmepost.ask("GET", path).text("/error/code") == "platform_unavailable");
    BOOST_TEST(unipost.ask("GET", path).text("/error/code") == "UPSTREAM_ERROR");
    pinterest().grants().end_by_user(*pretend.persons().find("ada"), sandbox::sandbox::default_client_id,
                                     pretend.clock().now());
    auto const dead = letmepost.ask("GET", path);
    BOOST_TEST(dead.status == 401U);
    BOOST_TEST(dead.text("/error/code") == "platform_auth_failed");
    BOOST_TEST(unipost.ask("GET", "/v1/accounts").text("/data/0/status") == "reconnect_required");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
