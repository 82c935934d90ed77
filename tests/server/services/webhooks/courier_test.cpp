// One endpoint and its events, step by step: what is sent, in which order, and what is remembered of it.
#include "server/services/webhooks/courier.hpp"
#include "server/services/webhooks/secrets.hpp"
#include "server/services/webhooks/signature.hpp"
#include "tests/server/services/webhooks/support.hpp"

#include <boost/json/parse.hpp>

namespace connectd::server::services::webhooks::testing {
namespace {

using state = courier::state;
using ids = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(courier_test, plain_world)

BOOST_AUTO_TEST_CASE(an_event_is_sent_once_signed_and_in_the_form_of_standard_webhooks) {
    happens(); // before the endpoint was there
    make_hook();
    auto const event = happens("token.revoked");
    BOOST_TEST(brought(204) == state::moved);
    BOOST_TEST(step().how == state::idle);
    BOOST_REQUIRE(client.sent.size() == 1U);
    auto const& request = client.sent.front();
    BOOST_TEST(request.method == "POST");
    BOOST_TEST(request.url == "https://hooks.example/a");
    BOOST_TEST(request.user_given_url);
    BOOST_TEST(tests::header(request, "webhook-id") == event.to_string());
    BOOST_TEST(tests::header(request, "webhook-timestamp") == timestamp_text(clock.now()));
    std::vector<crypto::secret> secrets;
    secrets.push_back(secret.clone());
    BOOST_TEST(tests::header(request, "webhook-signature") ==
               sign(secrets, event.to_string(), timestamp_text(clock.now()), request.body));
    auto const body = boost::json::parse(request.body).as_object();
    BOOST_TEST(body.size() == 3U);
    BOOST_TEST(body.at("type") == "token.revoked");
    BOOST_TEST(body.at("timestamp") == "2027-01-15T08:00:00.002Z");
    BOOST_TEST(body.at("data").at("cause") == "none");
    auto const record = sent_of(event);
    BOOST_TEST((record.status == delivery_status::delivered));
    BOOST_TEST(record.attempts == 1U);
    BOOST_TEST(record.http_status == 204U);
    BOOST_TEST((record.last_attempt_at == clock.now()));
}

BOOST_AUTO_TEST_CASE(what_fails_holds_up_what_came_later_and_nothing_is_skipped) {
    make_hook();
    auto const first = happens();
    auto const second = happens();
    BOOST_TEST(brought(500) == state::waits);
    BOOST_TEST(step().how == state::waits); // nothing is sent before its time
    auto record = sent_of(first);
    BOOST_TEST((record.status == delivery_status::retrying));
    BOOST_TEST((record.next_attempt_at == lane().next_attempt_at));
    BOOST_TEST(record.error == "The endpoint answered 500.");
    wait_for_next();
    client.fail(platforms::errc::timed_out);
    BOOST_TEST(step().how == state::waits);
    wait_for_next();
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(step().how == state::idle);
    auto const name = first.to_string();
    BOOST_TEST(sent_ids() == (ids{name, name, name, second.to_string()}), boost::test_tools::per_element());
    record = sent_of(first);
    BOOST_TEST((record.status == delivery_status::delivered));
    BOOST_TEST(record.attempts == 3U);
    BOOST_TEST(record.error == "");
    BOOST_TEST(!lane().failing_since);
}

BOOST_AUTO_TEST_CASE(only_the_wanted_types_are_sent) {
    make_hook({"token.revoked", "token.expiring"});
    happens();
    auto const wanted = happens("token.expiring");
    happens("token.refreshed");
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(step().how == state::idle);
    BOOST_TEST(sent_ids() == ids{wanted.to_string()}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_a_form_has_no_word_for_is_passed_over) {
    make_terse_hook();
    happens("token.revoked");
    auto const first = happens();
    happens("token.refreshed");
    auto const second = happens();
    happens("account.disconnected");
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(step().how == state::idle);
    BOOST_TEST(sent_ids() == (ids{first.to_string(), second.to_string()}), boost::test_tools::per_element());
    BOOST_TEST(client.sent.front().body == R"({"say":"hello"})");
    BOOST_TEST(tests::header(client.sent.front(), "webhook-signature") == "");
}

BOOST_AUTO_TEST_CASE(secrets_take_turns_where_one_signature_has_room) {
    make_terse_hook({.secret = crypto::secret::copy_of("the-old-secret")});
    ok(hooks.update(owner.id, name(), {.secret = crypto::secret::copy_of("the-new-secret")}));
    happens();
    for (std::string_view const expected : {"the-new-secret", "the-old-secret", "the-new-secret"}) {
        BOOST_TEST(brought(401) == state::waits);
        BOOST_TEST(tests::header(client.sent.back(), "terse-secret") == expected);
        wait_for_next();
    }
    clock.advance(rotation_time);
    BOOST_TEST(brought(200) == state::moved); // the fourth, but there is one secret now
    BOOST_TEST(tests::header(client.sent.back(), "terse-secret") == "the-new-secret");
}

BOOST_AUTO_TEST_CASE(a_profile_narrows_what_is_sent) {
    auto const profile =
        ok(profiles.create(owner.id, {.name = "North", .external_id = {}, .metadata = {}})).id;
    make_terse_hook({.profile_id = profile.to_string()});
    happens();
    happens("account.connected", R"({"profile_id":"prof_01M818YZ1QFBQA3XZTV4ZD2ZRY"})");
    auto const wanted = happens("account.connected", R"({"profile_id":")" + profile.to_string() + "\"}");
    happens();
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(step().how == state::idle);
    BOOST_TEST(sent_ids() == ids{wanted.to_string()}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_is_gone_is_disabled_and_can_be_resumed) {
    make_hook();
    auto const first = happens();
    auto const second = happens();
    BOOST_TEST(brought(410) == state::moved);
    BOOST_TEST(step().how == state::idle);
    BOOST_TEST((sent_of(first).status == delivery_status::failed));
    BOOST_TEST((row().status == storage::webhook_status::disabled));
    BOOST_TEST(row().status_cause == "gone");
    auto const told = all_events().back();
    BOOST_TEST(told.type == "webhook.disabled");
    auto const data = boost::json::parse(told.data);
    BOOST_TEST(std::string_view{data.at("webhook_id").as_string()} == name());
    BOOST_TEST(data.at("cause") == "gone");
    BOOST_TEST((refusal(hooks.pause(owner.id, name())) == errc::webhook_not_active));
    BOOST_TEST(ok(hooks.resume(owner.id, name(), false)).status == "active");
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(sent_ids().back() == second.to_string());
}

BOOST_AUTO_TEST_CASE(after_three_days_of_failures_it_is_disabled_and_says_so) {
    make_hook();
    auto const event = happens();
    auto const began = clock.now();
    while (brought(503) == state::waits) {
        wait_for_next();
    }
    BOOST_TEST((clock.now() - began == 72h));
    BOOST_TEST((row().status == storage::webhook_status::disabled));
    BOOST_TEST(row().status_cause == "exhausted");
    BOOST_TEST((sent_of(event).status == delivery_status::failed));
    BOOST_TEST(sent_of(event).attempts > 12U);
    BOOST_TEST(all_events().back().type == "webhook.disabled");
    ok(hooks.resume(owner.id, name(), false));
    BOOST_TEST(ok(log.redeliver_failed(owner.id, name(), began)) == 1U);
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(sent_ids().back() == event.to_string());
    BOOST_TEST((sent_of(event).status == delivery_status::delivered));
}

BOOST_AUTO_TEST_CASE(the_endpoint_may_say_how_long_to_wait) {
    make_hook();
    happens();
    BOOST_TEST(brought(429, {{"Retry-After", "600"}}) == state::waits);
    BOOST_TEST((*lane().next_attempt_at - clock.now() == 600s));
}

BOOST_AUTO_TEST_CASE(a_redirect_is_a_failure) {
    make_hook();
    auto const event = happens();
    BOOST_TEST(brought(302, {{"Location", "https://elsewhere.example/"}}) == state::waits);
    BOOST_TEST(client.sent.size() == 1U);
    BOOST_TEST(sent_of(event).error == "The endpoint answered with a redirect, which is not followed.");
}

BOOST_AUTO_TEST_CASE(both_secrets_sign_for_a_day_after_a_rotation) {
    make_hook();
    auto const old = secret.clone();
    auto const told = ok(hooks.rotate(owner.id, name()));
    BOOST_TEST((told.view.previous_secret_until == clock.now() + 24h));
    BOOST_TEST(told.secret.reveal() != old.reveal());
    BOOST_TEST(!holds(store, told.secret.reveal()));
    std::vector<crypto::secret> secrets;
    secrets.push_back(told.secret.clone());
    secrets.push_back(old.clone());
    auto const signed_by = [&](std::size_t count) {
        auto const& request = client.sent.back();
        return tests::header(request, "webhook-signature") ==
               sign(std::span{secrets}.first(count), tests::header(request, "webhook-id"),
                    tests::header(request, "webhook-timestamp"), request.body);
    };
    happens();
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(signed_by(2));
    clock.advance(24h);
    happens();
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(signed_by(1));
    BOOST_TEST(!ok(hooks.get(owner.id, name())).previous_secret_until);
}

BOOST_AUTO_TEST_CASE(events_wait_for_a_paused_endpoint_unless_they_are_given_up) {
    make_hook();
    ok(hooks.pause(owner.id, name()));
    auto const missed = happens();
    BOOST_TEST(step().how == state::idle);
    ok(hooks.resume(owner.id, name(), false));
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(sent_ids() == ids{missed.to_string()}, boost::test_tools::per_element());
    ok(hooks.pause(owner.id, name()));
    happens();
    ok(hooks.resume(owner.id, name(), true));
    BOOST_TEST(step().how == state::idle);
    auto const next = happens();
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(sent_ids().back() == next.to_string());
}

BOOST_AUTO_TEST_CASE(what_was_being_tried_when_the_rest_was_given_up_has_failed) {
    make_hook();
    auto const tried = happens();
    BOOST_TEST(brought(500) == state::waits);
    ok(hooks.pause(owner.id, name()));
    BOOST_TEST((sent_of(tried).status == delivery_status::retrying));
    ok(hooks.resume(owner.id, name(), true));
    BOOST_TEST((sent_of(tried).status == delivery_status::failed));
    BOOST_TEST(!sent_of(tried).next_attempt_at);
    BOOST_TEST(step().how == state::idle);
    auto const next = happens();
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(sent_ids() == (ids{tried.to_string(), next.to_string()}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_attempt_that_the_shutdown_cuts_off_leaves_no_trace) {
    make_hook();
    auto const event = happens();
    auto const before = lane();
    client.fail(platforms::errc::cancelled);
    BOOST_TEST((failed(brings.step({owner.id, id}, passed)).code == boost::asio::error::operation_aborted));
    BOOST_TEST((lane() == before));
    BOOST_TEST(!was_sent(event));
}

BOOST_AUTO_TEST_CASE(a_long_way_without_anything_wanted_is_not_gone_again) {
    make_hook({"token.revoked"});
    auto const before = lane().place;
    for (int count = 0; count < 1001; ++count) {
        happens();
    }
    BOOST_TEST(step().how == state::idle);
    BOOST_TEST((lane().place > before));
    auto const wanted = happens("token.revoked");
    passed = {}; // as after a restart
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(sent_ids() == ids{wanted.to_string()}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct contest_fixture : contested_world {
    // On a loop of its own, for the courier's is at work.
    void meanwhile(storage::write_batch batch) {
        boost::asio::io_context others{1};
        BOOST_TEST(tests::run(others, store.below.commit(std::move(batch))).has_value());
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(courier_contest_test, contest_fixture)

BOOST_AUTO_TEST_CASE(an_endpoint_that_is_deleted_during_an_attempt_stays_deleted) {
    make_hook();
    auto const event = happens();
    storage::write_batch batch;
    storage::webhooks::erase(batch, row());
    storage::webhook_lanes::erase(batch, lane());
    store.before_commit = [&] { meanwhile(batch); };
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(step().how == state::absent);
    BOOST_TEST(!was_sent(event));
}

BOOST_AUTO_TEST_CASE(an_event_goes_out_again_when_its_outcome_met_another_change) {
    make_hook();
    auto const event = happens();
    auto changed = lane();
    changed.failures = 7;
    storage::write_batch batch;
    storage::webhook_lanes::put(batch, changed);
    store.before_commit = [&] { meanwhile(batch); };
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(sent_ids() == (ids{event.to_string(), event.to_string()}), boost::test_tools::per_element());
    BOOST_TEST(step().how == state::idle);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::webhooks::testing
