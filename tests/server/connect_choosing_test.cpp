// Connecting where one consent reaches several accounts: the choice through the API and on our page, and what
// goes wrong between the consent and the choice.
#include "server/api/render.hpp"
#include "tests/server/choosing_server.hpp"
#include "tests/support/eventually.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <latch>
#include <set>
#include <thread>

namespace connectd::tests {
namespace {

// A consent whose choice is to be made in the browser.
struct page_visit {
    std::string id;
    std::string target;
    std::string cookie;
};

struct page_server : choosing_server {
    page_visit arrive(std::vector<std::string> pages, boost::json::object const& changed = {}) {
        flock.set_pages(std::move(pages));
        auto const begun = begin(changed);
        auto const got = visit(callback_of(begun));
        BOOST_TEST(got.status == 302U);
        page_visit made{begun.text("/id"), "/connect/" + begun.text("/id"), cookie_of(got)};
        BOOST_TEST(got.header("location") == made.target);
        return made;
    }
    // The form with these boxes ticked; repeated names are what a browser sends.
    answer send(page_visit const& at, std::string const& form) {
        header_list headers{{"Accept", "text/html"}};
        if (!at.cookie.empty()) {
            headers.emplace_back("Cookie", at.cookie);
        }
        return client{url()}.post_form(at.target, form, std::move(headers));
    }
};

std::string names(boost::json::value const& accounts) {
    std::set<std::string> sorted;
    for (auto const& each : accounts.as_array()) {
        sorted.insert(text(each, "/display_name"));
    }
    std::string all;
    for (auto const& each : sorted) {
        all += (all.empty() ? "" : ", ") + each;
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(connect_choosing_test)

BOOST_FIXTURE_TEST_CASE(the_session_shows_what_there_is_to_choose_from, choosing_server) {
    auto const id = wait_among({"1", "2"});
    auto const shown = session(id);
    BOOST_TEST(text(shown, "/status") == "choosing");
    BOOST_TEST(text(shown, "/choose") == "api");
    auto const in = [&](std::chrono::minutes span) {
        return server::api::render_time(pretend.clock().now() + span);
    };
    BOOST_TEST(text(shown, "/expires_at") > in(std::chrono::minutes{28}));
    BOOST_TEST(text(shown, "/expires_at") <= in(std::chrono::minutes{30}));
    auto const& candidates = shown.at("candidates").as_array();
    BOOST_REQUIRE_EQUAL(candidates.size(), 2U);
    boost::json::value const expected{{"id", "1"},
                                      {"kind", "page"},
                                      {"username", "page1"},
                                      {"display_name", "Page 1"},
                                      {"avatar_url", "https://pictures.example/1.png"}};
    BOOST_TEST(candidates[0] == expected);
    BOOST_TEST(shown.at("account_id").is_null());
    BOOST_TEST(shown.at("account_ids").as_array().empty());
    BOOST_TEST(shown.at("finished_at").is_null());
    BOOST_TEST(accounts().empty());
}

BOOST_FIXTURE_TEST_CASE(what_is_chosen_is_connected_and_nothing_else, choosing_server) {
    auto const id = wait_among({"1", "2", "3"});
    auto const got = choose(id, {"3", "1"});
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(got.text("/status") == "completed");
    BOOST_TEST(got.text("/accounts/0/platform_user_id") == "3");
    BOOST_TEST(got.text("/accounts/0/kind") == "page");
    BOOST_TEST(got.text("/accounts/0/grant_owner") == "ada");
    BOOST_TEST(got.text("/accounts/1/platform_user_id") == "1");
    BOOST_TEST(got.text("/account_id") == got.text("/accounts/0/id"));
    BOOST_TEST(got.text("/account_ids/1") == got.text("/accounts/1/id"));
    BOOST_TEST(names(accounts()) == "Page 1, Page 3");
    auto const done = session(id);
    BOOST_TEST(text(done, "/status") == "completed");
    BOOST_TEST(done.at("candidates").as_array().empty());
    BOOST_TEST(done.at("account_ids").as_array().size() == 2U);
    BOOST_TEST(rows(storage::family::tokens) == 2U);
    BOOST_TEST(rows(storage::family::events) == 4U); // each with its mark in the log
    BOOST_TEST(refusal(choose(id, {"2"})) == "409 session_used");
    BOOST_TEST(accounts().size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_choice_that_cannot_be_is_refused_and_can_be_mended, choosing_server) {
    auto const id = wait_among({"1", "2"});
    auto const refused = [&](std::vector<std::string> const& pages, std::string_view where) {
        auto const got = choose(id, pages);
        BOOST_TEST(refusal(got) == "422 field_invalid");
        BOOST_TEST(field_errors(got) == std::string{where} + " field_invalid");
    };
    refused({}, "/candidate_ids");
    refused({"1", "7"}, "/candidate_ids/1");
    refused({"1", "1"}, "/candidate_ids/1");
    BOOST_TEST(refusal(ask("POST", path_of(id), {{"candidates", boost::json::array{"1"}}})) ==
               "422 body_invalid");
    BOOST_TEST(refusal(ask_raw("POST", path_of(id), "{")) == "400 invalid_json");
    BOOST_TEST(text(session(id), "/status") == "choosing");
    BOOST_TEST(choose(id, {"2"}).status == 200U);
}

BOOST_FIXTURE_TEST_CASE(who_may_choose, choosing_server) {
    auto const id = wait_among({"1", "2"});
    auto const other = make_tenant("other");
    boost::json::object const body{{"candidate_ids", {"1"}}};
    BOOST_TEST(refusal(ask_as(other.key, "POST", path_of(id), body)) == "404 session_not_found");
    BOOST_TEST(refusal(ask_as(other.key, "GET", "/v1/connect/sessions/" + id)) == "404 session_not_found");
    BOOST_TEST(refusal(ask_as(make_key(home, {"accounts:write"}), "POST", path_of(id), body)) ==
               "403 scope_missing");
    BOOST_TEST(refusal(ask_as("", "POST", path_of(id), body)) == "401 api_key_missing");
    BOOST_TEST(ask_as(make_key(home, {"connect:write"}), "POST", path_of(id), body).status == 200U);
}

BOOST_FIXTURE_TEST_CASE(too_early_and_too_late, choosing_server) {
    BOOST_TEST(refusal(choose(begin().text("/id"), {"1"})) == "409 session_not_choosing");
    auto const id = wait_among({"1", "2"});
    pretend.clock().advance(std::chrono::minutes{31});
    BOOST_TEST(refusal(choose(id, {"1"})) == "410 session_expired");
    auto const late = session(id);
    BOOST_TEST(text(late, "/status") == "expired");
    BOOST_TEST(late.at("candidates").as_array().empty());
    BOOST_TEST(accounts().empty());
}

BOOST_FIXTURE_TEST_CASE(of_two_who_choose_at_once_one_wins, choosing_server) {
    auto const id = wait_among({"1", "2", "3", "4"});
    std::vector<answer> answers(4);
    std::vector<std::thread> programs;
    std::latch ready{4};
    for (std::size_t number = 0; number < answers.size(); ++number) {
        programs.emplace_back([&, number] {
            ready.arrive_and_wait();
            answers[number] = choose(id, {std::to_string(number + 1)});
        });
    }
    for (auto& each : programs) {
        each.join();
    }
    BOOST_TEST(std::ranges::count(answers, 200U, &answer::status) == 1);
    BOOST_TEST(std::ranges::count(answers, 409U, &answer::status) == 3);
    BOOST_TEST(accounts().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_program_that_leaves_in_the_middle_loses_nothing, choosing_server) {
    auto const id = wait_among({"1", "2"});
    client program{url()};
    program.write_request("POST", path_of(id),
                          {{"Authorization", "Bearer " + home.key}, {"Content-Type", "application/json"}},
                          R"({"candidate_ids":["2"]})");
    program.leave();
    BOOST_TEST(eventually([&] { return text(session(id), "/status") == "completed"; }));
    BOOST_TEST(names(accounts()) == "Page 2");
}

BOOST_FIXTURE_TEST_CASE(a_choice_outlives_a_new_master_key, choosing_server) {
    auto const id = wait_among({"1", "2"});
    leave();
    std::ofstream{folder() / "new.key"} << std::string(64, 'a') << "\n";
    std::filesystem::permissions(folder() / "new.key", std::filesystem::perms::owner_read);
    other_master_key = true;
    start();
    BOOST_TEST(session(id).at("candidates").as_array().size() == 2U);
    BOOST_TEST(choose(id, {"1"}).status == 200U);
}

BOOST_FIXTURE_TEST_CASE(a_single_page_needs_no_choice, choosing_server) {
    flock.set_pages({"7"});
    auto const location = visit(callback_of(begin())).header("location");
    BOOST_TEST(parameter(location, "status") == "connected");
    BOOST_TEST(parameter(location, "account_ids") == parameter(location, "account_id"));
    BOOST_TEST(text(account(parameter(location, "account_id")), "/platform_user_id") == "7");
}

BOOST_FIXTURE_TEST_CASE(a_consent_without_a_page_says_what_to_do, choosing_server) {
    flock.set_pages({});
    auto const begun = begin();
    auto const location = visit(callback_of(begun)).header("location");
    BOOST_TEST(parameter(location, "status") == "failed");
    BOOST_TEST(parameter(location, "error") == "flock.pages.none");
    BOOST_TEST(parameter(location, "error_description") == "Tick a page in Flock's window.");
    BOOST_TEST(text(session(begun.text("/id")), "/error/code") == "flock.pages.none");
    flock.set_pages({});
    auto const bare = begin({{"return_url", nullptr}});
    auto const json = send("GET", callback_of(bare), {{"Accept", "application/json"}});
    BOOST_TEST(refusal(json) == "422 flock.pages.none");
}

BOOST_FIXTURE_TEST_CASE(a_list_that_cannot_be_had_ends_the_session, choosing_server) {
    for (auto const* const status : {"500 Internal Server Error", "503 Service Unavailable"}) {
        flock.fail_pages(status);
        auto const begun = begin();
        auto const location = visit(callback_of(begun)).header("location");
        BOOST_TEST(parameter(location, "error") == "platform_unavailable");
        BOOST_TEST(text(session(begun.text("/id")), "/status") == "failed");
        BOOST_TEST(visit(callback_of(begun)).status == 409U);
    }
    BOOST_TEST(accounts().empty());
    BOOST_TEST(!connect_page("1").empty());
}

BOOST_FIXTURE_TEST_CASE(a_second_callback_finds_the_state_spent, choosing_server) {
    flock.set_pages({"1", "2"});
    auto const begun = begin({{"choose", "api"}});
    visit(callback_of(begun));
    BOOST_TEST(visit(callback_of(begun)).status == 409U);
    BOOST_TEST(flock.requests("/token") == 1U);
    BOOST_TEST(choose(begun.text("/id"), {"1"}).status == 200U);
}

BOOST_FIXTURE_TEST_CASE(a_reconnect_chooses_by_itself, choosing_server) {
    auto const id = connect_page("2");
    flock.set_pages({"1", "2", "3"});
    auto const location = visit(callback_of(begin({{"account_id", id}}))).header("location");
    BOOST_TEST(parameter(location, "status") == "connected");
    BOOST_TEST(parameter(location, "account_id") == id);

    flock.set_pages({"1", "3"});
    auto const other = begin({{"account_id", id}});
    auto const refused = visit(callback_of(other)).header("location");
    BOOST_TEST(parameter(refused, "error") == "identity_mismatch");
    auto const said = parameter(refused, "error_description");
    BOOST_TEST(said.find("page2 (2)") != std::string::npos);
    BOOST_TEST(said.find("page1 (1), page3 (3)") != std::string::npos);
    BOOST_TEST(text(session(other.text("/id")), "/status") == "failed");
    BOOST_TEST(accounts().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(no_answer_and_no_page_holds_a_token, page_server) {
    auto const api = wait_among({"1", "2"});
    auto const page = arrive({"1", "2"});
    std::string said = boost::json::serialize(session(api)) + visit(page.target, page.cookie).body;
    said += choose(api, {"1", "2"}).body + send(page, "candidate=1&action=connect").header("location");
    said += boost::json::serialize(accounts());
    BOOST_TEST(said.find("flock-token") == std::string::npos);
    for (auto const& entry : std::filesystem::recursive_directory_iterator(folder())) {
        if (entry.is_regular_file()) {
            std::ifstream file{entry.path(), std::ios::binary};
            std::string const bytes{std::istreambuf_iterator<char>{file}, {}};
            BOOST_TEST(bytes.find("flock-token") == std::string::npos, entry.path().string());
        }
    }
}

BOOST_FIXTURE_TEST_CASE(the_page_connects_what_is_ticked, page_server) {
    auto const at = arrive({"1", "2", "3"});
    BOOST_TEST(!at.cookie.empty());
    auto const page = visit(at.target, at.cookie);
    BOOST_TEST(page.status == 200U);
    for (auto const* const part : {"Page 1", "Page 2", "Page 3", "Workspace home", "Flock"}) {
        BOOST_TEST(page.body.find(part) != std::string::npos, part);
    }
    auto const got = send(at, "candidate=1&candidate=3&action=connect");
    BOOST_TEST(got.status == 302U);
    auto const location = got.header("location");
    BOOST_TEST(location.starts_with("https://shop.example/done?cart=7&"));
    BOOST_TEST(parameter(location, "status") == "connected");
    BOOST_TEST(parameter(location, "platform") == "flock");
    BOOST_TEST(parameter(location, "session_id") == at.id);
    auto const first = parameter(location, "account_id");
    auto const all = parameter(location, "account_ids");
    BOOST_TEST(all.starts_with(first + ","));
    BOOST_TEST(text(account(first), "/display_name") == "Page 1");
    BOOST_TEST(text(account(all.substr(first.size() + 1)), "/display_name") == "Page 3");
    BOOST_TEST(accounts().size() == 2U);
    BOOST_TEST(visit(at.target, at.cookie).status == 409U);
    BOOST_TEST(send(at, "candidate=2&action=connect").status == 409U);
}

BOOST_FIXTURE_TEST_CASE(the_page_says_what_is_wrong_with_a_choice, page_server) {
    auto const at = arrive({"1", "2"});
    auto const none = send(at, "action=connect");
    BOOST_TEST(none.status == 422U);
    BOOST_TEST(none.body.find("Choose at least one") != std::string::npos);
    auto const odd = send(at, "candidate=1&candidate=9&action=connect");
    BOOST_TEST(odd.status == 422U);
    BOOST_TEST(odd.body.find("value=\"1\" checked") != std::string::npos); // what was ticked stays so
    BOOST_TEST(accounts().empty());
    BOOST_TEST(send(at, "candidate=2").status == 302U);
}

BOOST_FIXTURE_TEST_CASE(only_the_browser_that_consented_sees_the_page, page_server) {
    auto at = arrive({"1", "2"});
    for (auto const& cookie : {std::string{}, at.cookie + "x"}) {
        auto const page = visit(at.target, cookie);
        BOOST_TEST(page.status == 400U);
        BOOST_TEST(page.body.find("state_foreign") != std::string::npos);
        BOOST_TEST(page.body.find("Page 1") == std::string::npos);
        BOOST_TEST(send({at.id, at.target, cookie}, "candidate=1").status == 400U);
        BOOST_TEST(send({at.id, at.target, cookie}, "action=cancel").status == 400U);
    }
    BOOST_TEST(visit(at.target, at.cookie).status == 200U); // and nobody has taken it over
}

BOOST_FIXTURE_TEST_CASE(a_browser_that_came_by_our_page_keeps_its_cookie, page_server) {
    flock.set_pages({"1", "2"});
    auto const begun = begin();
    auto const target = "/connect/" + begun.text("/id");
    auto const cookie = cookie_of(visit(target));
    BOOST_TEST(visit(callback_of(begun)).status == 400U);
    auto const got = visit(callback_of(begun), cookie);
    BOOST_TEST(got.status == 302U);
    BOOST_TEST(cookie_of(got) == cookie);
    BOOST_TEST(visit(target, cookie).body.find("Page 2") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_cancelled_choice_ends_the_session, page_server) {
    auto const at = arrive({"1", "2"});
    auto const location = send(at, "candidate=1&action=cancel").header("location");
    BOOST_TEST(parameter(location, "status") == "cancelled");
    BOOST_TEST(parameter(location, "error") == "access_denied");
    BOOST_TEST(!has_parameter(location, "account_id"));
    BOOST_TEST(text(session(at.id), "/status") == "cancelled");
    BOOST_TEST(accounts().empty());
}

BOOST_FIXTURE_TEST_CASE(the_page_and_the_api_are_one_choice, page_server) {
    auto const at = arrive({"1", "2"});
    BOOST_TEST(session(at.id).at("candidates").as_array().size() == 2U);
    BOOST_TEST(choose(at.id, {"2"}).status == 200U);
    BOOST_TEST(send(at, "candidate=1").status == 409U);
    BOOST_TEST(names(accounts()) == "Page 2");
}

BOOST_FIXTURE_TEST_CASE(without_a_return_url_pages_say_how_it_goes_on, page_server) {
    auto const at = arrive({"1", "2"}, {{"return_url", nullptr}});
    auto const done = send(at, "candidate=1&candidate=2");
    BOOST_TEST(done.status == 200U);
    BOOST_TEST(done.body.find("<strong>page1</strong>, <strong>page2</strong>") != std::string::npos);
    flock.set_pages({"1", "2"});
    auto const begun = begin({{"return_url", nullptr}, {"choose", "api"}});
    auto const waits = visit(callback_of(begun));
    BOOST_TEST(waits.status == 200U);
    BOOST_TEST(waits.body.find("choose what to connect") != std::string::npos);
    BOOST_TEST(visit("/connect/" + begun.text("/id"), cookie_of(waits)).status == 409U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
