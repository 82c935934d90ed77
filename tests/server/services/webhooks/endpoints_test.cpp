#include "server/services/webhooks/endpoints.hpp"
#include "tests/server/services/webhooks/support.hpp"

namespace connectd::server::services::webhooks::testing {

BOOST_FIXTURE_TEST_SUITE(endpoints_test, plain_world)

BOOST_AUTO_TEST_CASE(the_secret_is_told_once_and_kept_sealed) {
    make_hook({"token.revoked"});
    BOOST_TEST(secret.reveal().starts_with("whsec_"));
    auto const shown = ok(hooks.get(owner.id, name()));
    BOOST_TEST(shown.url == "https://hooks.example/a");
    BOOST_TEST(shown.types == std::vector<std::string>{"token.revoked"}, boost::test_tools::per_element());
    BOOST_TEST(shown.status == "active");
    BOOST_TEST(!holds(store, secret.reveal()));
    BOOST_TEST(ok(hooks.list(owner.id, {})).items.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_url_leads_to_a_public_https_server) {
    for (auto const* url :
         {"", "hooks.example", "http://hooks.example/a", "https://ada:secret@hooks.example/",
          "ftp://hooks.example/", "https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3/a", "https:///a",
          "https://169.254.169.254/latest", "https://hooks.example/a b"}) {
        auto const why = failed(hooks.create(owner.id, {.url = url}));
        BOOST_TEST((why.code == make_error_code(errc::field_invalid)), url);
        BOOST_TEST(why.field == "url");
    }
    chosen.webhook_http = true;
    chosen.webhook_private_addresses = true;
    make_hook({}, "http://127.0.0.1:8000/a");
}

BOOST_AUTO_TEST_CASE(types_are_those_that_exist) {
    BOOST_TEST(
        failed(hooks.create(owner.id, {.url = "https://a.example", .types = {{"account.conected"}}})).field ==
        "event_types");
    BOOST_TEST((refusal(hooks.create(
                    owner.id, {.url = "https://a.example", .types = {{"token.revoked", "token.revoked"}}})) ==
                errc::field_invalid));
}

BOOST_AUTO_TEST_CASE(the_plan_and_a_bound_limit_them) {
    auto const poor = workspace("poor", "small");
    BOOST_TEST((refusal(hooks.create(poor.id, {.url = "https://a.example"})) == errc::feature_not_in_plan));
    for (std::size_t count = 0; count < endpoints::most; ++count) {
        make_hook();
    }
    BOOST_TEST((refusal(hooks.create(owner.id, {.url = "https://a.example"})) == errc::webhooks_full));
}

BOOST_AUTO_TEST_CASE(an_update_changes_what_it_names) {
    make_hook({"token.revoked"});
    auto const shown = ok(hooks.update(owner.id, name(), {.description = "Production"}));
    BOOST_TEST(shown.description == "Production");
    BOOST_TEST(shown.types.size() == 1U);
    BOOST_TEST(ok(hooks.update(owner.id, name(), {.types = {std::vector<std::string>{}}})).types.empty());
    BOOST_TEST((refusal(hooks.update(owner.id, name(), {.url = "http://a.example"})) == errc::field_invalid));
}

BOOST_AUTO_TEST_CASE(a_form_makes_the_secret_and_knows_the_words) {
    make_terse_hook({.types = {{"bye"}}});
    BOOST_TEST(secret.reveal() == "terse-secret-1");
    auto const shown = ok(hooks.get(owner.id, name()));
    BOOST_TEST(shown.form == "terse");
    BOOST_TEST(shown.secret_hint == "ter"); // a quarter of it at most
    BOOST_TEST(failed(hooks.update(owner.id, name(), {.types = {{"token.revoked"}}})).field == "event_types");
    BOOST_TEST(failed(hooks.create(owner.id, {.url = "https://a.example"}, {"unknown"})).field == "form");
    BOOST_TEST(failed(hooks.create(owner.id,
                                   {.url = "https://a.example", .secret = crypto::secret::copy_of("1234567")},
                                   {"terse"}))
                   .field == "secret");
    BOOST_TEST(failed(hooks.update(owner.id, name(), {.profile_id = "prof_1"})).field == "profile_id");
}

BOOST_AUTO_TEST_CASE(what_happens_while_one_is_off_is_not_sent_later) {
    make_terse_hook({.on = false});
    BOOST_TEST(ok(hooks.get(owner.id, name())).status == "paused");
    happens();
    ok(hooks.update(owner.id, name(), {.on = true}));
    auto const later = happens();
    BOOST_TEST((brought(200) == courier::state::moved));
    BOOST_TEST((step().how == courier::state::idle));
    BOOST_TEST(sent_ids() == std::vector{later.to_string()}, boost::test_tools::per_element());
    ok(hooks.update(owner.id, name(), {.on = true})); // it is
    ok(hooks.update(owner.id, name(), {.on = false}));
    BOOST_TEST(ok(hooks.get(owner.id, name())).status_cause == "requested");
}

BOOST_AUTO_TEST_CASE(nobody_else_sees_them) {
    make_hook();
    auto const other = workspace("other");
    BOOST_TEST((refusal(hooks.get(other.id, name())) == errc::webhook_not_found));
    BOOST_TEST((refusal(hooks.remove(other.id, name())) == errc::webhook_not_found));
    BOOST_TEST((refusal(hooks.rotate(other.id, name())) == errc::webhook_not_found));
    BOOST_TEST((refusal(log.list(other.id, name(), {}, {})) == errc::webhook_not_found));
    BOOST_TEST((refusal(hooks.get(owner.id, "whk_1")) == errc::webhook_not_found));
    ok(hooks.remove(owner.id, name()));
    BOOST_TEST((refusal(hooks.get(owner.id, name())) == errc::webhook_not_found));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::webhooks::testing
