// Grants under a policy of the test's, without sockets and at a time that the test moves. One thread.
#pragma once

#include "tools/sandbox/oauth/grants.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>

namespace connectd::tests {

struct grant_store {
    explicit grant_store(sandbox::oauth::policy rules) : issued{named(rules), events, 100} {}

    static sandbox::oauth::policy named(sandbox::oauth::policy rules) {
        rules.platform = "test";
        return rules;
    }

    std::string code(sandbox::oauth::code_request request = {}) {
        request.client_id = request.client_id.empty() ? "client" : request.client_id;
        request.redirect_uri = redirect_uri;
        return issued.issue_code(std::move(request), now);
    }
    sandbox::oauth::token_outcome exchange(std::string_view with_code, std::string_view verifier = {}) {
        return issued.exchange(with_code, "client", redirect_uri, verifier, now);
    }
    sandbox::oauth::tokens connect(sandbox::oauth::code_request request = {}) {
        return std::get<sandbox::oauth::tokens>(exchange(code(std::move(request))));
    }
    sandbox::oauth::token_outcome refresh(std::string_view token) {
        return issued.refresh(token, "client", now);
    }
    bool alive(std::string_view token) const { return issued.check(token, now).has_value(); }
    bool had_event(std::string_view kind) const {
        auto const all = events.events(0, 1000);
        return std::ranges::find(all, kind, &sandbox::event_record::kind) != all.end();
    }

    static constexpr std::string_view redirect_uri = "https://app.example/cb";

    sandbox::journal events{1000};
    sandbox::oauth::grants issued;
    sandbox::sys_ms now{std::chrono::hours{500'000}};
};

// The refusal of an outcome; a test that expects one fails when there is none.
template <class Outcome>
sandbox::oauth::refusal refused(Outcome const& outcome) {
    return std::get<sandbox::oauth::refusal>(outcome);
}

} // namespace connectd::tests
