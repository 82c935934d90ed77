// One life of accounts, told to endpoints of every form: each in its vendor's words and signature, and what a
// vendor has no word for is neither sent nor in the way of what comes after it.
#include "server/dialects/letmepost/letmepost.hpp"
#include "tests/server/dialects/webhook_vendors.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <map>

namespace connectd::tests {
namespace {

using namespace std::chrono_literals;
using words_list = std::vector<std::string>;

struct deliveries_fixture : webhook_vendors {
    std::map<std::string, std::string, std::less<>> ids;
    std::map<std::string, std::string, std::less<>> secrets;

    // An endpoint at "/<form>" that wants everything.
    void make(std::string const& form, boost::json::object more = {}) {
        more["url"] = receiver.url("/" + form);
        more["form"] = form;
        auto const made = ask("POST", "/v1/webhooks", more);
        BOOST_REQUIRE_MESSAGE(made.status == 201U, made.body);
        BOOST_TEST(made.text("/form") == form);
        ids[form] = made.text("/id");
        secrets[form] = made.text("/secret");
    }
    std::string path_of(std::string_view form) const { return "/v1/webhooks/" + ids.find(form)->second; }

    template <class Verify>
    void check_signatures(std::string const& form, Verify verify) {
        for (auto const& each : receiver.got("/" + form)) {
            BOOST_TEST(verify(each, secrets[form]), form << each.head << each.body);
            BOOST_TEST(!verify(each, "whsec_0123456789abcdef0123456789abcdef"));
            BOOST_TEST(each.id.starts_with("evt_"));
        }
    }
};

constexpr char const* try_later = "Retry-After: 600\r\n";

} // namespace

BOOST_FIXTURE_TEST_SUITE(deliveries_test, deliveries_fixture)

BOOST_AUTO_TEST_CASE(a_life_is_told_in_every_form) {
    for (auto const* form : {"autoposting", "letmepost", "postato", "postpeer", "unipost"}) {
        make(form);
    }
    auto const ada = connect_x("ada");
    end_grant(ada, "ada");
    auto const ben = connect_x("ben");
    BOOST_TEST(ask("DELETE", "/v1/accounts/" + ben).status == 200U);
    for (auto const& [form, id] : ids) { // what is sent after all of that shows that nothing waits
        BOOST_REQUIRE(eventually([&] {
            auto const sent = ask("GET", path_of(form) + "/deliveries").json().at("data").as_array().size();
            return sent == (form == "unipost" ? 4U : form == "postato" ? 2U : form == "postpeer" ? 0U : 1U);
        }));
        ask("POST", path_of(form) + "/test");
    }
    BOOST_REQUIRE(arrives("/unipost", 5));
    BOOST_REQUIRE(arrives("/postato", 3));
    for (auto const* path : {"/autoposting", "/letmepost"}) {
        BOOST_REQUIRE(arrives(path, 2));
    }
    BOOST_REQUIRE(arrives("/postpeer", 1));

    BOOST_TEST(words("/unipost", "event") ==
                   (words_list{"account.connected", "account.disconnected", "account.connected",
                               "account.disconnected", "webhook.test"}),
               boost::test_tools::per_element());
    BOOST_TEST(words("/postato", "type") ==
                   (words_list{"account.disconnected", "account.disconnected", "webhook.test"}),
               boost::test_tools::per_element());
    BOOST_TEST(words("/autoposting", "event") == (words_list{"token.expired", "webhook.test"}),
               boost::test_tools::per_element());
    BOOST_TEST(words("/letmepost", "type") == (words_list{"token.revoked", "webhook.test"}),
               boost::test_tools::per_element());
    BOOST_TEST(words("/postpeer", "type") == words_list{"webhook.test"}, boost::test_tools::per_element());
    check_signatures("autoposting", verify_autoposting);
    check_signatures("letmepost", verify_letmepost);
    check_signatures("postato", verify_postato);
    check_signatures("postpeer", verify_postpeer);
    check_signatures("unipost", verify_unipost);
}

BOOST_AUTO_TEST_CASE(bodies_and_headers_are_the_vendors) {
    for (auto const* form : {"autoposting", "letmepost", "postato", "unipost"}) {
        make(form);
    }
    auto const ada = connect_x("ada", {{"metadata", {{"external_user_id", "cust-77"}}}});
    end_grant(ada, "ada");
    for (auto const* path : {"/autoposting", "/letmepost", "/postato"}) {
        BOOST_REQUIRE(arrives(path, 1));
    }
    BOOST_REQUIRE(arrives("/unipost", 2));
    auto const connected = receiver.got("/unipost").front();
    BOOST_TEST(
        difference(R"({"event":"account.connected","timestamp":"<time>","data":{"social_account_id":")" +
                       ada + R"(","profile_id":"<any>","platform":"twitter","account_name":"ada_marlow",
                              "connection_type":"managed","external_user_id":"cust-77"}})",
                   connected) == "");
    BOOST_TEST(connected.header("X-UniPost-Event") == "account.connected");
    BOOST_TEST(!connected.header("X-UniPost-Delivery").empty());
    BOOST_TEST(difference(R"({"event":"account.disconnected","timestamp":"<time>","data":{
        "social_account_id":"<any>","profile_id":"<any>","platform":"twitter","account_name":"ada_marlow",
        "connection_type":"managed","external_user_id":"cust-77","disconnected_at":"<time>",
        "reason":"refresh_failed"}})",
                          receiver.got("/unipost").back()) == "");
    BOOST_TEST(difference(R"({"type":"account.disconnected","data":{"accountId":"<any>","workspaceId":"<any>",
        "platform":"twitter","username":"@ada_marlow","displayName":"<any>","status":"token_expired",
        "reason":"grant_refused","disconnectedAt":"<time>"}})",
                          receiver.got("/postato").front()) == "");
    auto const expired = receiver.got("/autoposting").front();
    BOOST_TEST(difference(R"({"id":")" + expired.id + R"(","event":"token.expired","timestamp":"<time>",
        "orgId":")" + home.workspace +
                              R"(","data":{"tokenId":"<any>","brandSlug":"default","platform":"x",
        "platformUserId":"<any>","platformUsername":"ada_marlow","reason":"grant_refused",
        "expiredAt":"<time>"}})",
                          expired) == "");
    BOOST_TEST(expired.header("X-Autoposting-Event") == "token.expired");
    BOOST_TEST(expired.header("X-Autoposting-Delivery") == ids["autoposting"] + "." + expired.id);
    auto const revoked = receiver.got("/letmepost").front();
    BOOST_TEST(difference(R"({"id":")" + revoked.id + R"(","type":"token.revoked","createdAt":"<time>",
        "organizationId":")" + home.workspace +
                              R"(","data":{"accountId":"<any>","profileId":"<any>",
        "platform":"twitter","platformAccountId":"<any>","displayName":"<any>","revokedAt":"<time>",
        "reason":"grant_refused"}})",
                          revoked) == "");
    BOOST_TEST(revoked.header("X-Letmepost-Event") == "token.revoked");
    BOOST_TEST(revoked.header("X-Letmepost-Event-Id") == revoked.id);
    BOOST_TEST(revoked.header("X-Letmepost-Request-Id") == revoked.header("X-Letmepost-Delivery-Id") + ".1");
}

