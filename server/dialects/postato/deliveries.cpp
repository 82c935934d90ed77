// What Postato's webhooks look like to receivers.
#include "server/dialects/postato/postato.hpp"
#include "server/dialects/views.hpp"
#include "server/dialects/webhooks.hpp"
#include "server/http/render.hpp"
#include "server/services/webhooks/signature.hpp"

namespace connectd::server::dialects::postato {
namespace {

namespace webhooks = services::webhooks;

constexpr std::string_view disconnected = "account.disconnected";

// The vendor's list may be longer than its documents show.
constexpr std::string_view event_words[] = {"post.*", "approval.*", "account.*"};

bool is_event(std::string_view word) {
    return is_event_word(event_words, word);
}

// Nothing else would tell that an account has stopped to work.
std::string_view event_word(std::string_view type) {
    return type == "account.disconnected" || type == "token.revoked" ? disconnected : std::string_view{};
}

boost::json::object event_data(webhooks::notice const& what) {
    bool const asked_for = what.type == disconnected;
    return {{"accountId", what.text("account_id")},
            {"workspaceId", what.text("profile_id")},
            {"platform", with_twitter(what.text("platform"))},
            {"username", "@" + std::string{what.text("username")}},
            {"displayName", http::render_text(what.display_name)},
            {"status", asked_for ? "disconnected" : "token_expired"},
            {"reason", asked_for ? std::string_view{"user_initiated"} : what.text("cause")},
            {"disconnectedAt", http::render_time(what.happened_at)}};
}

boost::json::object event_body(webhooks::notice const& what) {
    return {{"type", what.word}, {"data", what.is_test() ? what.data : event_data(what)}};
}

webhooks::header_fields event_headers(webhooks::notice const&, webhooks::attempt const& of) {
    auto const signature = webhooks::sign_plainly(of.secret(), of.timestamp + "." + std::string{of.body});
    return {{"X-Webhook-Signature", "t=" + of.timestamp + ",v1=" + signature}};
}

} // namespace

constinit webhooks::form const deliveries{.name = "postato",
                                          .knows = is_event,
                                          .word_of = event_word,
                                          .body = event_body,
                                          .headers = event_headers,
                                          .make_secret = webhooks::make_plain_secret,
                                          .tells_account = true};

} // namespace connectd::server::dialects::postato
