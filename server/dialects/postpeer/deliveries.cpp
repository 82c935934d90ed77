// What PostPeer's webhooks look like to receivers. The vendor has events about posts only, so nothing but
// tests is ever sent.
#include "server/dialects/postpeer/postpeer.hpp"
#include "server/dialects/webhooks.hpp"
#include "server/services/webhooks/signature.hpp"

namespace connectd::server::dialects::postpeer {
namespace {

namespace webhooks = services::webhooks;

constexpr std::string_view event_words[] = {"post.scheduled", "post.published", "post.partial",
                                            "post.failed"};

bool is_event(std::string_view word) {
    return is_event_word(event_words, word);
}

std::string_view event_word(std::string_view) {
    return {};
}

boost::json::object event_body(webhooks::notice const& what) {
    return {{"id", what.id}, {"type", what.word}, {"data", what.data}};
}

webhooks::header_fields event_headers(webhooks::notice const&, webhooks::attempt const& of) {
    return {{"X-PostPeer-Timestamp", of.timestamp},
            {"X-PostPeer-Signature",
             webhooks::sign_plainly(of.secret(), of.timestamp + "." + std::string{of.body})}};
}

} // namespace

constinit webhooks::form const deliveries{.name = "postpeer",
                                          .knows = is_event,
                                          .word_of = event_word,
                                          .body = event_body,
                                          .headers = event_headers,
                                          .make_secret = webhooks::make_plain_secret};

} // namespace connectd::server::dialects::postpeer
