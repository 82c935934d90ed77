// Who may do what: keys, scopes and the wall between workspaces, asked of every route there is.
#include "crypto/api_key.hpp"
#include "server/api/routes.hpp"
#include "server/services/api_keys.hpp"
#include "tests/server/whole_server.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::tests {
namespace {

using server::api::access;

// With something in the place of each `{name}`.
std::string path_of(server::api::route const& line) {
    std::string path{line.pattern};
    for (auto open = path.find('{'); open != std::string::npos; open = path.find('{')) {
        path.replace(open, path.find('}') - open + 1, "some-id");
    }
    return path;
}

std::vector<server::api::route> routes_for(access needed) {
    std::vector<server::api::route> found;
    for (auto const& line : server::api::routes()) {
        if (line.needs == needed) {
            found.push_back(line);
        }
    }
    return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(api_access_test)

BOOST_FIXTURE_TEST_CASE(no_route_but_the_open_ones_answers_without_a_key, whole_server) {
    for (auto const needed : {access::workspace, access::root, access::either}) {
        for (auto const& line : routes_for(needed)) {
            BOOST_TEST_CONTEXT(line.method << " " << line.pattern) {
                auto const got = ask_as("", line.method, path_of(line));
                BOOST_TEST(refusal(got) == "401 api_key_missing");
                BOOST_TEST(got.header("www-authenticate").starts_with("Bearer"));
            }
        }
    }
}

BOOST_FIXTURE_TEST_CASE(a_key_without_the_routes_scope_is_refused_and_one_with_only_it_passes, whole_server) {
    auto const lines = routes_for(access::workspace);
    BOOST_TEST(lines.size() >= 12U);
    for (auto const scope : server::services::all_scopes()) {
        std::vector<std::string> others;
        for (auto const each : server::services::all_scopes()) {
            if (each != scope) {
                others.emplace_back(each);
            }
        }
        auto const without = make_key(home, others);
        auto const only = make_key(home, {std::string{scope}});
        for (auto const& line : lines) {
            BOOST_TEST_CONTEXT(line.method << " " << line.pattern << " and " << scope) {
                auto const lacking = ask_as(without, line.method, path_of(line));
                auto const having = ask_as(only, line.method, path_of(line));
                bool const needed = line.scope == scope;
                BOOST_TEST((lacking.status == 403U) == needed);
                BOOST_TEST((having.status == 403U) == !needed);
                if (needed) {
                    BOOST_TEST(refusal(lacking) == "403 scope_missing");
                    BOOST_TEST(lacking.text("/detail").find(scope) != std::string::npos);
                }
            }
        }
    }
}

BOOST_FIXTURE_TEST_CASE(the_root_key_manages_workspaces_and_nothing_inside_them, whole_server) {
    for (auto const& line : routes_for(access::workspace)) {
        BOOST_TEST(refusal(ask_as(root_key, line.method, path_of(line))) == "403 workspace_key_required",
                   line.pattern);
    }
    for (auto const& line : routes_for(access::root)) {
        BOOST_TEST(refusal(ask(line.method, path_of(line))) == "403 root_key_required", line.pattern);
    }
    BOOST_TEST(ask_as(root_key, "GET", "/v1/workspaces/" + home.workspace).text("/slug") == "home");
}

BOOST_FIXTURE_TEST_CASE(a_key_that_is_no_key_is_refused, whole_server) {
    auto const with = [&](std::string const& key) { return refusal(ask_as(key, "GET", "/v1/accounts")); };
    for (auto const* const key : {"x", "cd_live_", "cd_live_short", "sk_test_1234567890", "Bearer"}) {
        BOOST_TEST(with(key) == "401 api_key_malformed", key);
    }
    for (std::size_t place = 8; place < home.key.size(); place += 5) {
        auto changed = home.key;
        changed[place] = changed[place] == 'a' ? 'b' : 'a';
        BOOST_TEST(with(changed) == "401 api_key_malformed", place);
    }
    auto const unknown = crypto::make_api_key(crypto::api_key_kind::live);
    BOOST_TEST(with(std::string{unknown.text.reveal()}) == "401 api_key_unknown");
    auto const root = crypto::make_api_key(crypto::api_key_kind::root);
    BOOST_TEST(with(std::string{root.text.reveal()}).starts_with("401"));
    BOOST_TEST(ask("GET", "/v1/accounts").status == 200U);
}

BOOST_FIXTURE_TEST_CASE(a_key_may_come_in_three_headers, whole_server) {
    auto const with = [&](std::string const& name, std::string const& value) {
        return send("GET", "/v1/accounts", {{name, value}}).status;
    };
    BOOST_TEST(with("Authorization", "Bearer " + home.key) == 200U);
    BOOST_TEST(with("authorization", "bearer " + home.key) == 200U);
    BOOST_TEST(with("x-api-key", home.key) == 200U);
    BOOST_TEST(with("X-Access-Key", home.key) == 200U);
    BOOST_TEST(with("Authorization", "Basic " + home.key) == 401U);
    BOOST_TEST(send("GET", "/v1/accounts?api_key=" + home.key, {}).status == 401U);
}

BOOST_FIXTURE_TEST_CASE(a_revoked_key_is_refused_at_once_everywhere, whole_server) {
    auto const key =
        ask_as(root_key, "POST", "/v1/workspaces/" + home.workspace + "/api-keys", {{"name", "k"}});
    header_list const headers{{"Authorization", "Bearer " + key.text("/key")}};
    std::list<client> open; // kept connections, over all threads
    while (open.size() < 8) {
        open.emplace_back(url());
    }
    for (auto& each : open) {
        BOOST_TEST(each.get("/v1/accounts", headers).status == 200U);
    }
    auto const path = "/v1/workspaces/" + home.workspace + "/api-keys/" + key.text("/id");
    auto const revoked = ask_as(root_key, "DELETE", path);
    BOOST_TEST(revoked.status == 200U);
    BOOST_TEST(!revoked.text("/revoked_at").empty());
    for (auto& each : open) {
        BOOST_TEST(refusal(each.get("/v1/accounts", headers)) == "401 api_key_revoked");
    }
    BOOST_TEST(ask("GET", "/v1/accounts").status == 200U);
    BOOST_TEST(ask_as(root_key, "DELETE", path).text("/revoked_at") == revoked.text("/revoked_at"));
}

BOOST_FIXTURE_TEST_CASE(a_key_is_shown_once, whole_server) {
    auto const list = ask_as(root_key, "GET", "/v1/workspaces/" + home.workspace + "/api-keys");
    BOOST_TEST(list.json().at("data").as_array().size() == 1U);
    BOOST_TEST(list.body.find(home.key) == std::string::npos);
    BOOST_TEST(home.key.starts_with(text(list.json().at("data").at(0), "/hint")));
}

BOOST_FIXTURE_TEST_CASE(nothing_of_another_workspace_is_there, whole_server) {
    auto const other = make_tenant("other");
    auto const begun = begin_x();
    auto const account = connect_x();
    auto const profile = ask("POST", "/v1/profiles", {{"name", "Ada"}, {"external_id", "u1"}}).text("/id");

    BOOST_TEST(refusal(ask_as(other.key, "GET", "/v1/accounts/" + account)) == "404 account_not_found");
    BOOST_TEST(refusal(ask_as(other.key, "DELETE", "/v1/accounts/" + account)) == "404 account_not_found");
    BOOST_TEST(refusal(ask_as(other.key, "GET", "/v1/profiles/" + profile)) == "404 profile_not_found");
    BOOST_TEST(refusal(ask_as(other.key, "GET", "/v1/connect/sessions/" + begun.text("/id"))) ==
               "404 session_not_found");
    BOOST_TEST(refusal(ask_as(other.key, "DELETE", "/v1/credentials/" + home.credentials + "?force=true")) ==
               "404 credentials_not_found");
    boost::json::object const tries[] = {{{"platform", "x"}, {"profile_id", profile}},
                                         {{"platform", "x"}, {"account_id", account}},
                                         {{"platform", "x"}, {"credentials_id", home.credentials}}};
    for (auto const& each : tries) {
        BOOST_TEST(ask_as(other.key, "POST", "/v1/connect/sessions", each).status == 404U);
    }

    auto const size_of = [&](std::string const& path) {
        return ask_as(other.key, "GET", path).json().at("data").as_array().size();
    };
    BOOST_TEST(size_of("/v1/accounts") == 0U);
    BOOST_TEST(size_of("/v1/accounts?profile_id=" + profile) == 0U);
    BOOST_TEST(size_of("/v1/profiles") == 1U); // its own
    BOOST_TEST(size_of("/v1/profiles?external_id=u1") == 0U);
    BOOST_TEST(size_of("/v1/credentials") == 1U); // its own
    BOOST_TEST(text(this->account(account), "/status") == "active");

    auto const keys = "/v1/workspaces/" + other.workspace + "/api-keys/" + home.key_id;
    BOOST_TEST(refusal(ask_as(root_key, "DELETE", keys)) == "404 api_key_not_found");
    BOOST_TEST(ask("GET", "/v1/accounts").status == 200U);
}

BOOST_FIXTURE_TEST_CASE(no_route_reaches_an_object_of_another_workspace, whole_server) {
    auto const account = connect_x();
    auto const event = text(ask("GET", "/v1/events").json().at("data").at(0), "/id");
    std::map<std::string, std::string, std::less<>> const objects{
        {"accounts", account},
        {"api-keys", home.key_id},
        {"connect", begin_x().text("/id")},
        {"credentials", home.credentials},
        {"events", event},
        {"profiles", ask("POST", "/v1/profiles", {{"name", "Ada"}}).text("/id")},
        {"webhooks", ask("POST", "/v1/webhooks", {{"url", "https://hooks.example/"}}).text("/id")}};
    auto const other = make_tenant("other");
    for (auto const& line : routes_for(access::workspace)) {
        auto const noun = line.pattern.substr(4, line.pattern.find('/', 4) - 4);
        bool const names_an_object = line.pattern.find('{') != std::string_view::npos;
        if (!names_an_object || noun == "platforms") { // these are everybody's
            continue;
        }
        BOOST_TEST_CONTEXT(line.method << " " << line.pattern) {
            auto const found = objects.find(noun);
            BOOST_REQUIRE(found != objects.end());
            std::string path{line.pattern};
            auto const open = path.find('{');
            path.replace(open, path.find('}') - open + 1, found->second);
            if (auto const second = path.find('{'); second != std::string::npos) {
                path.replace(second, path.find('}') - second + 1,
                             noun == "webhooks" ? event : std::string{"users/me"});
            }
            boost::json::object body;
            if (path.ends_with("/choose")) {
                body["candidate_ids"] = boost::json::array{"7"};
            } else if (path.ends_with(found->second + "/redeliver")) {
                body["since"] = "2026-01-01T00:00:00Z";
            }
            auto const got = ask_as(other.key, line.method == "*" ? "GET" : line.method, path, body);
            BOOST_TEST(got.status == 404U);
            BOOST_TEST(refusal(got).ends_with("_not_found"));
        }
    }
    BOOST_TEST(text(this->account(account), "/status") == "active");
}

BOOST_FIXTURE_TEST_CASE(an_expired_key_opens_no_route, whole_server) {
    auto const keys = "/v1/workspaces/" + home.workspace + "/api-keys";
    auto const key = ask_as(root_key, "POST", keys, {{"name", "k"}, {"expires_at", "2099-01-01T00:00:00Z"}});
    BOOST_TEST(key.status == 201U);
    BOOST_TEST(key.text("/expires_at") == "2099-01-01T00:00:00.000Z");
    BOOST_TEST(ask_as(key.text("/key"), "GET", "/v1/accounts").status == 200U);
    pretend.clock().advance(std::chrono::hours{24 * 366 * 80});
    for (auto const needed : {access::workspace, access::root}) {
        for (auto const& line : routes_for(needed)) {
            BOOST_TEST(refusal(ask_as(key.text("/key"), line.method, path_of(line))) == "401 api_key_expired",
                       line.method << " " << line.pattern);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_route_whose_feature_the_plan_lacks_is_refused_and_no_other) {
    whole_server server{[](server::config& settings) {
        for (auto const& feature : server::plan_features()) {
            auto others = server::plan_features();
            others.erase(feature);
            settings.plans["without-" + feature] = {.features = others};
        }
    }};
    int count = 0;
    for (auto const& feature : server::plan_features()) {
        auto const id = server
                            .ask_as(server.root_key, "POST", "/v1/workspaces",
                                    {{"slug", "t-" + std::to_string(++count)},
                                     {"name", feature},
                                     {"plan", "without-" + feature}})
                            .text("/id");
        auto const key =
            server.ask_as(server.root_key, "POST", "/v1/workspaces/" + id + "/api-keys", {{"name", "k"}})
                .text("/key");
        for (auto const& line : routes_for(access::workspace)) {
            BOOST_TEST_CONTEXT(line.method << " " << line.pattern << " without " << feature) {
                auto const got = server.ask_as(key, line.method, path_of(line));
                BOOST_TEST((got.status == 402U) == (line.feature == feature));
                if (got.status == 402U) {
                    BOOST_TEST(refusal(got) == "402 plan_feature_not_available");
                }
            }
        }
    }
}

BOOST_FIXTURE_TEST_CASE(a_plan_limits_the_credentials, whole_server) {
    auto const make = [&](std::string_view plan) {
        auto const id =
            ask_as(root_key, "POST", "/v1/workspaces", {{"slug", plan}, {"name", plan}, {"plan", plan}})
                .text("/id");
        return ask_as(root_key, "POST", "/v1/workspaces/" + id + "/api-keys", {{"name", "k"}}).text("/key");
    };
    boost::json::object const body{{"platform", "x"}, {"client_id", "mine"}};
    BOOST_TEST(refusal(ask_as(make("free"), "POST", "/v1/credentials", body)) ==
               "402 plan_feature_not_available");
    auto const basic = make("basic");
    BOOST_TEST(ask_as(basic, "POST", "/v1/credentials", body).status == 201U);
    BOOST_TEST(refusal(ask_as(basic, "POST", "/v1/credentials", body)) == "402 plan_feature_not_available");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
