// A server whose webhooks may lead to the test's receiver, and signatures verified as each vendor tells its
// customers to, with nothing but the secret that they were given.
#pragma once

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "tests/server/dialects/vendor_client.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/webhook_receiver.hpp"

#include <boost/json/parse.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace connectd::tests {

inline std::string hex_hmac(std::string_view secret, std::string_view content) {
    return crypto::encode_hex(crypto::hmac_sha256(secret, content));
}

inline bool verify_unipost(received_webhook const& got, std::string_view secret) {
    return got.header("X-UniPost-Signature") == "sha256=" + hex_hmac(secret, got.body);
}

inline bool verify_letmepost(received_webhook const& got, std::string_view secret) {
    return got.header("X-Letmepost-Signature") == "sha256=" + hex_hmac(secret, got.body);
}

inline bool verify_postato(received_webhook const& got, std::string_view secret) {
    auto const header = got.header("X-Webhook-Signature");
    auto const comma = header.find(",v1=");
    if (!header.starts_with("t=") || comma == std::string::npos) {
        return false;
    }
    auto const time = header.substr(2, comma - 2);
    return header.substr(comma + 4) == hex_hmac(secret, time + "." + got.body);
}

inline bool verify_postpeer(received_webhook const& got, std::string_view secret) {
    return got.header("X-PostPeer-Signature") ==
           hex_hmac(secret, got.header("X-PostPeer-Timestamp") + "." + got.body);
}

inline bool verify_autoposting(received_webhook const& got, std::string_view secret) {
    return got.header("X-Autoposting-Signature") ==
           hex_hmac(secret, got.header("X-Autoposting-Timestamp") + "." + got.body);
}

// What is different in a delivered body from what a line of a transcript says; empty when nothing is.
inline std::string difference(std::string_view wanted, received_webhook const& got) {
    struct answer const as_if{.ended = ending::complete, .status = 200, .headers = {}, .body = got.body};
    return difference({"POST", got.path, "", 200, wanted}, as_if);
}

struct webhook_vendors : whole_server {
    webhook_vendors()
        : whole_server{[](server::config& made) {
              made.webhooks.allow_http = true;
              made.webhooks.allow_private_addresses = true;
          }} {}

    webhook_receiver receiver;

    vendor_client autoposting{*this, "/compat/autoposting/api-proxy", "x-api-key", ""};
    vendor_client letmepost{*this, "/compat/letmepost", "Authorization", "Bearer "};
    vendor_client postato{*this, "/compat/postato", "Authorization", "Bearer "};
    vendor_client postpeer{*this, "/compat/postpeer", "x-access-key", ""};
    vendor_client unipost{*this, "/compat/unipost", "Authorization", "Bearer "};

    // Its access is taken back by the person at the platform, and a refresh finds out.
    void end_grant(std::string const& account, std::string_view person) {
        pretend.x().grants().end_by_user(*pretend.persons().find(person), sandbox::sandbox::default_client_id,
                                         pretend.clock().now());
        ask("POST", "/v1/accounts/" + account + "/refresh");
    }
    bool arrives(std::string_view path, std::size_t count) {
        return eventually([&] { return receiver.count(path) >= count; });
    }
    // What the vendor calls the events that came, in order.
    std::vector<std::string> words(std::string_view path, std::string_view member) {
        std::vector<std::string> found;
        for (auto const& each : receiver.got(path)) {
            found.push_back(text(boost::json::parse(each.body), "/" + std::string{member}));
        }
        return found;
    }
};

} // namespace connectd::tests
