// Tokens from elsewhere, with a platform that says what the test wrote down.
#include "server/services/token_import.hpp"
#include "server/services/token_vault.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/events.hpp"
#include "storage/tables/refresh_due.hpp"
#include "storage/tables/tokens.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {
namespace {

struct import_fixture : world {
    workspace_view owner = workspace();
    credentials_view app = x_app(owner.id);
    token_import imports{store, keys, catalog, client, clock, chosen, refreshes, resolver, instances};

    static imported_tokens of_x(std::string_view access = "access-1") {
        imported_tokens given;
        given.platform = "x";
        given.access_token = crypto::secret::copy_of(access);
        return given;
    }
    static imported_tokens with_refresh(std::string_view refresh = "refresh-1") {
        auto given = of_x();
        given.refresh_token = crypto::secret::copy_of(refresh);
        return given;
    }
    void answer_ada() { client.answer(200, R"({"data":{"id":"17","username":"ada","name":"Ada Marlow"}})"); }
    account_view import(imported_tokens given) { return ok(imports.import(owner.id, std::move(given))); }
    failure refused(imported_tokens given) { return failed(imports.import(owner.id, std::move(given))); }
    static void expect(failure const& why, errc code, std::string_view field) {
        BOOST_TEST(why.code == make_error_code(code));
        BOOST_TEST(why.field == field);
    }
    platforms::token_set stored(account_view const& of) {
        return ok(open_token(keys, read(storage::tokens::get(store, owner.id, of.id))->record));
    }
    std::vector<std::string> told() {
        std::vector<std::string> types;
        for (auto const& each : read(storage::events::list_after(store, owner.id, {}, 100)).items) {
            types.push_back(each.type);
        }
        return types;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(token_import_test, import_fixture)

BOOST_AUTO_TEST_CASE(what_is_imported_is_an_ordinary_account) {
    answer_ada();
    auto given = with_refresh();
    given.access_expires_at = clock.now() + 1h;
    given.scopes = {"tweet.read"};
    given.metadata = R"({"seat":7})";
    auto const made = import(std::move(given));
    BOOST_TEST(made.platform_user_id == "17");
    BOOST_TEST(made.username == "ada");
    BOOST_TEST(made.status == "active");
    BOOST_TEST(made.kind == "person");
    BOOST_TEST(made.grant_owner == "17");
    BOOST_TEST((made.credentials == app.id));
    BOOST_TEST((made.profile == owner.default_profile));
    BOOST_TEST(made.metadata == R"({"seat":7})");
    BOOST_TEST((made.access_expires_at == clock.now() + 1h));
    BOOST_TEST((made.next_refresh_at > clock.now() && made.next_refresh_at < clock.now() + 1h));
    BOOST_TEST(stored(made).access_token.reveal() == "access-1");
    BOOST_TEST(stored(made).refresh_token->reveal() == "refresh-1");
    BOOST_TEST(told() == std::vector<std::string>{"account.connected"}, boost::test_tools::per_element());
    BOOST_TEST(client.sent.size() == 1U);
    BOOST_TEST(!holds(store, "access-1"));
    BOOST_TEST(!holds(store, "refresh-1"));
}

BOOST_AUTO_TEST_CASE(tokens_of_an_unknown_age_are_refreshed_soon) {
    answer_ada();
    auto const made = import(with_refresh());
    BOOST_TEST((made.next_refresh_at == clock.now() + 30s));
    BOOST_TEST(read(storage::refresh_dues::list_due(store, clock.now() + 30s, {}, 10)).items.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_second_import_updates_and_loses_no_refresh_token) {
    answer_ada();
    auto given = with_refresh();
    given.scopes = {"tweet.read"};
    auto const first = import(std::move(given));
    answer_ada();
    auto const again = import(of_x("access-2"));
    BOOST_TEST((again.id == first.id));
    BOOST_TEST(again.scopes == std::vector<std::string>{"tweet.read"}, boost::test_tools::per_element());
    BOOST_TEST(stored(again).access_token.reveal() == "access-2");
    BOOST_TEST(stored(again).refresh_token->reveal() == "refresh-1");
    BOOST_TEST(told().back() == "account.reconnected");
}

BOOST_AUTO_TEST_CASE(who_says_whose_it_is_need_not_ask) {
    auto given = with_refresh();
    given.verify = false;
    expect(refused(std::move(given)), errc::field_invalid, "platform_user_id");
    given = with_refresh();
    given.verify = false;
    given.platform_user_id = "17";
    given.username = "ada";
    given.access_expires_at = clock.now() - 1h;
    auto const made = import(std::move(given));
    BOOST_TEST(client.sent.empty());
    BOOST_TEST(made.platform_user_id == "17");
    BOOST_TEST(made.username == "ada");
    BOOST_TEST((made.next_refresh_at == clock.now() + 30s)); // its access token is over
}

BOOST_AUTO_TEST_CASE(what_the_platform_refuses_is_not_stored) {
    client.answer(401, R"({"title":"Unauthorized","status":401})");
    expect(refused(of_x()), errc::token_refused, "access_token");
    client.fail(platforms::errc::timed_out);
    expect(refused(of_x()), errc::platform_timeout, "");
    client.answer(503, "");
    expect(refused(of_x()), errc::platform_unavailable, "");
    answer_ada();
    auto given = of_x();
    given.platform_user_id = "18";
    auto const other = refused(std::move(given));
    expect(other, errc::field_invalid, "platform_user_id");
    BOOST_TEST(other.detail == "The token belongs to ada (17).");
    BOOST_TEST(read(storage::accounts::list(store, owner.id, {}, {}, 10)).items.empty());
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_before_anybody_is_asked) {
    expect(refused(of_x("")), errc::field_invalid, "access_token");
    expect(refused(of_x("a b")), errc::field_invalid, "access_token");
    expect(refused(with_refresh("a\r\nb")), errc::field_invalid, "refresh_token");
    auto given = of_x();
    given.platform = "myspace";
    expect(refused(std::move(given)), errc::platform_unknown, "platform");
    given = of_x();
    given.platform = "bluesky";
    expect(refused(std::move(given)), errc::field_invalid, "refresh_token");
    given = with_refresh();
    given.platform = "bluesky";
    given.platform_user_id = "ada.example";
    expect(refused(std::move(given)), errc::field_invalid, "platform_user_id");
    given = of_x();
    given.platform = "facebook";
    expect(refused(std::move(given)), errc::field_invalid, "platform_user_id");
    given = of_x();
    given.platform = "linkedin";
    BOOST_TEST(refused(std::move(given)).code == make_error_code(errc::credentials_missing));
    given = of_x();
    given.platform = "mastodon";
    given.instance = "mastodon.example";
    expect(refused(std::move(given)), errc::credentials_missing, "credentials_id");
    given = of_x();
    given.scopes = {"tweet.read", "a b"};
    expect(refused(std::move(given)), errc::field_invalid, "scopes/1");
    given = of_x();
    given.profile_id = "prof_nothing";
    expect(refused(std::move(given)), errc::profile_not_found, "profile_id");
    BOOST_TEST(client.sent.empty());
}

BOOST_AUTO_TEST_CASE(a_session_of_bluesky_goes_on_at_the_accounts_own_server) {
    auto const session = [] {
        auto given = with_refresh();
        given.platform = "bluesky";
        given.platform_user_id = "did:plc:abc";
        return given;
    };
    client.answer(404, R"({"message":"DID not registered"})");
    expect(refused(session()), errc::handle_unresolved, "platform_user_id");

    client.answer(200, R"({"id":"did:plc:abc","service":[{"id":"#atproto_pds",
        "type":"AtprotoPersonalDataServer","serviceEndpoint":"https://pds.example"}]})");
    client.answer(200, R"({"did":"did:plc:abc","handle":"ada.example"})");
    client.answer(404, ""); // she has no profile
    auto const made = import(session());
    BOOST_TEST(client.sent[2].url == "https://pds.example/xrpc/com.atproto.server.getSession");
    BOOST_TEST(client.sent[2].user_given_url);
    BOOST_TEST(made.username == "ada.example");
    BOOST_TEST(made.credentials.is_nil());
    auto const row = read(storage::accounts::get(store, owner.id, made.id));
    BOOST_TEST(row->record.api_base == "https://pds.example");
    BOOST_TEST(row->record.next_refresh_at.has_value());
    BOOST_TEST(platforms::find_extra(stored(made), "did")->reveal() == "did:plc:abc");
}

BOOST_AUTO_TEST_CASE(a_page_is_imported_by_its_own_token) {
    ok(credentials.create(owner.id, {.platform = "facebook",
                                     .client_id = "fb",
                                     .client_secret = crypto::secret::copy_of("s"),
                                     .name = {}}));
    client.answer(200, R"({"id":"4711","name":"The Page"})");
    auto given = of_x("page-token");
    given.platform = "facebook";
    given.platform_user_id = "4711";
    auto const made = import(std::move(given));
    BOOST_TEST(made.kind == "page");
    BOOST_TEST(made.display_name == "The Page");
    BOOST_TEST(made.grant_owner.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing
