// What UniPost's webhooks look like to receivers.
#include "server/dialects/unipost/unipost.hpp"
#include "server/dialects/views.hpp"
#include "server/dialects/webhooks.hpp"
#include "server/http/render.hpp"
#include "server/services/webhooks/signature.hpp"

namespace connectd::server::dialects::unipost {
namespace {

namespace webhooks = services::webhooks;

constexpr std::string_view connected = "account.connected";
constexpr std::string_view disconnected = "account.disconnected";

// Those of posts, and those that the vendor has announced, are taken and never come.
constexpr std::string_view event_words[] = {
    "post.published", "post.partial",      "post.failed",           "post.scheduled",        connected,
    disconnected,     "account.refreshed", "account.quota_warning", "account.quota_exceeded"};

bool is_event(std::string_view word) {
    return is_event_word(event_words, word);
}

// The vendor has one event for accounts that do not work any more, whoever ended them.
std::string_view event_word(std::string_view type) {
    if (type == "account.connected" || type == "account.reconnected") {
        return connected;
    }
    return type == "account.disconnected" || type == "token.revoked" ? disconnected : std::string_view{};
}

std::string_view event_reason(webhooks::notice const& what) {
    if (what.type == disconnected) {
        return "user_initiated";
    }
    return what.text("cause") == "expired" ? "missing_refresh_token" : "refresh_failed";
}

boost::json::object event_data(webhooks::notice const& what) {
    auto const username = what.text("username");
    auto const user = metadata_text(what.metadata, "external_user_id");
    boost::json::object data{
        {"social_account_id", what.text("account_id")},
        {"profile_id", what.text("profile_id")},
        {"platform", with_twitter(what.text("platform"))},
        {"account_name", http::render_text(username.empty() ? what.display_name : username)},
        {"connection_type", user ? "managed" : "byo"}};
    if (user) {
        data["external_user_id"] = *user;
    }
    if (what.word == disconnected) {
        data["disconnected_at"] = http::render_time(what.happened_at);
        data["reason"] = event_reason(what);
    }
    return data;
}

boost::json::object event_body(webhooks::notice const& what) {
    return {{"event", what.word},
            {"timestamp", http::render_time(what.happened_at)},
            {"data", what.is_test() ? what.data : event_data(what)}};
}

webhooks::header_fields event_headers(webhooks::notice const& what, webhooks::attempt const& of) {
    return {{"X-UniPost-Signature", "sha256=" + webhooks::sign_plainly(of.secret(), of.body)},
            {"X-UniPost-Event", what.word},
            {"X-UniPost-Delivery", what.delivery()}};
}

} // namespace

constinit webhooks::form const deliveries{.name = "unipost",
                                          .knows = is_event,
                                          .word_of = event_word,
                                          .body = event_body,
                                          .headers = event_headers,
                                          .make_secret = webhooks::make_plain_secret,
                                          .tells_account = true};

} // namespace connectd::server::dialects::unipost
