#include "server/services/candidates.hpp"
#include "tests/server/services/support.hpp"

#include <chrono>

namespace connectd::server::services::testing {
namespace {

platforms::candidate page(std::string id, std::string name) {
    platforms::candidate made;
    made.who = {.id = std::move(id), .username = {}, .display_name = std::move(name), .avatar_url = {}};
    made.kind = "page";
    made.access_token = crypto::secret::copy_of("token-of-" + made.who.id);
    return made;
}

platforms::connected grant_of(std::size_t pages) {
    platforms::token_set tokens;
    tokens.access_token = crypto::secret::copy_of("token-of-ada");
    platforms::connected grant{std::move(tokens), platforms::identity{"ada", "ada_m", "Ada", {}}};
    std::vector<platforms::candidate> list;
    for (std::size_t number = 1; number <= pages; ++number) {
        list.push_back(page(std::to_string(number), "Page " + std::to_string(number)));
    }
    grant.candidates = std::move(list);
    return grant;
}

failure refused(std::vector<std::string> const& ids) {
    auto const answer = pick(grant_of(3), ids);
    BOOST_REQUIRE(answer.has_error());
    BOOST_TEST(answer.error().code == make_error_code(errc::field_invalid));
    return answer.error();
}

storage::account account(std::string user, std::string name) {
    storage::account row;
    row.platform_user_id = std::move(user);
    row.display_name = std::move(name);
    return row;
}

} // namespace

BOOST_AUTO_TEST_SUITE(candidates_test)

BOOST_AUTO_TEST_CASE(those_that_are_named_are_picked_in_that_order_and_no_others) {
    auto const grant = grant_of(3);
    auto const chosen = pick(grant, {"3", "1"}).value();
    BOOST_REQUIRE_EQUAL(chosen.size(), 2U);
    BOOST_TEST(chosen[0].who.display_name == "Page 3");
    BOOST_TEST(chosen[0].kind == "page");
    BOOST_TEST(chosen[0].tokens.access_token.reveal() == "token-of-3");
    BOOST_TEST(chosen[1].who.id == "1");
    BOOST_TEST(chosen[1].tokens.access_token.reveal() == "token-of-1");
    BOOST_TEST(pick(grant, {"2"}).value()[0].tokens.access_token.reveal() == "token-of-2"); // again
}

BOOST_AUTO_TEST_CASE(what_is_not_offered_or_named_twice_is_refused_by_its_place) {
    BOOST_TEST(refused({}).field == "candidate_ids");
    BOOST_TEST(refused({"1", "4"}).field == "candidate_ids/1");
    BOOST_TEST(refused({""}).field == "candidate_ids/0");
    BOOST_TEST(refused({"1", "2", "1"}).field == "candidate_ids/2");
}

BOOST_AUTO_TEST_CASE(a_choice_fits_into_one_batch) {
    std::vector<std::string> ids;
    for (std::size_t number = 1; number <= max_chosen + 1; ++number) {
        ids.push_back(std::to_string(number));
    }
    auto const grant = grant_of(max_chosen + 1);
    auto const refused = pick(grant, ids);
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().field == "candidate_ids");
    ids.pop_back();
    BOOST_TEST(pick(grant, ids).value().size() == max_chosen);
}

BOOST_AUTO_TEST_CASE(a_reconnect_finds_its_own_or_says_what_there_was) {
    BOOST_TEST(pick_again(grant_of(3), account("2", "Page 2")).value().who.id == "2");
    auto const other = pick_again(grant_of(2), account("9", "Harbour Bakery"));
    BOOST_REQUIRE(other.has_error());
    BOOST_TEST(other.error().code == make_error_code(errc::identity_mismatch));
    BOOST_TEST(other.error().detail ==
               "The account to reconnect is Harbour Bakery (9), but the consent reaches "
               "Page 1 (1), Page 2 (2) only.");
    auto const many = pick_again(grant_of(14), account("99", "")).error().detail;
    BOOST_TEST(many.find("account to reconnect is 99,") != std::string::npos);
    BOOST_TEST(many.find("Page 10 (10) and 4 more") != std::string::npos);
    BOOST_TEST(many.find("Page 11") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_only_one_needs_no_choice) {
    BOOST_TEST(pick_only(grant_of(1)).who.id == "1");
}

BOOST_AUTO_TEST_CASE(a_view_holds_no_token) {
    auto grant = grant_of(2);
    grant.candidates->value()[0].who.avatar_url = "https://flock.example/1.png";
    auto const views = view_candidates(grant);
    BOOST_REQUIRE_EQUAL(views.size(), 2U);
    BOOST_TEST(views[0].id == "1");
    BOOST_TEST(views[0].kind == "page");
    BOOST_TEST(views[0].display_name == "Page 1");
    BOOST_TEST(views[0].avatar_url == "https://flock.example/1.png");
}

BOOST_AUTO_TEST_CASE(a_lifetime_counts_from_the_answer_and_not_from_the_choice) {
    platforms::descriptor flock;
    platforms::token_set said;
    said.expires_in = 2h;
    said.refresh_token = crypto::secret::copy_of("refresh");
    said.refresh_expires_in = 240h;
    fix_expiry(flock, said, start_of_time);
    BOOST_TEST(!said.expires_in.has_value());
    BOOST_TEST((said.expires_at == std::chrono::floor<std::chrono::seconds>(start_of_time + 2h)));
    BOOST_TEST((said.refresh_expires_at == std::chrono::floor<std::chrono::seconds>(start_of_time + 240h)));

    platforms::token_set silent;
    fix_expiry(flock, silent, start_of_time);
    BOOST_TEST(!silent.expires_at.has_value()); // does not end by time
    BOOST_TEST(!silent.refresh_expires_at.has_value());
    flock.refresh.access_lifetime = 1h;
    fix_expiry(flock, silent, start_of_time);
    BOOST_TEST((silent.expires_at == std::chrono::floor<std::chrono::seconds>(start_of_time + 1h)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing
