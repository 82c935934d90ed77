// The consent page that all pretend platforms share, with what single platforms add to it: scopes that can be
// unticked, other words for a no, requests that go straight back. X's own rules are in authorization_test.
#include "tests/sandbox/stage.hpp"
#include "tools/sandbox/oauth/authorization.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

namespace connectd::tests {
namespace {

using namespace sandbox::oauth;

constexpr std::array<scope_text, 3> texts{
    {{"read", "Read your things."}, {"write", "Write for you."}, {"admin", "Do everything."}}};

checked check(sandbox::form const& parameters, apps const& registered) {
    authorize_request request;
    request.client = registered.find(parameters.get("client_id"));
    if (!request.client)
        return {{}, "client_id belongs to no app"};
    request.redirect_uri = "https://app.example/cb";
    request.state = parameters.get("state");
    auto const asked = scope_catalog{texts}.read(parameters.get("scope"), ',');
    if (asked.unknown)
        return {{}, {}, back_to(request.redirect_uri, "error=invalid_scope", request.state)};
    request.scopes = asked.scopes;
    request.shown_at = parameters.has("show") ? "https://x.example/shown" : "";
    request.kept = parameters.has("kept") ? scope_set::of({0}) : scope_set{};
    request.all_or_nothing = parameters.has("whole");
    request.skips_declined = parameters.has("once");
    return {std::move(request), {}};
}

// Nobody lets ben in, and cleo is the boss.
std::string settle(authorize_request& asked, consenting const& by) {
    if (by.who.name == "ben")
        return "ben may not";
    if (by.who.name == "cleo")
        asked.scopes = asked.scopes.with(2);
    return {};
}

// A page whose scopes can be unticked, and which knows two ways to say no.
struct pages {
    explicit pages(bool boxes = true)
        : page{rules(boxes), scope_catalog{texts}, persons, registered, issued, events, ""} {
        registered.put({"client", "secret", "An app", true, {"https://app.example/cb"}});
    }

    static authorize_rules rules(bool boxes) {
        authorize_rules made;
        made.title = "Test";
        made.path = "/page";
        made.check = check;
        made.declines = {{"deny", "error=cancelled"}, {"leave", "error=not_signed_in#_"}};
        made.scopes_can_be_unticked = boxes;
        made.settle = settle;
        made.assets = [](sandbox::person const& who) {
            return who.name == "ada" ? std::optional{std::vector<std::string>{"page-1", "page-2"}}
                                     : std::nullopt;
        };
        return made;
    }
    authorization::outcome consent(decision const& made, std::string_view scope = "read,write") {
        return page.consent("https://x.example/?client_id=client&state=s1&scope=" + std::string{scope}, made,
                            now);
    }
    sandbox::reply post(std::string const& body) {
        auto request = sandbox::make_call("POST", "/page", body);
        request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        return page.decide(request, now);
    }
    code_request request() { return issued.codes(1, now).at(0).request; }
    scope_set granted() { return request().scopes; }

