#include "crypto/api_key.hpp"
#include "server/services/api_keys.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {
namespace {

struct api_keys_fixture : world {
    std::string owner = workspace().id.to_string();

    created_api_key make(std::optional<std::vector<std::string>> scopes = {}) {
        return ok(api_keys.create(owner, {.name = "key", .scopes = std::move(scopes)}));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(api_keys_test, api_keys_fixture)

BOOST_AUTO_TEST_CASE(a_new_key_says_whose_it_is) {
    auto const made = make();
    auto const who = ok(api_keys.authenticate(made.key.reveal()));
    BOOST_TEST(!who.root);
    BOOST_TEST(who.workspace.to_string() == owner);
    BOOST_TEST(who.key.to_string() == made.view.id.to_string());
    for (auto const scope : all_scopes()) {
        BOOST_TEST(who.has_scope(scope), scope);
    }
    BOOST_TEST(!who.has_scope("no:such"));
    BOOST_TEST(made.key.reveal().starts_with(made.view.hint));
}

BOOST_AUTO_TEST_CASE(the_key_itself_is_not_stored) {
    auto const made = make();
    auto const text = made.key.reveal();
    BOOST_TEST(!holds(store, text));
    BOOST_TEST(!holds(store, text.substr(made.view.hint.size())));
}

BOOST_AUTO_TEST_CASE(a_key_has_the_scopes_it_was_given_and_no_others) {
    auto const made = make(std::vector<std::string>{"proxy", "accounts:read", "proxy"});
    BOOST_TEST((made.view.scopes == std::vector<std::string>{"accounts:read", "proxy"}));
    auto const who = ok(api_keys.authenticate(made.key.reveal()));
    for (auto const scope : all_scopes()) {
        BOOST_TEST(who.has_scope(scope) == (scope == "proxy" || scope == "accounts:read"), scope);
    }
}

BOOST_AUTO_TEST_CASE(input_that_makes_no_key) {
    auto const refused = [&](std::string name, std::optional<std::vector<std::string>> scopes) {
        auto const why =
            failed(api_keys.create(owner, {.name = std::move(name), .scopes = std::move(scopes)}));
        BOOST_TEST(why.code == make_error_code(errc::field_invalid));
        return why.field;
    };
    BOOST_TEST(refused("", {}) == "name");
    BOOST_TEST(refused(std::string(201, 'n'), {}) == "name");
    BOOST_TEST(refused("key", std::vector<std::string>{}) == "scopes");
    BOOST_TEST(refused("key", std::vector<std::string>{"proxy", "admin"}) == "scopes/1");
    BOOST_TEST(refusal(api_keys.create("wsp_nonsense", {.name = "key", .scopes = {}})) ==
               errc::workspace_not_found);
    auto const nobody = crypto::workspace_id::make(clock.now()).to_string();
    BOOST_TEST(refusal(api_keys.create(nobody, {.name = "key", .scopes = {}})) == errc::workspace_not_found);
}

BOOST_AUTO_TEST_CASE(keys_that_are_none) {
    auto const unknown = crypto::make_api_key(crypto::api_key_kind::live);
    BOOST_TEST(refusal(api_keys.authenticate(unknown.text.reveal())) == errc::api_key_unknown);
    auto const foreign_root = crypto::make_api_key(crypto::api_key_kind::root);
    BOOST_TEST(refusal(api_keys.authenticate(foreign_root.text.reveal())) == errc::api_key_unknown);
    std::string broken{make().key.reveal()};
    broken.back() = broken.back() == 'a' ? 'b' : 'a';
    for (auto const& text : {broken, std::string{}, std::string{"cd_live_"}, std::string(10'000, 'x')}) {
        BOOST_TEST(refusal(api_keys.authenticate(text)) == errc::api_key_malformed);
    }
}

BOOST_AUTO_TEST_CASE(a_revoked_key_is_refused_on_every_thread_at_once) {
    auto const made = make();
    auto const kept = make();
    services::api_keys elsewhere{store, clock, revision};
    ok(elsewhere.authenticate(made.key.reveal())); // remembered there from now on
    ok(elsewhere.authenticate(kept.key.reveal()));
    auto const revoked = ok(api_keys.revoke(owner, made.view.id.to_string()));
    BOOST_TEST((revoked.revoked_at == clock.now()));
    BOOST_TEST(refusal(elsewhere.authenticate(made.key.reveal())) == errc::api_key_revoked);
    BOOST_TEST(refusal(api_keys.authenticate(made.key.reveal())) == errc::api_key_revoked);
    ok(elsewhere.authenticate(kept.key.reveal()));
}

BOOST_AUTO_TEST_CASE(revoking_twice_keeps_the_first_time) {
    auto const made = make();
    auto const first = ok(api_keys.revoke(owner, made.view.id.to_string())).revoked_at;
    clock.advance(1h);
    BOOST_TEST((ok(api_keys.revoke(owner, made.view.id.to_string())).revoked_at == first));
}

BOOST_AUTO_TEST_CASE(another_workspace_cannot_revoke_the_key) {
    auto const made = make();
    auto const other = workspace("other").id.to_string();
    BOOST_TEST(refusal(api_keys.revoke(other, made.view.id.to_string())) == errc::api_key_not_found);
    BOOST_TEST(refusal(api_keys.revoke(owner, "key_nonsense")) == errc::api_key_not_found);
    ok(api_keys.authenticate(made.key.reveal()));
}

BOOST_AUTO_TEST_CASE(a_key_ends_with_its_time_also_where_it_is_remembered) {
    auto const made = crypto::make_api_key(crypto::api_key_kind::live);
    storage::write_batch batch;
    storage::api_keys::create(batch, {.id = crypto::api_key_id::make(clock.now()),
                                      .workspace = crypto::workspace_id::parse(owner).value(),
                                      .name = "short",
                                      .scopes = {"proxy"},
                                      .digest = std::string{crypto::as_text(made.digest)},
                                      .hint = made.hint,
                                      .created_at = clock.now(),
                                      .expires_at = clock.now() + 1min,
                                      .revoked_at = {}});
    read(store.commit(std::move(batch)));
    ok(api_keys.authenticate(made.text.reveal()));
    clock.advance(1min - 1ms);
    ok(api_keys.authenticate(made.text.reveal()));
    clock.advance(1ms);
    BOOST_TEST(refusal(api_keys.authenticate(made.text.reveal())) == errc::api_key_expired);
}

BOOST_AUTO_TEST_CASE(the_list_has_all_keys_in_pages_and_only_those_of_the_workspace) {
    auto const other = workspace("other").id.to_string();
    ok(api_keys.create(other, {.name = "theirs", .scopes = {}}));
    std::vector<std::string> made;
    for (int number = 0; number < 5; ++number) {
        clock.advance(1ms);
        made.push_back(make().view.id.to_string());
    }
    std::vector<std::string> seen;
    page_request page{.limit = 2, .cursor = {}};
    do {
        auto const part = ok(api_keys.list(owner, page));
        BOOST_TEST(part.items.size() <= 2U);
        for (auto const& key : part.items) {
            seen.push_back(key.id.to_string());
        }
        page.cursor = part.next_cursor;
    } while (page.cursor);
    BOOST_TEST(seen == made, boost::test_tools::per_element());
    auto const why = failed(api_keys.list(owner, {.limit = 2, .cursor = "elsewhere"}));
    BOOST_TEST(why.field == "cursor");
    BOOST_TEST(why.code == make_error_code(errc::field_invalid));
}

BOOST_AUTO_TEST_CASE(the_root_key_is_installed_once) {
    BOOST_TEST(!ok(api_keys.has_root_key()));
    auto const live = crypto::make_api_key(crypto::api_key_kind::live);
    BOOST_TEST(refusal(api_keys.install_root_key(live.text.clone())) == errc::api_key_malformed);
    BOOST_TEST(refusal(api_keys.install_root_key(crypto::secret::copy_of("root"))) ==
               errc::api_key_malformed);
    auto const root = crypto::make_api_key(crypto::api_key_kind::root);
    ok(api_keys.install_root_key(root.text.clone()));
    BOOST_TEST(ok(api_keys.has_root_key()));
    auto const who = ok(api_keys.authenticate(root.text.reveal()));
    BOOST_TEST(who.root);
    BOOST_TEST(who.workspace.is_nil());
    BOOST_TEST(!who.has_scope("accounts:read"));
    auto const second = crypto::make_api_key(crypto::api_key_kind::root);
    BOOST_TEST(refusal(api_keys.install_root_key(second.text.clone())) == errc::changed_meanwhile);
    BOOST_TEST(refusal(api_keys.authenticate(second.text.reveal())) == errc::api_key_unknown);
    BOOST_TEST(!holds(store, root.text.reveal()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing
