// Who asks at a token endpoint, by the rules that a platform can choose.
#include "tests/sandbox/stage.hpp"
#include "tools/sandbox/oauth/challenge.hpp"
#include "tools/sandbox/oauth/client_auth.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

using namespace sandbox::oauth;

struct console {
    console() {
        registered.put({"an+id", "a+secret", "Web", true, {"https://app.example/cb"}});
        registered.put({"native", "", "Native", false, {"https://app.example/cb"}});
    }

    client_problem ask(client_rules const& rules, std::string_view body,
                       std::optional<std::string> const& header = {}) const {
        auto request = sandbox::make_call("POST", "/token", body);
        request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        if (header)
            request.headers.emplace_back("Authorization", *header);
        auto const done = admit(request, *read_form_body(request), registered, rules);
        BOOST_TEST((done.client != nullptr) == (done.problem == client_problem::none));
        return done.problem;
    }

    apps registered;
};

BOOST_FIXTURE_TEST_SUITE(oauth_client_auth_test, console)

BOOST_AUTO_TEST_CASE(where_the_body_is_wanted_basic_is_refused) {
    client_rules const rules{.id_name = "client_key"};
    BOOST_TEST((ask(rules, "client_key=an%2Bid&client_secret=a%2Bsecret") == client_problem::none));
    BOOST_TEST((ask(rules, "client_id=an%2Bid&client_secret=a%2Bsecret") == client_problem::missing));
    BOOST_TEST((ask(rules, "client_key=an%2Bid") == client_problem::missing));
    BOOST_TEST((ask(rules, "client_key=an%2Bid&client_secret=other") == client_problem::wrong_secret));
    BOOST_TEST((ask(rules, "client_key=nobody&client_secret=a%2Bsecret") == client_problem::unknown));
    BOOST_TEST((ask(rules, "client_key=an%2Bid&client_secret=a%2Bsecret",
                    basic("an+id", "a+secret").second) == client_problem::wrong_kind));
    BOOST_TEST((ask(rules, "client_key=native") == client_problem::none));
    BOOST_TEST((ask({.public_clients = false}, "client_id=native") == client_problem::wrong_kind));
}

BOOST_AUTO_TEST_CASE(where_basic_is_wanted_the_body_is_refused) {
    client_rules const rules{.basic = basic_form::raw, .body = false};
    auto const right = basic("an+id", "a+secret").second;
    BOOST_TEST((ask(rules, "", right) == client_problem::none));
    BOOST_TEST((ask(rules, "client_id=an%2Bid", right) == client_problem::none));
    BOOST_TEST((ask(rules, "client_id=native", right) == client_problem::two_clients));
    BOOST_TEST((ask(rules, "client_id=an%2Bid&client_secret=a%2Bsecret") == client_problem::wrong_kind));
    BOOST_TEST((ask(rules, "", "Basic !") == client_problem::malformed));
    BOOST_TEST((ask(rules, "", "Bearer token") == client_problem::malformed));
    BOOST_TEST((ask(rules, "", basic("native", "").second) == client_problem::wrong_secret));
}

BOOST_AUTO_TEST_CASE(basic_is_taken_as_it_is_or_form_encoded) {
    auto const raw = basic("an+id", "a+secret").second;
    auto const encoded = basic("an%2Bid", "a%2Bsecret").second;
    BOOST_TEST((ask({.basic = basic_form::raw}, "", encoded) == client_problem::unknown));
    BOOST_TEST((ask({.basic = basic_form::form_encoded}, "", encoded) == client_problem::none));
    BOOST_TEST((ask({.basic = basic_form::form_encoded}, "", raw) == client_problem::unknown));
    BOOST_TEST((ask({.basic = basic_form::either}, "", encoded) == client_problem::none));
    BOOST_TEST((ask({.basic = basic_form::either}, "", raw) == client_problem::none));
}

BOOST_AUTO_TEST_CASE(a_challenge_is_read_by_the_rules_of_the_platform) {
    auto const read = [](std::map<std::string, std::string> const& parameters, challenge_rules const& rules) {
        return read_challenge(*sandbox::form::parse(query_of(parameters)), rules);
    };
    std::string const hex(64, 'a');
    std::string const encoded{stage::challenge};
    BOOST_TEST(read({}, {}).problem.empty());
    BOOST_TEST(!read({}, {.required = true}).problem.empty());
    BOOST_TEST((read({{"code_challenge", encoded}, {"code_challenge_method", "S256"}}, {}).bound.how ==
                transform::s256));
    BOOST_TEST(!read({{"code_challenge", encoded}}, {}).problem.empty());
    BOOST_TEST(!read({{"code_challenge", "word"}, {"code_challenge_method", "plain"}}, {}).problem.empty());
    BOOST_TEST((read({{"code_challenge", "word"}}, {.plain = true, .unnamed = transform::plain}).bound.how ==
                transform::plain));
    challenge_rules const desktop{.required = true, .s256 = transform::s256_hex};
    BOOST_TEST((read({{"code_challenge", hex}, {"code_challenge_method", "S256"}}, desktop).bound.how ==
                transform::s256_hex));
    BOOST_TEST(
        !read({{"code_challenge", encoded}, {"code_challenge_method", "S256"}}, desktop).problem.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
