// Connecting where a grant reaches several accounts: which calls are made, in which order, and what is
// offered.
#include "platforms/connector.hpp"
#include "tests/platforms/scripted_client.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;
using connectd::crypto::secret;
using connectd::tests::header;
using connectd::tests::made_up_platform;
using connectd::tests::parsed;
using connectd::tests::run;
using connectd::tests::scripted_client;

constexpr auto short_tokens = R"({"data":{"key":"short","permissions":"me,post,nests"}})";
constexpr auto long_tokens = R"({"data":{"key":"long","lives":5184000}})";
constexpr auto person = R"({"data":{"user":{"open_id":"p-1","nick":"ada"}}})";

std::string nest(std::string const& id) {
    return R"({"id":")" + id + R"(","title":"Nest )" + id + R"(","key":"k-)" + id + R"(","may":["post"]})";
}

std::string nests(std::string const& entries, std::string const& next = "") {
    auto body = R"({"data":{"nests":[)" + entries + "]";
    if (!next.empty()) {
        body += R"(,"next":"https://api.chirp.example/v3/nests?after=)" + next + "\"";
    }
    return body + "}}";
}

struct fixture {
    boost::asio::io_context context{1};
    scripted_client client;
    connector calls{client};
    secret key = secret::copy_of("secret-1");
    app_credentials app{"client-id-1", key};
    deadline until = deadline(std::chrono::hours(1000));
    descriptor chirp = parsed(made_up_platform);

