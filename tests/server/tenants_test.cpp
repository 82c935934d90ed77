// What a workspace is made of, as its operator and its owner manage it: keys, profiles, plan, and its end.
#include "tests/server/whole_server.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

namespace connectd::tests {
namespace {

struct tenants_server : whole_server {
    std::string own = "/v1/workspaces/" + home.workspace;

    answer as_root(std::string_view method, std::string_view target, boost::json::object const& body = {}) {
        return ask_as(root_key, method, target, body);
    }
    std::string wrong(answer const& got) { return refusal(got) + ": " + field_errors(got); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tenants_test, tenants_server)

BOOST_AUTO_TEST_CASE(a_key_makes_keys_that_can_do_no_more_than_itself) {
    auto const maker = make_key(home, {"keys:write", "accounts:read"});
    auto const made =
        ask_as(maker, "POST", "/v1/api-keys", {{"name", "reader"}, {"scopes", {"accounts:read"}}});
    BOOST_TEST(made.status == 201U);
    BOOST_TEST(ask_as(made.text("/key"), "GET", "/v1/accounts").status == 200U);
    BOOST_TEST(refusal(ask_as(made.text("/key"), "GET", "/v1/events")) == "403 scope_missing");
    auto const all = ask_as(maker, "POST", "/v1/api-keys", {{"name", "as far as it goes"}});
    BOOST_TEST(all.json().at("scopes") == (boost::json::array{"accounts:read", "keys:write"}));
    auto const more =
        ask_as(maker, "POST", "/v1/api-keys", {{"name", "n"}, {"scopes", {"accounts:read", "proxy"}}});
    BOOST_TEST(wrong(more) == "403 scope_missing: /scopes/1 scope_missing");
    BOOST_TEST(refusal(ask_as(maker, "POST", "/v1/api-keys/" + home.key_id + "/rotate")) ==
               "403 scope_missing");
    BOOST_TEST(ask_as(maker, "GET", "/v1/api-keys").json().at("data").as_array().size() == 4U);
    BOOST_TEST(ask_as(maker, "GET", "/v1/api-keys/" + made.text("/id")).text("/name") == "reader");
}

BOOST_AUTO_TEST_CASE(a_keys_name_and_expiry_can_be_changed_and_its_scopes_cannot) {
    auto const made = ask("POST", "/v1/api-keys", {{"name", "k"}, {"expires_at", "2099-01-01T00:00:00Z"}});
    auto const path = "/v1/api-keys/" + made.text("/id");
    BOOST_TEST(ask("PATCH", path, {{"name", "other"}}).text("/name") == "other");
    BOOST_TEST(ask("PATCH", path, {{"expires_at", nullptr}}).json().at("expires_at").is_null());
    BOOST_TEST(wrong(ask("PATCH", path, {{"expires_at", "2001-01-01T00:00:00Z"}})) ==
               "422 field_invalid: /expires_at field_invalid");
    BOOST_TEST(wrong(ask("PATCH", path, {{"expires_at", "soon"}})) ==
               "422 field_invalid: /expires_at field_invalid");
    BOOST_TEST(wrong(ask("PATCH", path, {{"scopes", {"proxy"}}})) == "422 field_fixed: /scopes field_fixed");
    BOOST_TEST(!ask("DELETE", path).text("/revoked_at").empty());
    BOOST_TEST(refusal(ask("PATCH", path, {{"name", "n"}})) == "409 api_key_not_active");
    BOOST_TEST(refusal(ask("POST", path + "/rotate")) == "409 api_key_not_active");
}

BOOST_AUTO_TEST_CASE(a_rotated_key_and_the_one_before_work_for_the_overlap) {
    auto const before = ask("POST", "/v1/api-keys", {{"name", "k"}});
    auto const path = "/v1/api-keys/" + before.text("/id");
    auto const works = [&](answer const& key) {
        return ask_as(key.text("/key"), "GET", "/v1/accounts").status;
    };
    BOOST_TEST(works(before) == 200U);
    auto const after = ask("POST", path + "/rotate", {{"overlap_seconds", 3600}});
    BOOST_TEST(after.status == 200U);
    BOOST_TEST(after.text("/id") == before.text("/id"));
    BOOST_TEST(!after.text("/previous_key_until").empty());
    BOOST_TEST(works(before) == 200U);
    BOOST_TEST(works(after) == 200U);
    pretend.clock().advance(std::chrono::hours{2});
    BOOST_TEST(refusal(ask_as(before.text("/key"), "GET", "/v1/accounts")) == "401 api_key_expired");
    BOOST_TEST(works(after) == 200U);
    BOOST_TEST(ask("GET", path).json().at("previous_key_until").is_null());
    auto const at_once = ask("POST", path + "/rotate", {{"overlap_seconds", 0}});
    BOOST_TEST(refusal(ask_as(after.text("/key"), "GET", "/v1/accounts")) == "401 api_key_unknown");
    BOOST_TEST(works(at_once) == 200U);
}

BOOST_AUTO_TEST_CASE(profiles_change_and_go) {
    auto const made =
        ask("POST", "/v1/profiles", {{"name", "Ada"}, {"external_id", "u1"}, {"metadata", {{"a", 1}}}});
    auto const path = "/v1/profiles/" + made.text("/id");
    auto const changed = ask("PATCH", path, {{"name", "Ada L."}, {"external_id", nullptr}});
    BOOST_TEST(changed.text("/name") == "Ada L.");
    BOOST_TEST(changed.json().at("external_id").is_null());
    BOOST_TEST(changed.json().at("metadata").at("a") == 1);
    ask("POST", "/v1/profiles", {{"name", "Bob"}, {"external_id", "u2"}});
    BOOST_TEST(wrong(ask("PATCH", path, {{"external_id", "u2"}})) ==
               "409 external_id_taken: /external_id external_id_taken");
    BOOST_TEST(wrong(ask("PATCH", path, {{"nmae", "x"}})) == "422 body_invalid: /nmae unknown");
    BOOST_TEST(wrong(ask("PATCH", path, {{"metadata", {{"a", std::string(17'000, 'x')}}}})) ==
               "422 field_invalid: /metadata field_invalid");
    BOOST_TEST(ask("PATCH", path, {{"metadata", nullptr}}).json().at("metadata") == boost::json::object{});
    BOOST_TEST(ask("DELETE", path).status == 204U);
    BOOST_TEST(refusal(ask("GET", path)) == "404 profile_not_found");
}

BOOST_AUTO_TEST_CASE(a_profile_with_accounts_stays_or_gives_them_to_the_default_one) {
    auto const id = ask("POST", "/v1/profiles", {{"name", "Ada"}}).text("/id");
    auto const account = connect_x("ada", {{"profile_id", id}});
    auto const path = "/v1/profiles/" + id;
    BOOST_TEST(ask("GET", path).json().at("account_count") == 1);
    BOOST_TEST(refusal(ask("DELETE", path)) == "409 profile_in_use");
    auto const usual = as_root("GET", own).text("/default_profile_id");
    auto const same = connect_x("ada"); // in the default one
    BOOST_TEST(refusal(ask("DELETE", path + "?force=true")) == "409 profile_in_use");
    BOOST_TEST(ask("PATCH", "/v1/profiles/" + usual, {{"name", "Everybody"}}).json().at("is_default") ==
               true);
    BOOST_TEST(refusal(ask("DELETE", "/v1/profiles/" + usual)) == "409 profile_is_default");
    BOOST_TEST(text(this->account(account), "/profile_id") == id);
    auto const alone = ask("POST", "/v1/profiles", {{"name", "Bob"}}).text("/id");
    auto const bob = connect_x("ben", {{"profile_id", alone}});
    BOOST_TEST(ask("DELETE", "/v1/profiles/" + alone + "?force=true").status == 204U);
    BOOST_TEST(text(this->account(bob), "/profile_id") == usual);
    BOOST_TEST(ask("GET", "/v1/accounts?profile_id=" + usual).json().at("data").as_array().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_workspace_can_be_changed_by_the_operator_and_seen_by_its_keys) {
    auto const changed =
        as_root("PATCH", own,
                {{"name", "Shop"},
                 {"branding",
                  {{"name", "The Shop"}, {"color", "#102030"}, {"logo_url", "https://cdn.example/l.png"}}},
                 {"return_urls", {"https://shop.example/done"}},
                 {"event_retention_days", 30}});
    BOOST_TEST(changed.status == 200U);
    auto const seen = ask("GET", "/v1/workspace");
    BOOST_TEST(seen.body == changed.body);
    BOOST_TEST(seen.json().at("event_retention_days") == 30);
    BOOST_TEST(wrong(as_root("PATCH", own, {{"slug", "other"}})) == "422 field_fixed: /slug field_fixed");
    BOOST_TEST(wrong(as_root("PATCH", own, {{"plan", "gold"}})) == "422 field_invalid: /plan field_invalid");
    BOOST_TEST(wrong(as_root("PATCH", own, {{"branding", {{"color", "red"}}}})) ==
               "422 field_invalid: /branding/color field_invalid");
    BOOST_TEST(wrong(as_root("PATCH", own, {{"branding", {{"logo_url", "http://a.example/"}}}})) ==
               "422 field_invalid: /branding/logo_url field_invalid");
    BOOST_TEST(wrong(as_root("PATCH", own, {{"return_urls", {"https://a.example", "ftp://b"}}})) ==
               "422 return_url_refused: /return_urls/1 return_url_refused");
    BOOST_TEST(wrong(as_root("PATCH", own, {{"event_retention_days", 1}})) ==
               "422 field_invalid: /event_retention_days field_invalid");

    auto const page = visit("/connect/" + begin_x().text("/id"));
    BOOST_TEST(page.body.find("The Shop") != std::string::npos);
    BOOST_TEST(page.body.find("#102030") != std::string::npos);
    BOOST_TEST(page.header("content-security-policy").find("img-src https://cdn.example") !=
               std::string::npos);
    auto const elsewhere = ask("POST", "/v1/connect/sessions",
                               {{"platform", "x"}, {"return_url", "https://shop.example/donext"}});
    BOOST_TEST(refusal(elsewhere) == "422 return_url_refused");

    BOOST_TEST(as_root("PATCH", own, {{"plan", "basic"}}).status == 200U);
    BOOST_TEST(visit("/connect/" + begin_x().text("/id")).body.find("The Shop") == std::string::npos);
    BOOST_TEST(refusal(as_root("PATCH", own, {{"branding", {{"name", "Mine"}}}})) ==
               "402 plan_feature_not_available");
}

BOOST_AUTO_TEST_CASE(plans_and_what_is_used_of_one) {
    auto const plans = ask("GET", "/v1/plans").json().at("data").as_array();
    BOOST_TEST(plans.size() == 5U);
    as_root("PATCH", own, {{"plan", "growth"}});
    connect_x();
    auto const usage = ask("GET", "/v1/usage");
    BOOST_TEST(usage.text("/plan/name") == "growth");
    BOOST_TEST(usage.json().at("accounts").at("used") == 1);
    BOOST_TEST(usage.json().at("profiles").at("used") == 1);
    BOOST_TEST(usage.json().at("credentials").at("used") == 1);
    BOOST_TEST(usage.json().at("credentials").at("allowed") == 10);
    BOOST_TEST(as_root("GET", own + "/usage").body == usage.body);
}

BOOST_AUTO_TEST_CASE(a_workspace_goes_for_good_when_it_is_meant) {
    auto const other = make_tenant("other");
    auto const path = "/v1/workspaces/" + other.workspace;
    auto const account = connect_x();
    BOOST_TEST(wrong(as_root("DELETE", path)) == "422 field_invalid: /confirm field_invalid");
    BOOST_TEST(refusal(as_root("DELETE", path + "?confirm=home")) == "422 field_invalid");
    BOOST_TEST(ask_as(other.key, "GET", "/v1/accounts").status == 200U);
    BOOST_TEST(as_root("DELETE", path + "?confirm=other").status == 204U);
    BOOST_TEST(refusal(ask_as(other.key, "GET", "/v1/accounts")) == "401 api_key_unknown");
    BOOST_TEST(refusal(as_root("GET", path)) == "404 workspace_not_found");
    BOOST_TEST(refusal(as_root("POST", path + "/api-keys", {{"name", "k"}})) == "404 workspace_not_found");
    BOOST_TEST(as_root("GET", "/v1/workspaces").json().at("data").as_array().size() == 1U);
    BOOST_TEST(make_tenant("other").workspace != other.workspace); // the slug is free again
    BOOST_TEST(text(this->account(account), "/status") == "active");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
