// What the pretend X has issued: codes, grants and the tokens of each grant, with X's rules about them
// (autumn 2026): a code lives 30 seconds, works once and is bound to client, redirect URI and challenge; an
// access token lives two hours; a refresh token works once, and one that comes a second time ends the whole
// grant. Revoking a token ends that token only.
//
// The oldest codes and grants are forgotten beyond a limit, so that a load test can run for hours.
//
// Threads: any thread may call anything; one mutex, held for a few look-ups.
#pragma once

#include "tools/sandbox/journal.hpp"
#include "tools/sandbox/message.hpp"
#include "tools/sandbox/people.hpp"
#include "tools/sandbox/x/scopes.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace connectd::sandbox::x {

constexpr std::chrono::seconds code_lifetime{30};
constexpr std::chrono::seconds access_lifetime{7200};
constexpr std::chrono::hours refresh_lifetime{24 * 180};

struct code_request {
    std::string client_id;
    std::string redirect_uri;
    std::string challenge;
    bool s256 = true;
    scope_set scopes;
    person_ref person = 0;
};

enum class refusal { code_invalid, redirect_mismatch, verifier_mismatch, token_invalid };

struct token_pair {
    std::string access_token;
    std::string refresh_token; // empty without offline.access
    scope_set scopes;
};

using token_outcome = std::variant<token_pair, refusal>;

struct access {
    person_ref person = 0;
    scope_set scopes;
    std::string client_id;
};

// For lists.
struct code_view {
    std::string code;
    code_request request;
    sys_ms issued_at{}, expires_at{};
    std::string_view state; // live, spent, expired
};
struct token_view {
    std::string token;
    std::string_view kind;  // access, refresh
    std::string_view state; // live, spent, revoked, expired, ended
    sys_ms issued_at{}, expires_at{};
};
struct grant_view {
    std::uint64_t id = 0;
    std::string client_id;
    person_ref person = 0;
    scope_set scopes;
    sys_ms created_at{};
    std::string_view state; // live, ended_by_replay, ended_by_user
    std::vector<token_view> tokens;
};

class grants {
  public:
    // Requires: `events` outlives this object; `most` above zero.
    grants(journal& events, std::size_t most) : events_{events}, most_{most} {}

    std::string issue_code(code_request request, sys_ms now);

    token_outcome exchange(std::string_view code, std::string_view client_id, std::string_view redirect_uri,
                           std::string_view verifier, sys_ms now);
    token_outcome refresh(std::string_view refresh_token, std::string_view client_id, sys_ms now);

    // False when the token belongs to another client. A token nobody knows is as good as revoked (RFC 7009
    // section 2.2).
    bool revoke(std::string_view token, std::string_view client_id, sys_ms now);

    std::optional<access> check(std::string_view access_token, sys_ms now) const;

    // As the user does it on the page of connected apps. False when there is no such living grant.
    bool end_by_user(std::uint64_t grant_id, sys_ms now);
    // Ends all living grants of a person, or only those to one client. Returns how many.
    std::size_t end_by_user(person_ref person, std::string_view client_id, sys_ms now);

    // The newest first.
    std::vector<code_view> codes(std::size_t limit, sys_ms now) const;
    std::vector<grant_view> list(std::size_t limit, sys_ms now) const;

    void clear();

  private:
    struct code_entry {
        code_request request;
        sys_ms issued_at{};
        bool spent = false;
    };
    enum class token_state : std::uint8_t { live, spent, revoked };
    struct token_entry {
        std::uint64_t grant = 0;
        sys_ms issued_at{};
        bool refresh = false;
        token_state state = token_state::live;
    };
    enum class ending : std::uint8_t { none, replay, user };
    struct grant_entry {
        std::uint64_t id = 0;
        code_request from;
        sys_ms created_at{};
        ending ended = ending::none;
        std::deque<std::string const*> tokens; // keys of tokens_, which do not move
    };

    token_pair issue_tokens(grant_entry& grant, sys_ms now);
    std::string store_token(grant_entry& grant, bool refresh, sys_ms now);
    void end(grant_entry& grant, ending cause, sys_ms now);
    void forget_oldest_grant();
    grant_entry* find_grant(std::uint64_t id);
    grant_entry const* find_grant(std::uint64_t id) const;
    static sys_ms expiry(token_entry const& token);
    static std::string_view state_of(token_entry const& token, grant_entry const& grant, sys_ms now);

    journal& events_;
    std::size_t const most_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, code_entry> codes_;
    std::deque<std::string const*> code_order_; // keys of codes_, oldest first
    std::unordered_map<std::string, token_entry> tokens_;
    std::deque<grant_entry> grants_; // ids without a gap, oldest first
    std::uint64_t last_grant_ = 0;
};

} // namespace connectd::sandbox::x
