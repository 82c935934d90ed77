// What letmepost's webhooks look like to receivers. Of the vendor's two tellings of the signature this is the
// one that its client verifies.
#include "server/dialects/letmepost/letmepost.hpp"
#include "server/dialects/views.hpp"
#include "server/dialects/webhooks.hpp"
#include "server/http/render.hpp"
#include "server/http/time_input.hpp"
#include "server/services/webhooks/signature.hpp"

#include <chrono>

namespace connectd::server::dialects::letmepost {
namespace {

namespace webhooks = services::webhooks;

constexpr std::string_view expiring = "token.expiring";
constexpr std::string_view revoked = "token.revoked";

constexpr std::string_view event_words[] = {
    expiring,        revoked,       "post.queued",   "post.validated",   "post.published",
    "post.rejected", "post.failed", "post.canceled", "post.rescheduled", "version.deprecated"};

bool is_event(std::string_view word) {
    return is_event_word(event_words, word);
}

std::string_view event_word(std::string_view type) {
    return type == expiring || type == revoked ? type : std::string_view{};
}

// To the nearest: the warnings come a little after their time.
std::int64_t days_between(runtime::sys_ms from, runtime::sys_ms to) {
    return std::chrono::round<std::chrono::days>(to - from).count();
}

boost::json::object event_data(webhooks::notice const& what) {
    std::string_view const name = what.display_name;
    boost::json::object data{{"accountId", what.text("account_id")},
                             {"profileId", what.text("profile_id")},
                             {"platform", with_twitter(what.text("platform"))},
                             {"platformAccountId", what.text("platform_user_id")},
                             {"displayName", http::render_text(name.empty() ? what.text("username") : name)}};
    if (what.word == revoked) {
        data["revokedAt"] = http::render_time(what.happened_at);
        data["reason"] = what.text("cause");
        return data;
    }
    auto const end = http::read_time(what.text("expires_at"));
    data["expiresAt"] = http::render_time(end);
    data["daysUntilExpiry"] = end ? boost::json::value(days_between(what.happened_at, *end)) : nullptr;
    return data;
}

boost::json::object event_body(webhooks::notice const& what) {
    return {{"id", what.id},
            {"type", what.word},
            {"createdAt", http::render_time(what.happened_at)},
            {"organizationId", what.workspace},
            {"data", what.is_test() ? what.data : event_data(what)}};
}

webhooks::header_fields event_headers(webhooks::notice const& what, webhooks::attempt const& of) {
    return {{"X-Letmepost-Signature", "sha256=" + webhooks::sign_plainly(of.secret(), of.body)},
            {"X-Letmepost-Event", what.word},
            {"X-Letmepost-Event-Id", what.id},
            {"X-Letmepost-Delivery-Id", what.delivery()},
            {"X-Letmepost-Request-Id", what.delivery() + "." + std::to_string(of.number)}};
}

} // namespace

constinit webhooks::form const deliveries{.name = "letmepost",
                                          .knows = is_event,
                                          .word_of = event_word,
                                          .body = event_body,
                                          .headers = event_headers,
                                          .make_secret = webhooks::make_plain_secret,
                                          .tells_account = true};

} // namespace connectd::server::dialects::letmepost
