// Facebook pages: pages that only a business shows, and refreshes that keep a page alive as long as it lives.
#include "platforms/quirks/facebook_pages.hpp"
#include "tests/platforms/platform_fixture.hpp"

#include <boost/test/data/test_case.hpp>

namespace {

using namespace connectd::platforms;
using connectd::crypto::secret;
using connectd::tests::extra;
using connectd::tests::header;
using connectd::tests::run;

constexpr auto no_pages = R"({"data":[]})";
constexpr auto dead = R"({"error":{"code":190,"error_subcode":460}})";
constexpr auto no_permission = R"({"error":{"code":200}})";
constexpr auto trouble = R"({"error":{"code":2}})";
constexpr auto user_extended = R"({"access_token":"EAAuser2","token_type":"bearer","expires_in":5184000})";

std::string page(std::string const& id) {
    return R"({"id":")" + id + R"(","name":"Page )" + id + R"(","access_token":"EAA)" + id +
           R"(","tasks":["CREATE_CONTENT"]})";
}

std::string pages(std::string const& entries) {
    return R"({"data":[)" + entries + "]}";
}

struct fixture : connectd::tests::platform_fixture {
    fixture() : platform_fixture("facebook") {}

    outcome<std::vector<candidate>> list(std::vector<std::string> scopes) {
        auto user = tokens("EAAuser");
        user.scopes = std::move(scopes);
        return run(context, facebook_pages::list_pages(client, platform, user, until));
    }
    token_set page_tokens() const {
        return tokens_of(tokens("EAAuser"), {{"77", "", "", ""}, "page", secret::copy_of("EAAold")});
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(facebook_pages_test, fixture)

BOOST_AUTO_TEST_CASE(without_pages_the_businesses_are_asked_for_theirs) {
    client.answer(200, no_pages);
    client.answer(200, R"({"data":[{"id":"501","name":"One"},{"id":"502"},{"id":"me/feed?x="}]})");
    client.answer(200, pages(page("77")));
    client.answer(200, no_pages);
    client.answer(200, pages(page("77") + "," + page("78")));
    client.answer(400, no_permission);
    auto const found = list({"pages_show_list", "business_management"});
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST_REQUIRE(found->size() == 2u);
    BOOST_TEST((*found)[0].who.id == "77");
    BOOST_TEST((*found)[0].access_token.reveal() == "EAA77");
    BOOST_TEST((*found)[1].who.id == "78");
    BOOST_TEST_REQUIRE(client.sent.size() == 6u);
    auto const base = std::string("https://graph.facebook.com/v26.0");
    auto const fields = std::string(
        "?fields=id%2Cname%2Cusername%2Caccess_token%2Ctasks%2Cpicture.type%28large%29&limit=100");
    BOOST_TEST(client.sent[1].url == base + "/me/businesses?fields=id&limit=100");
    BOOST_TEST(client.sent[2].url == base + "/501/owned_pages" + fields);
    BOOST_TEST(client.sent[3].url == base + "/501/client_pages" + fields);
    BOOST_TEST(client.sent[4].url == base + "/502/owned_pages" + fields);
    for (auto const& sent : client.sent) {
        BOOST_TEST(header(sent, "Authorization") == "Bearer EAAuser");
    }
}

BOOST_AUTO_TEST_CASE(without_the_scope_for_businesses_nothing_more_is_asked) {
    client.answer(200, no_pages);
    BOOST_TEST(list({"pages_show_list"}).value().empty());
    BOOST_TEST(client.sent.size() == 1u);
}

BOOST_AUTO_TEST_CASE(with_pages_the_businesses_are_left_alone) {
    client.answer(200, pages(page("77")));
    BOOST_TEST(list({"business_management"}).value().size() == 1u);
    BOOST_TEST(client.sent.size() == 1u);
}

BOOST_AUTO_TEST_CASE(businesses_that_may_not_be_seen_have_no_pages) {
    client.answer(200, no_pages);
    client.answer(400, no_permission);
    BOOST_TEST(list({}).value().empty()); // scopes unknown: it is tried
    client.answer(200, no_pages);
    client.answer(200, R"({"data":[{"id":"501"}]})");
    client.answer(400, no_permission);
    client.answer(400, dead);
    BOOST_TEST(list({"business_management"}).value().empty());
}

BOOST_AUTO_TEST_CASE(trouble_is_not_taken_for_no_pages) {
    client.answer(200, no_pages);
    client.answer(500, trouble);
    BOOST_TEST(list({"business_management"}).error().what == verdict::temporary);
    client.answer(200, no_pages);
    client.answer(200, R"({"data":[{"id":"501"}]})");
    client.fail(errc::timed_out);
    client.answer(200, no_pages);
    BOOST_TEST(list({"business_management"}).error().what == verdict::temporary);
    client.answer(200, no_pages);
    client.answer(200, R"({"data":[{"id":"501"}]})");
    client.fail(errc::timed_out);
    client.answer(200, pages(page("78"))); // what is there can be chosen
    BOOST_TEST(list({"business_management"}).value().size() == 1u);
}

BOOST_AUTO_TEST_CASE(unknown_scopes_never_stop_a_connection) {
    client.answer(200, R"({"access_token":"EAAshort"})");
    client.answer(200, R"({"access_token":"EAAlong"})");
    client.answer(500, trouble);
    client.answer(200, R"({"id":"1","name":"Ada"})");
    client.answer(200, pages(page("77")));
    auto const made = connect();
    BOOST_TEST(made.value().candidates.value().value().size() == 1u);
    BOOST_TEST(made->tokens.scopes.empty());
}

BOOST_AUTO_TEST_CASE(nobody_with_pages_is_nothing_to_connect) {
    client.answer(200, R"({"access_token":"EAAshort"})");
    client.answer(200, R"({"access_token":"EAAlong"})");
    client.answer(200, R"({"data":[{"permission":"pages_show_list","status":"granted"}]})");
    client.answer(200, R"({"id":"1","name":"Ada"})");
    client.answer(200, no_pages);
    auto const made = connect();
    BOOST_TEST(made.value().candidates.value().error().code == errc::nothing_to_connect);
    BOOST_TEST(made->candidates->error().what == verdict::refused);
    BOOST_TEST(client.done());
}

BOOST_AUTO_TEST_CASE(a_refresh_extends_the_person_and_reads_the_page_again) {
    client.answer(200, user_extended);
    client.answer(200, pages(page("76") + "," + page("77")));
    auto const renewed = refresh(page_tokens());
    BOOST_TEST_REQUIRE(renewed.has_value());
    BOOST_TEST(renewed->access_token.reveal() == "EAA77");
    BOOST_TEST(!renewed->expires_in.has_value()); // the 60 days are the person's
    BOOST_TEST(extra(*renewed, grant_access_extra) == "EAAuser2");
    BOOST_TEST(extra(*renewed, candidate_id_extra) == "77");
    BOOST_TEST(client.sent[0].url ==
               "https://graph.facebook.com/v26.0/oauth/access_token?grant_type=fb_exchange_token"
               "&fb_exchange_token=EAAuser&client_id=client-1&client_secret=secret-1");
    BOOST_TEST(header(client.sent[1], "Authorization") == "Bearer EAAuser2");
}

BOOST_AUTO_TEST_CASE(a_page_outlives_the_token_of_its_person) {
    client.answer(400, dead);
    client.answer(200, R"({"id":"77","name":"Page 77"})");
    auto const kept = refresh(page_tokens());
    BOOST_TEST_REQUIRE(kept.has_value());
    BOOST_TEST(kept->access_token.reveal() == "EAAold");
    BOOST_TEST(extra(*kept, grant_access_extra) == "EAAuser");
    BOOST_TEST(extra(*kept, candidate_id_extra) == "77");
    BOOST_TEST(header(client.sent[1], "Authorization") == "Bearer EAAold");
    BOOST_TEST(client.sent[1].url == "https://graph.facebook.com/v26.0/me?fields=id%2Cname%2Cpicture");
}

BOOST_AUTO_TEST_CASE(a_page_that_is_no_longer_listed_is_judged_by_its_own_token) {
    client.answer(200, user_extended);
    client.answer(200, pages(page("76")));
    client.answer(400, R"({"error":{"code":190,"error_subcode":492}})"); // the role on the page is lost
    auto const lost = refresh(page_tokens());
    BOOST_TEST_REQUIRE(!lost.has_value());
    BOOST_TEST(lost.error().what == verdict::refused);
    BOOST_TEST(lost.error().code == errc::grant_refused);
    client.answer(200, user_extended);
    client.answer(400, no_permission); // the list itself is refused
    client.answer(200, R"({"id":"77"})");
    auto const kept = refresh(page_tokens());
    BOOST_TEST(kept.value().access_token.reveal() == "EAAold");
    BOOST_TEST(extra(*kept, grant_access_extra) == "EAAuser2");
}

BOOST_AUTO_TEST_CASE(both_tokens_dead_is_a_dead_page) {
    client.answer(400, dead);
    client.answer(400, dead);
    BOOST_TEST(refresh(page_tokens()).error().what == verdict::refused);
}

BOOST_AUTO_TEST_CASE(trouble_decides_nothing) {
    client.answer(500, trouble);
    BOOST_TEST(refresh(page_tokens()).error().what == verdict::temporary);
    client.fail(errc::timed_out);
    BOOST_TEST(refresh(page_tokens()).error().what == verdict::unknown_outcome);
    client.answer(400, R"({"error":{"code":4}})");
    BOOST_TEST(refresh(page_tokens()).error().code == errc::rate_limited);
    client.answer(200, user_extended);
    client.answer(503, "");
    BOOST_TEST(refresh(page_tokens()).error().what == verdict::temporary);
    client.answer(400, dead);
    client.fail(errc::connection_lost);
    BOOST_TEST(refresh(page_tokens()).error().what == verdict::temporary);
    client.answer(400, R"({"error":{"message":"Error validating client secret.","code":1}})");
    BOOST_TEST(refresh(page_tokens()).error().what == verdict::operator_fault);
    BOOST_TEST(client.done());
}

BOOST_AUTO_TEST_CASE(imported_tokens_have_no_grant_beside_them) {
    client.answer(200, user_extended); // the token of a person extends itself
    BOOST_TEST(refresh(tokens("EAAuser")).value().access_token.reveal() == "EAAuser2");
    client.answer(400, R"({"error":{"code":100}})"); // that of a page does not, and lives on
    client.answer(200, R"({"id":"77"})");
    auto const kept = refresh(tokens("EAApage"));
    BOOST_TEST(kept.value().access_token.reveal() == "EAApage");
    BOOST_TEST(extra(*kept, grant_access_extra) == "(none)");
    client.answer(400, dead);
    client.answer(400, dead);
    BOOST_TEST(refresh(tokens("EAApage")).error().what == verdict::refused);
    client.answer(400, R"({"error":{"code":101}})"); // the application's fault is not the page's
    BOOST_TEST(refresh(tokens("EAApage")).error().code == errc::client_refused);
}

BOOST_AUTO_TEST_SUITE_END()
