// A running sandbox with a client for each of its ports, and the steps that most tests begin with.
#pragma once

#include "tests/support/client.hpp"
#include "tools/sandbox/sandbox.hpp"

#include <map>
#include <string>
#include <string_view>

namespace connectd::tests {

struct stage {
    explicit stage(sandbox::sandbox_options const& options = defaults());

    static sandbox::sandbox_options defaults();

    sandbox::sandbox pretend;
    client x;
    client bluesky;
    client control;

    static constexpr std::string_view redirect_uri = "https://app.example/callback?from=x";
    static constexpr std::string_view verifier =
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"; // RFC 7636 appendix B
    static constexpr std::string_view challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"; // the same
    static constexpr std::string_view all_scopes =
        "tweet.read tweet.write users.read media.write offline.access";

    // A right authorize request of the sandbox's own app, with some parameters replaced; an empty value
    // leaves one out.
    static std::map<std::string, std::string>
    parameters(std::map<std::string, std::string> const& replaced = {});
    static std::string authorize_target(std::map<std::string, std::string> const& replaced = {});

    // A fresh code for that request.
    std::string code(std::map<std::string, std::string> const& replaced = {},
                     std::string_view person = "ada");
    // Exchanges it as the sandbox's app does.
    answer exchange(std::string_view with_code, std::string_view with_verifier = verifier);
    answer refresh(std::string_view token);
    // Both steps.
    answer connect(std::map<std::string, std::string> const& replaced = {}, std::string_view person = "ada");

    answer sign_in(std::string_view identifier = "ada.sandbox.test",
                   std::string_view password = "ada2-demo-pass-word");
    answer xrpc_post(std::string_view method, std::string_view token, std::string_view json = {});
    answer xrpc_get(std::string_view method_and_query, std::string_view token = {});

    void ahead(std::chrono::milliseconds span) { pretend.clock().advance(span); }

    // How often an event of that kind was recorded.
    std::size_t events(std::string_view kind);
};

// Authorization: Basic of the sandbox's own app, or of another.
std::pair<std::string, std::string> basic(std::string_view id = sandbox::sandbox::default_client_id,
                                          std::string_view secret = sandbox::sandbox::default_client_secret);
std::pair<std::string, std::string> bearer(std::string_view token);

std::string query_of(std::map<std::string, std::string> const& parameters);

// The value of a parameter in a URL's query, decoded.
std::string parameter_of(std::string_view url, std::string_view name);

} // namespace connectd::tests
