#include "crypto/digest.hpp"
#include "crypto/pkce.hpp"
#include "server/services/sessions.hpp"
#include "storage/tables/accounts.hpp"
#include "tests/server/services/support.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace connectd::server::services::testing {
namespace {

struct sessions_fixture : world {
    workspace_view owner = workspace();
    credentials_view app = x_app(owner.id);

    session_view make(session_wish const& input = {}) { return ok(sessions.create(owner.id, input)); }
    failure refused(session_wish const& input) { return failed(sessions.create(owner.id, input)); }
    storage::stored<storage::session> row(session_view const& of) {
        return read(storage::sessions::get(store, owner.id, of.id)).value();
    }
    static std::string parameter(std::string const& url, std::string_view name) {
        auto const parsed = boost::urls::parse_uri(url).value();
        auto const found = parsed.params().find({name.data(), name.size()});
        return found == parsed.params().end() ? std::string{} : std::string{(*found).value};
    }
    crypto::account_id store_account(std::string platform = "x", crypto::credentials_id with = {}) {
        storage::account made;
        made.id = crypto::account_id::make(clock.now());
        made.workspace = owner.id;
        made.profile = owner.default_profile;
        made.platform = std::move(platform);
        made.platform_user_id = "7";
        made.credentials = with;
        storage::write_batch batch;
        storage::accounts::create(batch, made);
        read(store.commit(std::move(batch)));
        return made.id;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sessions_test, sessions_fixture)

BOOST_AUTO_TEST_CASE(a_new_session_leads_to_our_page_and_to_the_platform) {
    auto const made = make();
    BOOST_TEST(made.status == "pending");
    BOOST_TEST(made.url == "https://connect.example/connect/" + made.id.to_string());
    BOOST_TEST((made.profile == owner.default_profile));
    BOOST_TEST((made.credentials == app.id));
    BOOST_TEST((made.expires_at == clock.now() + 15min));
    BOOST_REQUIRE(made.authorize_url.has_value());
    auto const& url = *made.authorize_url;
    BOOST_TEST(url.starts_with("https://x.com/i/oauth2/authorize?"));
    BOOST_TEST(parameter(url, "client_id") == "client-1");
    BOOST_TEST(parameter(url, "redirect_uri") == "https://connect.example/v1/connect/callback/x");
    BOOST_TEST(parameter(url, "code_challenge_method") == "S256");
}

BOOST_AUTO_TEST_CASE(state_and_verifier_lie_in_the_store_only_sealed) {
    auto const made = make();
    auto const secrets = ok(sessions.open_secrets(row(made).record));
    auto const state = secrets.state.reveal();
    auto const verifier = secrets.verifier.reveal();
    BOOST_TEST(state == parameter(*made.authorize_url, "state"));
    BOOST_TEST(crypto::challenge_s256(verifier) == parameter(*made.authorize_url, "code_challenge"));
    BOOST_TEST(!holds(store, state));
    BOOST_TEST(!holds(store, verifier));
    // What can be looked up is the digest.
    auto const digest = std::string{crypto::as_text(crypto::sha256(state))};
    BOOST_TEST(read(storage::sessions::find_by_state(store, digest)).has_value());
    BOOST_TEST(parameter(*make().authorize_url, "state") != state);
}

BOOST_AUTO_TEST_CASE(the_answer_to_a_later_question_has_no_state) {
    auto const made = make();
    auto const got = ok(sessions.get(owner.id, made.id.to_string()));
    BOOST_TEST(!got.authorize_url.has_value());
    BOOST_TEST(got.url == made.url);
}

BOOST_AUTO_TEST_CASE(a_platform_with_app_passwords_needs_no_app) {
    auto const made = make({.platform = "bluesky"});
    BOOST_TEST(!made.authorize_url.has_value());
    BOOST_TEST(made.credentials.is_nil());
}

BOOST_AUTO_TEST_CASE(platforms_are_found_by_alias_and_may_be_switched_off) {
    BOOST_TEST(make({.platform = "twitter"}).platform == "x");
    BOOST_TEST(refused({.platform = "nowhere"}).code == make_error_code(errc::platform_unknown));
    chosen.disabled_platforms.insert("x");
    BOOST_TEST(refused({.platform = "twitter"}).code == make_error_code(errc::platform_not_available));
}

BOOST_AUTO_TEST_CASE(return_urls_are_checked_when_the_session_is_made) {
    BOOST_TEST(make({.platform = "x", .return_url = "https://app.example/done"}).return_url ==
               "https://app.example/done");
    for (std::string const bad :
         {"http://app.example/", "javascript:alert(1)", "/done", "https://a@b.example/"}) {
        auto const why = refused({.platform = "x", .return_url = bad});
        BOOST_TEST(why.code == make_error_code(errc::return_url_refused), bad);
        BOOST_TEST(why.field == "return_url", bad);
    }
}

BOOST_AUTO_TEST_CASE(scopes_are_checked_and_completed) {
    auto const made = make({.platform = "x", .scopes = std::vector<std::string>{"tweet.read"}});
    auto const has = [&](std::string_view scope) {
        return std::ranges::find(made.scopes, scope) != made.scopes.end();
    };
    BOOST_TEST(has("tweet.read"));
    BOOST_TEST(has("offline.access")); // without it there is nothing to keep alive
    BOOST_TEST(!has("tweet.write"));
    auto const why =
        refused({.platform = "x", .scopes = std::vector<std::string>{"tweet.read", "two words"}});
    BOOST_TEST(why.code == make_error_code(errc::field_invalid));
    BOOST_TEST(why.field == "scopes/1");
    BOOST_TEST(refused({.platform = "x", .scopes = std::vector<std::string>{""}}).field == "scopes/0");
    BOOST_TEST(refused({.platform = "x", .scopes = std::vector<std::string>(101, "a")}).field == "scopes");
}

BOOST_AUTO_TEST_CASE(ids_must_be_those_of_the_workspace) {
    auto const other = workspace("other");
    auto const their_app = x_app(other.id);
    auto const theirs = other.default_profile.to_string();
    auto const profile = refused({.platform = "x", .profile_id = theirs});
    BOOST_TEST(profile.code == make_error_code(errc::profile_not_found));
    BOOST_TEST(profile.field == "profile_id");
    BOOST_TEST(refused({.platform = "x", .profile_id = "nonsense"}).code ==
               make_error_code(errc::profile_not_found));
    auto const credentials = refused({.platform = "x", .credentials_id = their_app.id.to_string()});
    BOOST_TEST(credentials.code == make_error_code(errc::credentials_not_found));
    BOOST_TEST(credentials.field == "credentials_id");
    auto const account = refused({.platform = "x", .account_id = "acc_nonsense"});
    BOOST_TEST(account.code == make_error_code(errc::account_not_found));
    BOOST_TEST(account.field == "account_id");
    auto const made = make();
    BOOST_TEST(refusal(sessions.get(other.id, made.id.to_string())) == errc::session_not_found);
    BOOST_TEST(refusal(sessions.get(owner.id, "cs_nonsense")) == errc::session_not_found);
}

BOOST_AUTO_TEST_CASE(a_reconnect_goes_to_the_accounts_own_profile) {
    auto const account = store_account();
    auto const made = make({.platform = "x", .account_id = account.to_string()});
    BOOST_TEST((made.account == account));
    BOOST_TEST((made.profile == owner.default_profile));
    auto const elsewhere = ok(profiles.create(owner.id, {.name = "Ann", .external_id = {}, .metadata = {}}));
    BOOST_TEST(
        refused({.platform = "x", .profile_id = elsewhere.id.to_string(), .account_id = account.to_string()})
            .field == "profile_id");
    BOOST_TEST(refused({.platform = "bluesky", .account_id = account.to_string()}).field == "account_id");
}

BOOST_AUTO_TEST_CASE(without_credentials_the_answer_says_what_to_register) {
    ok(credentials.remove(owner.id, app.id.to_string(), services::credentials::removal::if_unused));
    auto const why = refused({.platform = "x"});
    BOOST_TEST(why.code == make_error_code(errc::credentials_missing));
    BOOST_TEST(why.detail.find("https://connect.example/v1/connect/callback/x") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(metadata_is_bounded) {
    make({.platform = "x", .metadata = std::string(16 * 1024, ' ')});
    BOOST_TEST(refused({.platform = "x", .metadata = std::string(16 * 1024 + 1, ' ')}).field == "metadata");
}

BOOST_AUTO_TEST_CASE(a_session_past_its_time_is_shown_as_expired_at_once) {
    auto const made = make();
    clock.advance(15min - 1ms);
    BOOST_TEST(ok(sessions.get(owner.id, made.id.to_string())).status == "pending");
    clock.advance(1ms);
    BOOST_TEST(ok(sessions.get(owner.id, made.id.to_string())).status == "expired");
    BOOST_TEST(refusal(sessions.open_page(made.id.to_string(), sessions::new_browser())) ==
               errc::session_expired);
}

BOOST_AUTO_TEST_CASE(opening_the_page_binds_the_session_to_the_last_browser) {
    auto const made = make();
    auto const id = made.id.to_string();
    auto const first = sessions::new_browser();
    auto const second = sessions::new_browser();
    BOOST_TEST(refusal(sessions.find_bound(id, first.clone())) == errc::state_foreign);
    auto const page = ok(sessions.open_page(id, first.clone()));
    BOOST_TEST(page.brand.name == owner.name);
    BOOST_TEST(page.platform_title == "X");
    BOOST_TEST(parameter(page.authorize_url, "state") == parameter(*made.authorize_url, "state"));
    ok(sessions.find_bound(id, first.clone()));
    BOOST_TEST(refusal(sessions.find_bound(id, second.clone())) == errc::state_foreign);
    ok(sessions.open_page(id, second.clone()));
    ok(sessions.find_bound(id, second.clone()));
    BOOST_TEST(refusal(sessions.find_bound(id, first.clone())) == errc::state_foreign);
    BOOST_TEST(!holds(store, second.reveal()));
}

BOOST_AUTO_TEST_CASE(an_ended_session_opens_no_page) {
    auto const made = make();
    auto const before = row(made);
    auto ended = before.record;
    ended.status = storage::session_status::cancelled;
    ended.finished_at = clock.now();
    storage::write_batch batch;
    storage::sessions::replace(batch, before, ended);
    read(store.commit(std::move(batch)));
    BOOST_TEST(ok(sessions.get(owner.id, made.id.to_string())).status == "cancelled");
    BOOST_TEST(refusal(sessions.open_page(made.id.to_string(), sessions::new_browser())) ==
               errc::session_used);
    BOOST_TEST(refusal(sessions.open_page("cs_nonsense", sessions::new_browser())) ==
               errc::session_not_found);
}

BOOST_AUTO_TEST_CASE(the_page_needs_the_credentials_of_the_session) {
    auto const made = make();
    ok(credentials.remove(owner.id, app.id.to_string(), services::credentials::removal::forced));
    BOOST_TEST(refusal(sessions.open_page(made.id.to_string(), sessions::new_browser())) ==
               errc::credentials_missing);
}

BOOST_AUTO_TEST_CASE(a_reconnect_is_with_the_app_that_the_account_came_with) {
    clock.advance(1ms);
    auto const second = x_app(owner.id, "client-2");
    auto const account = store_account("x", second.id).to_string();
    BOOST_TEST((make({.account_id = account}).credentials == second.id));
    BOOST_TEST((make({.credentials_id = app.id.to_string(), .account_id = account}).credentials == app.id));
    ok(credentials.remove(owner.id, second.id.to_string(), services::credentials::removal::forced));
    BOOST_TEST((make({.account_id = account}).credentials == app.id)); // with whatever there still is
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing
