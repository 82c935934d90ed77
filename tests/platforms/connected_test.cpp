// The tokens of a chosen account, and a connect attempt that waits for a choice as one sealed secret.
#include "platforms/connected.hpp"
#include "tests/platforms/support.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;
using namespace std::chrono_literals;
using connectd::crypto::secret;

token_set granted() {
    token_set made;
    made.access_token = secret::copy_of("user-token");
    made.refresh_token = secret::copy_of("user-refresh");
    made.token_type = "bearer";
    made.expires_in = 5183901s;
    made.refresh_expires_in = 31536000s;
    made.scopes = {"pages_show_list", "pages_manage_posts"};
    made.api_base = "https://graph.example/v26.0";
    made.extras.emplace_back("user_id", secret::copy_of("27001122334455667"));
    return made;
}

candidate page(std::string id, std::string_view token) {
    return {{std::move(id), "harbourbakery", "Harbour Bakery", "https://p.example/x.jpg"},
            "page",
            secret::copy_of(token)};
}

connected waiting() {
    std::vector<candidate> list;
    list.push_back(page("204060801030507", "page-token"));
    list.push_back(page("urn:li:organization:1", ""));
    return {granted(), identity{"27001122334455667", "", "Ada", ""}, std::move(list)};
}

std::string text_of(token_set const& tokens, std::string_view name) {
    auto const* found = find_extra(tokens, name);
    return found == nullptr ? "(none)" : std::string(found->reveal());
}

} // namespace

BOOST_AUTO_TEST_SUITE(connected_test)

BOOST_AUTO_TEST_CASE(a_candidate_with_a_token_of_its_own_keeps_the_grant_beside_it) {
    auto const grant = granted();
    for (std::string const id : {"204060801030507", "204060801030508"}) {
        auto const tokens = tokens_of(grant, page(id, "page-" + id));
        BOOST_TEST(tokens.access_token.reveal() == "page-" + id);
        BOOST_TEST(!tokens.refresh_token.has_value());
        BOOST_TEST(!tokens.expires_in.has_value()); // the user token's end is not the page's
        BOOST_TEST(!tokens.refresh_expires_in.has_value());
        BOOST_TEST(tokens.scopes.size() == 2u);
        BOOST_TEST(tokens.token_type == "bearer");
        BOOST_TEST(tokens.api_base == "https://graph.example/v26.0");
        BOOST_TEST(text_of(tokens, grant_access_extra) == "user-token");
        BOOST_TEST(text_of(tokens, grant_refresh_extra) == "user-refresh");
        BOOST_TEST(text_of(tokens, candidate_id_extra) == id);
        BOOST_TEST(text_of(tokens, "user_id") == "27001122334455667");
    }
    BOOST_TEST(grant.access_token.reveal() == "user-token");
}

BOOST_AUTO_TEST_CASE(a_candidate_without_one_is_served_by_the_grant) {
    auto const tokens = tokens_of(granted(), page("urn:li:organization:1", ""));
    BOOST_TEST(tokens.access_token.reveal() == "user-token");
    BOOST_TEST(tokens.refresh_token.value().reveal() == "user-refresh");
    BOOST_TEST((tokens.expires_in == 5183901s));
    BOOST_TEST((tokens.refresh_expires_in == 31536000s));
    BOOST_TEST(text_of(tokens, grant_access_extra) == "(none)");
    BOOST_TEST(text_of(tokens, candidate_id_extra) == "(none)");
}

BOOST_AUTO_TEST_CASE(a_pending_choice_survives_the_round_trip) {
    auto const read = decode_pending_choice(encode_pending_choice(waiting())).value();
    BOOST_TEST(read.tokens.access_token.reveal() == "user-token");
    BOOST_TEST(read.tokens.refresh_token.value().reveal() == "user-refresh");
    BOOST_TEST(read.tokens.token_type == "bearer");
    BOOST_TEST((read.tokens.expires_in == 5183901s));
    BOOST_TEST((read.tokens.refresh_expires_in == 31536000s));
    BOOST_TEST(!read.tokens.expires_at.has_value());
    BOOST_TEST(read.tokens.scopes == granted().scopes, boost::test_tools::per_element());
    BOOST_TEST(read.tokens.api_base == "https://graph.example/v26.0");
    BOOST_TEST(text_of(read.tokens, "user_id") == "27001122334455667");
    BOOST_TEST(read.who.value().id == "27001122334455667");
    BOOST_TEST(read.who.value().display_name == "Ada");
    auto const& list = read.candidates.value().value();
    BOOST_TEST_REQUIRE(list.size() == 2u);
    BOOST_TEST(list[0].who.id == "204060801030507");
    BOOST_TEST(list[0].who.username == "harbourbakery");
    BOOST_TEST(list[0].who.display_name == "Harbour Bakery");
    BOOST_TEST(list[0].who.avatar_url == "https://p.example/x.jpg");
    BOOST_TEST(list[0].kind == "page");
    BOOST_TEST(list[0].access_token.reveal() == "page-token");
    BOOST_TEST(list[1].access_token.empty());
}