    sandbox::people persons;
    sandbox::journal events{100};
    apps registered;
    grants issued{{.platform = "test"}, events, 100};
    authorization page;
    sandbox::sys_ms now{std::chrono::hours{500'000}};
};

BOOST_AUTO_TEST_SUITE(oauth_authorization_test)

BOOST_AUTO_TEST_CASE(what_is_left_ticked_is_what_is_granted) {
    pages on;
    auto const done = on.consent({.person = "ada", .scopes = {{"write"}}});
    BOOST_TEST(parameter_of(done.location, "code").size() > 20);
    BOOST_TEST((on.granted() == scope_set::of({1})));
    on.consent({.person = "ada"});
    BOOST_TEST((on.granted() == scope_set::of({0, 1})));
    on.consent({.person = "ada", .scopes = std::vector<std::string>{}});
    BOOST_TEST(on.granted().empty());
    BOOST_TEST(on.consent({.person = "ada", .scopes = {{"admin"}}}).problem ==
               "scopes holds one that was not asked for: admin");
}

BOOST_AUTO_TEST_CASE(the_page_has_boxes_and_its_form_tells_which_are_ticked) {
    pages on;
    auto const shown =
        on.page.page(sandbox::make_call("GET", "/page?client_id=client&state=s1&scope=read,write"), on.now);
    BOOST_TEST(shown.status == 200U);
    BOOST_TEST(shown.body.find("name=\"scope:read\" checked") != std::string::npos);
    BOOST_TEST(shown.body.find("value=\"leave\"") != std::string::npos);
    auto const answered = on.post("client_id=client&state=s1&scope=read%2Cwrite&scopes-have-boxes=1&"
                                  "scope%3Aread=on&person=ada&decision=approve");
    BOOST_TEST(answered.status == 302U);
    BOOST_TEST((on.granted() == scope_set::of({0})));
}

BOOST_AUTO_TEST_CASE(without_boxes_nobody_unticks) {
    pages on{false};
    auto const shown = on.page.page(sandbox::make_call("GET", "/page?client_id=client&scope=read"), on.now);
    BOOST_TEST(shown.body.find("checkbox") == std::string::npos);
    BOOST_TEST(on.consent({.person = "ada", .scopes = {{"read"}}}).problem ==
               "nobody can untick single scopes here");
}

BOOST_AUTO_TEST_CASE(a_platform_may_settle_a_request_once_it_knows_the_person) {
    pages on{false};
    BOOST_TEST(on.consent({.person = "ben"}).problem == "ben may not");
    BOOST_TEST(on.issued.codes(1, on.now).empty());
    on.consent({.person = "cleo"});
    BOOST_TEST((on.granted() == scope_set::of({0, 1, 2})));
}

BOOST_AUTO_TEST_CASE(a_code_may_be_shown_instead_of_sent) {
    pages on;
    auto const given = on.page.consent("https://x.example/?client_id=client&state=s1&scope=read&show=1",
                                       {.person = "ada"}, on.now);
    BOOST_TEST(given.location.starts_with("https://x.example/shown?code="));
    BOOST_TEST(on.issued.codes(1, on.now).at(0).request.redirect_uri == "https://app.example/cb");
}

BOOST_AUTO_TEST_CASE(a_no_has_the_words_of_the_platform) {
    pages on;
    BOOST_TEST(on.consent({.answer = "deny"}).location == "https://app.example/cb?error=cancelled&state=s1");
    BOOST_TEST(on.consent({.answer = "leave"}).location ==
               "https://app.example/cb?error=not_signed_in&state=s1#_");
    BOOST_TEST(on.consent({.answer = "perhaps"}).problem == "decision is none that this page has");
    BOOST_TEST(on.issued.codes(10, on.now).empty());
}

BOOST_AUTO_TEST_CASE(what_is_unticked_counts_as_declined) {
    pages on;
    on.consent({.person = "ada", .scopes = {{"write"}}});
    BOOST_TEST((on.request().declined == scope_set::of({0})));
    on.consent({.person = "ada"});
    BOOST_TEST(on.request().declined.empty());
}

BOOST_AUTO_TEST_CASE(some_scopes_stay_whatever_is_unticked) {
    pages on;
    on.consent({.person = "ada", .scopes = {{"write"}}}, "read,write&kept=1");
    BOOST_TEST((on.granted() == scope_set::of({0, 1})));
    on.consent({.person = "ada", .scopes = std::vector<std::string>{}}, "read,write&kept=1");
    BOOST_TEST((on.granted() == scope_set::of({0})));
    BOOST_TEST((on.request().declined == scope_set::of({1})));
}

BOOST_AUTO_TEST_CASE(one_declined_scope_may_decline_the_rest) {
    pages on;
    on.consent({.person = "ada", .scopes = {{"read", "write"}}}, "read,write,admin&kept=1&whole=1");
    BOOST_TEST((on.granted() == scope_set::of({0})));
    on.consent({.person = "ada", .scopes = {{"read", "write", "admin"}}}, "read,write,admin&kept=1&whole=1");
    BOOST_TEST((on.granted() == scope_set::of({0, 1, 2})));
}

BOOST_AUTO_TEST_CASE(what_was_declined_may_not_be_asked_for_again) {
    pages on;
    auto const connect = [&](decision const& made, std::string const& scope) {
        auto const location = on.consent(made, scope).location;
        on.issued.exchange(parameter_of(location, "code"), "client", "https://app.example/cb", "", on.now);
    };
    connect({.person = "ada", .scopes = {{"read"}}}, "read,write&once=1");
    connect({.person = "ada"}, "read,write&once=1");
    BOOST_TEST((on.granted() == scope_set::of({0})));
    BOOST_TEST((on.request().declined == scope_set::of({1})));
    connect({.person = "finn"}, "read,write&once=1");
    BOOST_TEST((on.granted() == scope_set::of({0, 1})));
    connect({.person = "ada"}, "read,write");
    BOOST_TEST((on.granted() == scope_set::of({0, 1})));
    connect({.person = "ada"}, "read,write&once=1");
    BOOST_TEST((on.granted() == scope_set::of({0, 1})));
}

BOOST_AUTO_TEST_CASE(people_pick_from_what_they_have) {
    pages on;
    BOOST_TEST(on.consent({.person = "ada", .assets = {{"page-2"}}}).problem.empty());
    BOOST_TEST((on.request().assets == std::optional{std::vector<std::string>{"page-2"}}));
    BOOST_TEST(on.consent({.person = "ada", .assets = {{"page-3"}}}).problem ==
               "assets holds one that ada does not have: page-3");
    BOOST_TEST(on.consent({.person = "ben", .assets = {{"page-2"}}}).problem ==
               "nobody can pick assets here");
    on.consent({.person = "ada"});
    BOOST_TEST(!on.request().assets.has_value());
}

BOOST_AUTO_TEST_CASE(a_request_may_go_straight_back) {
    pages on;
    auto const sent = on.page.page(
        sandbox::make_call("GET", "/page?client_id=client&state=s1&scope=read,everything"), on.now);
    BOOST_TEST(sent.status == 302U);
    BOOST_TEST(sent.headers.at(0).second == "https://app.example/cb?error=invalid_scope&state=s1");
    BOOST_TEST(on.consent({.person = "ada"}, "everything").location == sent.headers.at(0).second);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
