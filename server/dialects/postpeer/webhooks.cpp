// /v1/notifications: webhooks, by another name and without events of ours. Mail is not sent.
#include "server/dialects/webhooks.hpp"

#include "server/dialects/fields.hpp"
#include "server/dialects/postpeer/postpeer.hpp"
#include "server/http/render.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::dialects::postpeer {
namespace {

namespace webhooks = services::webhooks;

constexpr std::pair<std::string_view, std::string_view> notification_names[] = {{"event_types", "eventTypes"},
                                                                                {"profile_id", "profileId"}};

// Nothing but tests is ever delivered: the latest delivery is the last test.
boost::json::object to_json(webhooks::endpoint_view const& shown,
                            std::optional<webhooks::delivery_view> const& last_test) {
    auto const profile = shown.profile.value_or(crypto::profile_id{});
    return {{"id", shown.id.to_string()},
            {"channel", "webhook"},
            {"profileId", http::render_id(profile)},
            {"eventTypes", http::render_list(shown.types)},
            {"onlyScheduledPosts", false},
            {"enabled", shown.status == "active"},
            {"webhook", {{"url", shown.url}, {"secret", shown.secret_hint + "********"}}},
            {"lastTestAt", http::render_time(last_test ? last_test->last_attempt_at : std::nullopt)},
            {"lastTestStatus",
             last_test ? boost::json::value(last_test->error.empty() ? "success" : "failed") : nullptr},
            {"createdAt", http::render_time(shown.created_at)},
            {"updatedAt", http::render_time(shown.updated_at)}};
}

runtime::task<http::response> answer_shown(call of, webhooks::endpoint_view shown) {
    auto const last = co_await last_delivery(of, shown.id);
    co_return last.has_error() ? of.refuse(last.error()) : answer(200, "notification", to_json(shown, *last));
}

http::response refuse_wish(call const& of, services::failure const& why) {
    return of.refuse(in_names_of(notification_names, why));
}

// What is taken and not kept: there are no posts here.
void pass_over(fields& body) {
    body.optional_flag("onlyScheduledPosts");
}

void read_changes(fields& body, webhooks::endpoint_wish& wanted) {
    wanted.on = body.optional_flag("enabled");
    wanted.profile_id = body.optional_text("profileId");
    if (body.is_null("profileId")) {
        wanted.profile_id.emplace();
    }
    pass_over(body);
}

// The URL of a body whose channel must be the webhook.
services::outcome<std::string> read_target(fields& body) {
    auto const channel = body.text("channel");
    if (channel == "email") {
        return invalid("channel", "Mail is not sent from here; use the channel webhook.");
    }
    auto target = body.object("webhook");
    auto url = target.text("url");
    for (auto const* read : {&body, &target}) {
        if (auto const& wrong = read->problem()) {
            return *wrong;
        }
    }
    if (channel != "webhook") {
        return invalid("channel", "channel is webhook or email.");
    }
    return url;
}

http::response answer_tested(services::outcome<webhooks::tester::report> const& sent, call const& of) {
    if (sent.has_error()) {
        return refuse_wish(of, sent.error());
    }
    return http::response::json(
        200, boost::json::object{{"success", sent->came.delivered},
                                 {"message", sent->came.delivered ? "Test sent" : sent->came.error}});
}

} // namespace

runtime::task<http::response> create_notification(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    auto url = read_target(*body);
    if (url.has_error()) {
        co_return of.refuse(url.error());
    }
    webhooks::endpoint_wish wanted{.url = std::move(*url), .types = body->texts("eventTypes")};
    read_changes(*body, wanted);
    body->refuse_others();
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    if (wanted.types->empty()) {
        co_return of.refuse(invalid("eventTypes", "eventTypes names at least one event."));
    }
    auto const made = co_await of.services().webhook_endpoints.create(of.workspace(), std::move(wanted),
                                                                      {std::string{of.vendor.name}});
    if (made.has_error()) {
        co_return refuse_wish(of, made.error());
    }
    auto shown = to_json(made->view, std::nullopt);
    shown["webhook"].get_object()["secret"] = made->secret.reveal(); // this once and never again
    co_return answer(201, "notification", std::move(shown));
}

runtime::task<http::response> list_notifications(call of) {
    auto const found = co_await all_endpoints(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    boost::json::array data;
    for (auto const& each : *found) {
        auto const last = co_await last_delivery(of, each.id);
        if (last.has_error()) {
            co_return of.refuse(last.error());
        }
        data.push_back(to_json(each, *last));
    }
    co_return answer(200, "notifications", std::move(data));
}

runtime::task<http::response> get_notification(call of) {
    auto found = co_await find_endpoint(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    co_return co_await answer_shown(of, std::move(*found));
}

runtime::task<http::response> update_notification(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    webhooks::endpoint_wish wanted{.types = body->optional_texts("eventTypes")};
    read_changes(*body, wanted);
    if (body->has("webhook")) {
        auto target = body->object("webhook");
        wanted.url = target.text("url");
        if (auto const& wrong = target.problem()) {
            co_return of.refuse(*wrong);
        }
    }
    body->refuse_others(); // the channel never changes
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    if (wanted.types && wanted.types->empty()) {
        co_return of.refuse(invalid("eventTypes", "eventTypes names at least one event."));
    }
    auto const found = co_await find_endpoint(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    auto changed = co_await of.services().webhook_endpoints.update(of.workspace(), found->id.to_string(),
                                                                   std::move(wanted));
    if (changed.has_error()) {
        co_return refuse_wish(of, changed.error());
    }
    co_return co_await answer_shown(of, std::move(*changed));
}

runtime::task<http::response> delete_notification(call of) {
    auto const gone = co_await remove_endpoint(of);
    co_return gone.has_error() ? of.refuse(gone.error()) : answer_done("Notification deleted");
}

// Of a notification that sends there, signed with its secret; else of a URL that one may be made for.
runtime::task<http::response> test_notification(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    auto url = read_target(*body);
    if (url.has_error()) {
        co_return of.refuse(url.error());
    }
    auto const all = co_await all_endpoints(of);
    if (all.has_error()) {
        co_return of.refuse(all.error());
    }
    auto const there = std::ranges::find(*all, *url, &webhooks::endpoint_view::url);
    if (there != all->end()) {
        co_return answer_tested(
            co_await of.services().webhook_tests.test(of.workspace(), there->id.to_string()), of);
    }
    co_return answer_tested(co_await of.services().webhook_tests.test_url(of.workspace(), std::move(*url),
                                                                          std::string{of.vendor.name}),
                            of);
}

} // namespace connectd::server::dialects::postpeer