BOOST_AUTO_TEST_CASE(moments_and_an_unknown_person_survive_too) {
    auto choice = waiting();
    choice.tokens.expires_at = std::chrono::sys_seconds{1793000000s};
    choice.tokens.refresh_expires_at = std::chrono::sys_seconds{-5s};
    choice.tokens.expires_in.reset();
    failure unreachable;
    unreachable.what = verdict::temporary;
    unreachable.code = errc::timed_out;
    choice.who = unreachable;
    auto const read = decode_pending_choice(encode_pending_choice(choice)).value();
    BOOST_TEST((read.tokens.expires_at == choice.tokens.expires_at));
    BOOST_TEST((read.tokens.refresh_expires_at == choice.tokens.refresh_expires_at));
    BOOST_TEST(!read.tokens.expires_in.has_value());
    BOOST_TEST_REQUIRE(!read.who.has_value());
    BOOST_TEST(read.who.error().what == verdict::temporary);
}

BOOST_AUTO_TEST_CASE(the_bytes_are_those_of_the_format) {
    token_set tokens;
    tokens.access_token = secret::copy_of("a");
    tokens.scopes = {"s"};
    std::vector<candidate> list;
    list.push_back({{"1", "", "", ""}, "k", secret::copy_of("t")});
    connected const choice{std::move(tokens), identity{"2", "u", "n", ""}, std::move(list)};
    using namespace std::string_literals;
    auto const expected = "\x01"s + "\0\0\0\x16"s + "\x01\0\x01\0\x0c"s + "access_token" + "\0\0\0\x01"s +
                          "a" + "\0\0\0\0"s + "\0\x01\0\x01s"s + "\0\0"s +
                          "\x01\0\x01"
                          "2\0\x01u\0\x01n\0\0"s +
                          "\0\x01"s +
                          "\0\x01"
                          "1\0\0\0\0\0\0"s +
                          "\0\x01k"s + "\0\0\0\x01t"s;
    BOOST_TEST(encode_pending_choice(choice).reveal() == expected);
}

BOOST_AUTO_TEST_CASE(every_truncation_and_every_wrong_count_is_noticed) {
    auto const whole = std::string(encode_pending_choice(waiting()).reveal());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        auto const read = decode_pending_choice(secret::copy_of(std::string_view(whole).substr(0, size)));
        BOOST_TEST_REQUIRE(!read.has_value());
        BOOST_TEST(read.error() == errc::damaged_token_material);
    }
    BOOST_TEST(!decode_pending_choice(secret::copy_of(whole + "x")).has_value());
    auto other_version = whole;
    other_version[0] = 2;
    BOOST_TEST(!decode_pending_choice(secret::copy_of(other_version)).has_value());
    for (std::size_t at = 0; at < whole.size(); ++at) {
        auto changed = whole;
        changed[at] = '\xff'; // a length, a count, a flag or a byte of a text: never more than a refusal
        auto const read = decode_pending_choice(secret::copy_of(changed));
        BOOST_TEST((read.has_value() || read.error() == errc::damaged_token_material));
    }
}

BOOST_AUTO_TEST_CASE(a_choice_between_nothing_is_damage) {
    auto nobody = waiting();
    nobody.candidates.value().value().clear();
    BOOST_TEST(!decode_pending_choice(encode_pending_choice(nobody)).has_value());
    auto nameless = waiting();
    nameless.candidates.value().value()[0].who.id.clear();
    BOOST_TEST(!decode_pending_choice(encode_pending_choice(nameless)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
