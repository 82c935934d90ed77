// What Autoposting's webhooks look like to receivers.
#include "server/dialects/autoposting/autoposting.hpp"
#include "server/dialects/webhooks.hpp"
#include "server/http/render.hpp"
#include "server/services/webhooks/signature.hpp"

namespace connectd::server::dialects::autoposting {
namespace {

namespace webhooks = services::webhooks;

constexpr std::string_view expired = "token.expired";

constexpr std::string_view event_words[] = {"post.published", "post.failed",    "post.scheduled",
                                            "post.partial",   "post.cancelled", expired,
                                            "clip.render.*",  "agent.run.*",    "*"};

bool is_event(std::string_view word) {
    return is_event_word(event_words, word);
}

std::string_view event_word(std::string_view type) {
    return type == "token.revoked" ? expired : std::string_view{};
}

boost::json::object event_data(webhooks::notice const& what) {
    auto slug = what.external_id;
    if (slug.empty()) {
        slug = what.of_default_profile ? std::string_view{"default"} : what.text("profile_id");
    }
    return {{"tokenId", what.text("account_id")},
            {"brandSlug", slug},
            {"platform", what.text("platform")},
            {"platformUserId", what.text("platform_user_id")},
            {"platformUsername", http::render_text(what.text("username"))},
            {"reason", what.text("cause")},
            {"expiredAt", http::render_time(what.happened_at)}};
}

boost::json::object event_body(webhooks::notice const& what) {
    return {{"id", what.id},
            {"event", what.word},
            {"timestamp", http::render_time(what.happened_at)},
            {"orgId", what.workspace},
            {"data", what.is_test() ? what.data : event_data(what)}};
}

webhooks::header_fields event_headers(webhooks::notice const& what, webhooks::attempt const& of) {
    return {{"X-Autoposting-Event", what.word},
            {"X-Autoposting-Delivery", what.delivery()},
            {"X-Autoposting-Timestamp", of.timestamp},
            {"X-Autoposting-Signature",
             webhooks::sign_plainly(of.secret(), of.timestamp + "." + std::string{of.body})}};
}

} // namespace

constinit webhooks::form const deliveries{.name = "autoposting",
                                          .knows = is_event,
                                          .word_of = event_word,
                                          .body = event_body,
                                          .headers = event_headers,
                                          .make_secret = webhooks::make_plain_secret,
                                          .tells_account = true};

} // namespace connectd::server::dialects::autoposting
