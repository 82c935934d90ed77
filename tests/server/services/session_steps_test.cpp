#include "server/services/session_steps.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {
namespace {

using storage::session_status;

struct steps_fixture : world {
    workspace_view owner = workspace();
    credentials_view app = x_app(owner.id);

    storage::stored<storage::session> session() {
        return row(ok(sessions.create(owner.id, session_wish{})).id);
    }
    storage::stored<storage::session> row(crypto::session_id id) {
        return read(storage::sessions::get(store, owner.id, id)).value();
    }
    void write(storage::stored<storage::session> const& old, storage::session const& updated) {
        storage::write_batch batch;
        storage::sessions::replace(batch, old, updated);
        read(store.commit(std::move(batch)));
    }
    errc refused(outcome<void> const& answer) {
        BOOST_REQUIRE(answer.has_error());
        return static_cast<errc>(answer.error().code.value());
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(session_steps_test, steps_fixture)

BOOST_AUTO_TEST_CASE(only_an_open_session_in_its_time_has_the_status_wanted) {
    auto row = session().record;
    auto const last = row.expires_at - 1ms;
    BOOST_TEST(require_status(row, session_status::pending, last).has_value());
    BOOST_TEST(refused(require_status(row, session_status::choosing, last)) == errc::session_not_choosing);
    BOOST_TEST(refused(require_status(row, session_status::pending, row.expires_at)) ==
               errc::session_expired);
    row.status = session_status::choosing;
    BOOST_TEST(require_status(row, session_status::choosing, last).has_value());
    BOOST_TEST(refused(require_status(row, session_status::pending, last)) == errc::session_used);
    BOOST_TEST(refused(require_status(row, session_status::pending, row.expires_at)) ==
               errc::session_expired);
    for (auto const over : {session_status::completed, session_status::failed, session_status::cancelled}) {
        row.status = over;
        BOOST_TEST(refused(require_status(row, session_status::pending, last)) == errc::session_used);
        BOOST_TEST(refused(require_status(row, session_status::pending, row.expires_at)) ==
                   errc::session_used);
    }
    row.status = session_status::expired;
    BOOST_TEST(refused(require_status(row, session_status::pending, last)) == errc::session_expired);
}

BOOST_AUTO_TEST_CASE(a_held_session_is_nobody_elses) {
    auto const made = session();
    {
        auto const held = ok(hold(store, claims, clock, made.record, session_status::pending));
        BOOST_TEST((held.row.record == made.record));
        BOOST_TEST(refusal(hold(store, claims, clock, made.record, session_status::pending)) ==
                   errc::session_used);
    }
    ok(hold(store, claims, clock, made.record, session_status::pending));
}

BOOST_AUTO_TEST_CASE(one_that_was_ended_since_it_was_read_is_not_held) {
    auto const made = session();
    write(made, ended(made.record, session_status::cancelled, errc::consent_denied, clock.now()));
    BOOST_TEST(refusal(hold(store, claims, clock, made.record, session_status::pending)) ==
               errc::session_used);
    BOOST_TEST(claims.take(made.record.id).has_value()); // given free again
}

BOOST_AUTO_TEST_CASE(one_that_was_only_touched_is_read_again) {
    auto const made = session();
    auto touched = made.record;
    touched.browser_digest = std::string(32, 'b');
    write(made, touched);
    BOOST_TEST((ok(read_again(store, made)).record == touched));
    auto const now_there = row(made.record.id);
    write(now_there, ended(touched, session_status::failed, errc::code_refused, clock.now()));
    BOOST_TEST(refusal(read_again(store, made)) == errc::session_used);
}

BOOST_AUTO_TEST_CASE(an_ended_session_holds_no_secret_and_says_why) {
    auto made = session().record;
    made.choices = made.secrets;
    BOOST_TEST(!made.secrets.empty());
    failure why{errc::platform_account_missing, "Tick a page."};
    why.word = "chirp.pages.none";
    auto const failed = ended(made, session_status::failed, why, clock.now());
    BOOST_TEST((failed.status == session_status::failed));
    BOOST_TEST(failed.error_code == "chirp.pages.none");
    BOOST_TEST(failed.error_description == "Tick a page.");
    BOOST_TEST((failed.finished_at == clock.now()));
    BOOST_TEST(failed.secrets.empty());
    BOOST_TEST(failed.choices.empty());
    BOOST_TEST(!failed.account.has_value());
    auto const plain = ended(made, session_status::expired, errc::session_expired, clock.now());
    BOOST_TEST(plain.error_code == "session_expired");
    BOOST_TEST(plain.error_description == "This connect session has expired.");

    auto const first = crypto::account_id::make(clock.now());
    auto const second = crypto::account_id::make(clock.now());
    auto const good = completed(made, {first, second}, clock.now());
    BOOST_TEST((good.status == session_status::completed));
    BOOST_TEST((good.account == first));
    BOOST_TEST((good.accounts == std::vector{first, second}));
    BOOST_TEST(good.secrets.empty());
    BOOST_TEST(good.choices.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing
