// What goes into the grants of a pretend platform and what comes out. Values; any thread.
#pragma once

#include "tools/sandbox/oauth/challenge.hpp"
#include "tools/sandbox/oauth/policy.hpp"
#include "tools/sandbox/oauth/scopes.hpp"
#include "tools/sandbox/people.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace connectd::sandbox::oauth {

struct code_request {
    std::string client_id{};
    std::string redirect_uri{};
    challenge bound{};
    scope_set scopes{};
    person_ref person = 0;
    // Whether a refresh token comes of it, where the policy has any, and how long it lives if not as the
    // policy says.
    bool offline = true;
    std::optional<std::chrono::seconds> refresh_lifetime{};
    bool refresh_renews = true;  // false: its life counts from the consent, whatever the policy says
    bool refresh_rotates = true; // false: it stays, whatever the policy says
    std::optional<std::chrono::seconds> access_lifetime{}; // if not as the policy says
    // Gives the living token of an earlier grant that allows the same, if there is one.
    bool reuses_token = false;
    std::string nonce{}; // of OpenID Connect
    // What was asked for and left out by the person; and which of their pages and the like they picked
    // (nothing: all, and those to come).
    scope_set declined{};
    std::optional<std::vector<std::string>> assets{};
};

enum class refusal {
    code_unknown,
    code_spent,
    code_expired,
    code_foreign, // issued to another client
    redirect_mismatch,
    verifier_missing,
    verifier_mismatch,
    token_unknown,
    token_foreign,
    token_spent,
    token_revoked, // or its grant was ended
    token_expired,
    token_wrong_kind,
    token_too_young,
    scope_widened,
};

// What a token allows, and whom.
struct access {
    person_ref person = 0;
    scope_set scopes;
    std::string client_id;
    std::uint64_t grant = 0;
    token_kind kind = token_kind::access;
    std::string subject{}; // of derived tokens
    sys_ms issued_at{};
    std::optional<std::chrono::seconds> expires_in{}; // nothing: no end
    sys_ms consented_at{};
    // As of code_request.
    scope_set declined{};
    std::optional<std::vector<std::string>> assets{};
};

struct tokens {
    std::string access_token;
    std::string refresh_token; // empty: none
    std::optional<std::chrono::seconds> refresh_expires_in{};
    access granted;
    std::string nonce{};
    sys_ms consented_at{};
};

using token_outcome = std::variant<tokens, refusal>;
using access_outcome = std::variant<access, refusal>;

enum class revocation { done, unknown, foreign, already_dead };

// For lists.
struct code_view {
    std::string code;
    code_request request;
    sys_ms issued_at{}, expires_at{};
    std::string_view state; // live, spent, expired
};
struct token_view {
    std::string token;
    std::string_view kind;
    std::string_view state; // live, spent, revoked, expired, ended
    std::string subject;
    sys_ms issued_at{};
    std::optional<sys_ms> expires_at;
};
struct grant_view {
    std::uint64_t id = 0;
    std::string client_id;
    person_ref person = 0;
    scope_set scopes;
    sys_ms created_at{};
    std::string_view state; // live, ended_by_replay, ended_by_user, ended_by_client, displaced
    std::vector<token_view> tokens;
};

} // namespace connectd::sandbox::oauth