    outcome<connected> connect() {
        return run(context,
                   calls.connect(chirp, app, "c", "https://a.example/cb", secret::copy_of("v"), until));
    }
    // Good answers to the exchanges and the identity call.
    void expect_person() {
        client.answer(200, short_tokens);
        client.answer(200, long_tokens);
        client.answer(200, person);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(connector_candidates_test, fixture)

BOOST_AUTO_TEST_CASE(everything_the_grant_reaches_is_offered_and_the_person_first) {
    expect_person();
    client.answer(200, nests(nest("1") + "," + nest("2"), "2"));
    client.answer(200, nests(nest("2") + "," + nest("3")));
    auto const made = connect();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->who.value().id == "p-1");
    auto const& list = made->candidates.value().value();
    BOOST_TEST_REQUIRE(list.size() == 4u);
    BOOST_TEST(list[0].who.id == "p-1");
    BOOST_TEST(list[0].kind == "bird");
    BOOST_TEST(list[0].access_token.empty());
    BOOST_TEST(list[1].who.display_name == "Nest 1");
    BOOST_TEST(list[3].access_token.reveal() == "k-3");
    BOOST_TEST_REQUIRE(client.sent.size() == 5u);
    BOOST_TEST(client.sent[1].url == "https://api.chirp.example/longer");
    BOOST_TEST(header(client.sent[2], "Authorization") == "Bearer long");
    BOOST_TEST(client.sent[3].url == "https://api.chirp.example/v3/nests?fields=id%2Ctitle");
    BOOST_TEST(header(client.sent[3], "Authorization") == "Bearer long");
    BOOST_TEST(client.sent[4].url == "https://api.chirp.example/v3/nests?after=2");
    for (auto const& used : client.deadlines) {
        BOOST_TEST((used == until));
    }
}

BOOST_AUTO_TEST_CASE(without_the_scope_for_more_the_person_is_the_account) {
    client.answer(200, R"({"data":{"key":"short","permissions":"me,post"}})");
    client.answer(200, long_tokens);
    client.answer(200, person);
    auto const made = connect();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(!made->candidates.has_value());
    BOOST_TEST(client.done());
    chirp.candidates.scopes.clear(); // always listed
    client.answer(200, R"({"data":{"key":"short","permissions":"me,post"}})");
    client.answer(200, long_tokens);
    client.answer(200, person);
    client.answer(200, nests(nest("1")));
    BOOST_TEST(connect().value().candidates.value().value().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_failed_long_lived_exchange_is_a_failed_connect) {
    client.answer(200, short_tokens);
    client.answer(503, "");
    auto const made = connect();
    BOOST_TEST_REQUIRE(!made.has_value());
    BOOST_TEST(made.error().what == verdict::temporary);
    client.answer(200, short_tokens);
    client.answer(400, R"({"error":{"number":190,"detail":1}})");
    BOOST_TEST(!connect().has_value());
    client.answer(200, short_tokens);
    client.fail(errc::timed_out);
    BOOST_TEST(connect().error().what == verdict::unknown_outcome);
    BOOST_TEST(client.sent.size() == 6u);
}

BOOST_AUTO_TEST_CASE(a_long_lived_answer_without_a_lifetime_does_not_keep_the_short_one) {
    client.answer(200, R"({"data":{"key":"short","lives":5108,"permissions":"me"}})");
    client.answer(200, R"({"data":{"key":"long"}})");
    client.answer(200, person);
    auto const made = connect();
    BOOST_TEST(!made.value().tokens.expires_in.has_value());
    BOOST_TEST(made->tokens.scopes == std::vector<std::string>{"me"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(reaching_nothing_is_a_refusal_of_its_own) {
    chirp.candidates.grantor_kind.clear();
    expect_person();
    client.answer(200, nests(R"({"id":"1","title":"No token"})"));
    auto const made = connect();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->who.value().id == "p-1");
    BOOST_TEST_REQUIRE(!made->candidates.value().has_value());
    BOOST_TEST(made->candidates->error().what == verdict::refused);
    BOOST_TEST(made->candidates->error().code == errc::nothing_to_connect);
    // The person alone is enough where it can be chosen.
    chirp.candidates.grantor_kind = "bird";
    expect_person();
    client.answer(200, nests(""));
    BOOST_TEST(connect().value().candidates.value().value().size() == 1u);
}

BOOST_AUTO_TEST_CASE(failures_of_the_list_leave_tokens_and_person) {
    expect_person();
    client.answer(200, nests(nest("1"), "2"));
    client.fail(errc::timed_out);
    auto const made = connect();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->who.has_value());
    BOOST_TEST(made->tokens.access_token.reveal() == "long");
    BOOST_TEST(made->candidates.value().error().what == verdict::temporary);
}

BOOST_AUTO_TEST_CASE(a_person_who_is_not_known_cannot_be_chosen) {
    for (bool const can_be_chosen : {true, false}) {
        chirp.candidates.grantor_kind = can_be_chosen ? "bird" : "";
        client.answer(200, short_tokens);
        client.answer(200, long_tokens);
        client.answer(503, "");
        client.answer(200, nests(nest("1")));
        auto const made = connect();
        BOOST_TEST_REQUIRE(made.has_value());
        BOOST_TEST(!made->who.has_value());
        BOOST_TEST(made->candidates.value().has_value() == !can_be_chosen);
    }
}

BOOST_AUTO_TEST_CASE(a_next_page_on_another_origin_gets_no_token) {
    expect_person();
    client.answer(200, R"({"data":{"nests":[],"next":"https://evil.example/?key=long"}})");
    auto const made = connect();
    BOOST_TEST(made.value().candidates.value().error().code == errc::malformed_answer);
    BOOST_TEST(client.sent.size() == 4u);
}

BOOST_AUTO_TEST_CASE(an_endless_list_ends) {
    expect_person();
    for (int page = 0; page < 20; ++page) {
        client.answer(200, nests(nest(std::to_string(page)), std::to_string(page + 1)));
    }
    auto const made = connect();
    BOOST_TEST(client.done());
    BOOST_TEST(made.value().candidates.value().value().size() == 21u);
}

BOOST_AUTO_TEST_CASE(a_huge_list_is_cut_off) {
    std::string many = nest("0");
    for (int index = 1; index < 700; ++index) {
        many += "," + nest(std::to_string(index));
    }
    chirp.candidates.grantor_kind.clear();
    expect_person();
    client.answer(200, nests(many, "2"));
    auto const made = connect();
    BOOST_TEST_REQUIRE(made.value().candidates.value().value().size() == 500u);
    BOOST_TEST(made->candidates->value().back().who.id == "499");
    BOOST_TEST(client.sent.size() == 4u); // no second page for a full list
}

BOOST_AUTO_TEST_SUITE_END()