BOOST_AUTO_TEST_CASE(after_a_rotation_the_secrets_take_turns) {
    make("unipost");
    auto const fresh = ask("POST", path_of("unipost") + "/rotate-secret").text("/secret");
    receiver.answer_with("/unipost", "401 Unauthorized", try_later); // it has the old one
    connect_x("ada");
    BOOST_REQUIRE(arrives("/unipost", 1));
    BOOST_REQUIRE(
        eventually([&] { return !ask("GET", path_of("unipost")).text("/next_attempt_at").empty(); }));
    receiver.answer_well("/unipost");
    BOOST_REQUIRE(pretend.clock().advance(11min));
    BOOST_REQUIRE(arrives("/unipost", 2));
    auto const got = receiver.got("/unipost");
    BOOST_TEST(verify_unipost(got.front(), fresh));
    BOOST_TEST(verify_unipost(got.back(), secrets["unipost"]));
    BOOST_TEST(got.front().id == got.back().id);
}

BOOST_AUTO_TEST_CASE(an_endpoint_can_be_bound_to_a_profile) {
    auto const profile = ask("POST", "/v1/profiles", {{"name", "North"}}).text("/id");
    make("native", {{"profile_id", profile}, {"event_types", {"account.connected"}}});
    connect_x("ada");
    auto const ben = connect_x("ben", {{"profile_id", profile}});
    BOOST_REQUIRE(arrives("/native", 1));
    BOOST_TEST(text(boost::json::parse(receiver.got("/native").front().body), "/data/account_id") == ben);
    BOOST_TEST(ask("GET", path_of("native")).text("/profile_id") == profile);
    auto const freed = ask("PATCH", path_of("native"), {{"profile_id", ""}});
    BOOST_TEST(freed.json().at("profile_id").is_null());
    BOOST_TEST(refusal(ask("PATCH", path_of("native"), {{"profile_id", "prof_1"}})) ==
               "404 profile_not_found");
    connect_x("cleo");
    BOOST_TEST(arrives("/native", 2));
}

BOOST_AUTO_TEST_CASE(a_form_has_its_own_words_and_is_for_good) {
    auto const with = [&](char const* form, boost::json::array types) {
        return ask("POST", "/v1/webhooks",
                   {{"url", receiver.url("/a")}, {"form", form}, {"event_types", types}});
    };
    auto const made = with("autoposting", {"token.expired", "clip.render.done", "*"});
    BOOST_TEST(made.status == 201U);
    BOOST_TEST(refusal(with("autoposting", {"token.revoked"})) == "422 field_invalid");
    BOOST_TEST(refusal(with("native", {"*"})) == "422 field_invalid");
    BOOST_TEST(refusal(with("slack", {})) == "422 field_invalid");
    BOOST_TEST(refusal(ask("PATCH", "/v1/webhooks/" + made.text("/id"), {{"form", "native"}})) ==
               "422 body_invalid");
}

// LinkedIn's tokens, which end for good, are told a week ahead and a day ahead, each a little late.
BOOST_AUTO_TEST_CASE(letmeposts_warning_counts_the_days) {
    server::services::webhooks::notice const what{
        .id = "evt_1",
        .endpoint = "whk_1",
        .workspace = "wsp_1",
        .type = "token.expiring",
        .word = "token.expiring",
        .data = {{"account_id", "acc_1"},
                 {"profile_id", "prof_1"},
                 {"platform", "linkedin"},
                 {"platform_user_id", "x9"},
                 {"username", "ada"},
                 {"expires_at", "2026-09-08T07:00:00.000Z"}},
        .happened_at = server::runtime::sys_ms{1'788'246'000s + 4s}}; // 2026-09-01T07:00:04Z
    auto const body = server::dialects::letmepost::deliveries.body(what);
    BOOST_TEST(boost::json::serialize(body) ==
               R"({"id":"evt_1","type":"token.expiring","createdAt":"2026-09-01T07:00:04.000Z",)"
               R"("organizationId":"wsp_1","data":{"accountId":"acc_1","profileId":"prof_1",)"
               R"("platform":"linkedin","platformAccountId":"x9","displayName":"ada",)"
               R"("expiresAt":"2026-09-08T07:00:00.000Z","daysUntilExpiry":7}})");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
