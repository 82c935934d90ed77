#include "server/services/webhooks/tester.hpp"

#include "server/services/event_types.hpp"
#include "server/services/input.hpp"
#include "server/services/plans.hpp"
#include "server/services/webhooks/secrets.hpp"
#include "server/services/webhooks/url.hpp"

#include <utility>
#include <vector>

namespace connectd::server::services::webhooks {
namespace {

storage::event test_event(storage::webhook const& row, std::optional<tester::sample> const& what,
                          runtime::sys_ms now) {
    return {.id = crypto::event_id::make(now),
            .workspace = row.workspace,
            .type = std::string{webhook_test_event},
            .account = {},
            .data = what ? test_data(row.id, what->word, what->data) : test_data(row.id, {}, {}),
            .created_at = now};
}

storage::delivery ended(storage::webhook const& row, storage::event const& what, verdict const& came,
                        runtime::sys_ms now) {
    storage::delivery record;
    record.webhook = row.id;
    record.workspace = row.workspace;
    record.event = what.id;
    record.type = what.type;
    record.status = came.delivered ? storage::delivery_status::delivered : storage::delivery_status::failed;
    record.attempts = 1;
    record.http_status = came.http_status;
    record.error = came.error;
    record.created_at = what.created_at;
    record.last_attempt_at = now;
    return record;
}

} // namespace

// On the background thread.
runtime::task<verdict> tester::reach(platforms::http::request request) {
    co_return judge(co_await backing_->client.send(std::move(request), runtime::deadline_in(timeout)));
}

runtime::task<tester::report> tester::send(platforms::http::request request, std::string delivery) {
    report made{.delivery = std::move(delivery), .body = request.body, .came = {}};
    auto const begun = runtime::steady_now();
    made.came = co_await backing_->tasks.run("webhook test", reach(std::move(request)));
    made.took = std::chrono::duration_cast<std::chrono::milliseconds>(runtime::steady_now() - begun);
    co_return made;
}

runtime::task<outcome<tester::report>> tester::test(crypto::workspace_id workspace, std::string webhook,
                                                    std::optional<sample> what) {
    auto const id = parse_id<crypto::webhook_id>(webhook, errc::webhook_not_found);
    if (id.has_error()) {
        co_return id.error();
    }
    auto const found = co_await storage::webhooks::get(store_, workspace, *id);
    if (found.has_error()) {
        co_return found.error();
    }
    if (!*found) {
        co_return errc::webhook_not_found;
    }
    auto const& row = (*found)->record;
    auto const its = find_form(forms_, row);
    if (its.has_error()) {
        co_return its.error();
    }
    if (what && what->word != webhook_test_event && !(*its)->knows(what->word)) {
        co_return failure{errc::field_invalid, "There is no such type of event.", "type"};
    }
    auto const now = clock_.now();
    auto const secrets = co_await open_secrets(keys_, row, now);
    if (secrets.has_error()) {
        co_return secrets.error();
    }
    auto const event = test_event(row, what, now);
    auto const told = co_await read_notice(store_, row, event, {}, false);
    if (told.has_error()) {
        co_return told.error();
    }
    auto sent = co_await send(make_request(row.url, **its, *told, *secrets, 1, now), told->delivery());
    storage::write_batch batch;
    storage::events::create_apart(batch, event);
    storage::deliveries::create(batch, ended(row, event, sent.came, clock_.now()));
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error()) {
        co_return written.error();
    }
    co_return sent;
}

runtime::task<outcome<tester::report>> tester::test_url(crypto::workspace_id workspace, std::string url,
                                                        std::string form_name) {
    auto const allowed = co_await check_plan(store_, settings_, workspace, "webhooks", "webhooks");
    if (allowed.has_error()) {
        co_return allowed.error();
    }
    if (auto const good = check_url(settings_, url); good.has_error()) {
        co_return good.error();
    }
    auto const& its = *forms_.find(form_name);
    auto const now = clock_.now();
    notice const told{.id = crypto::event_id::make(now).to_string(),
                      .endpoint = {},
                      .workspace = workspace.to_string(),
                      .type = std::string{webhook_test_event},
                      .word = std::string{webhook_test_event},
                      .happened_at = now};
    std::vector<crypto::secret> secrets;
    secrets.push_back(its.make_secret());
    co_return co_await send(make_request(std::move(url), its, told, secrets, 1, now), told.id);
}

} // namespace connectd::server::services::webhooks
