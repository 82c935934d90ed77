// What a pretend platform has issued: codes, grants and the tokens of each grant. The rules about them are
// the policy's; a code works once and is bound to client, redirect URI and challenge everywhere.
//
// The oldest codes and grants are forgotten beyond a limit, so that a load test can run for hours.
//
// Threads: any thread may call anything; one mutex, held for a few look-ups.
#pragma once

#include "tools/sandbox/journal.hpp"
#include "tools/sandbox/oauth/grant_values.hpp"

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace connectd::sandbox::oauth {

class grants {
  public:
    // Requires: `events` outlives this object; `most` above zero.
    grants(policy rules, journal& events, std::size_t most) : rules_{rules}, events_{events}, most_{most} {}

    policy const& rules() const noexcept { return rules_; }

    std::string issue_code(code_request request, sys_ms now);

    // `amend`, where there is one, changes what the grant is made from: some platforms let the token request
    // say how refreshing goes on.
    token_outcome exchange(std::string_view code, std::string_view client_id, std::string_view redirect_uri,
                           std::string_view verifier, sys_ms now,
                           std::function<void(code_request&)> const& amend = {});
    // The new access token has fewer scopes when `narrowed` names them.
    token_outcome refresh(std::string_view refresh_token, std::string_view client_id, sys_ms now,
                          std::optional<scope_set> narrowed = {});

    // A long-lived token for a short one, and more time for a long-lived one. Nobody asks for the client
    // where `client_id` is empty. Requires: a policy with long-lived tokens.
    token_outcome exchange_for_long(std::string_view token, std::string_view client_id, sys_ms now);
    token_outcome extend(std::string_view token, std::string_view client_id, sys_ms now);

    // A further token of the same grant for something of the person's (a page, an organisation): the same
    // text for the same subject while it lives, but never an endless one for a token that ends. Refused as
    // `check` refuses the token it comes from.
    token_outcome derive(std::string_view token, std::string_view subject, std::chrono::seconds lifetime,
                         sys_ms now);

    // By the policy. With an empty client_id it does not matter whose the token is.
    revocation revoke(std::string_view token, std::string_view client_id, sys_ms now);

    // Takes scopes out of all living grants of a person to one client, as declined from then on; their tokens
    // live on without them. Returns how many grants had any.
    std::size_t withdraw(person_ref person, std::string_view client_id, scope_set taken, sys_ms now);
    // What the person left out at their last consent to that client, and withdrew since; empty once no grant
    // of theirs lives.
    scope_set declined(person_ref person, std::string_view client_id) const;

    // What an access token allows, and nothing when it is dead or none.
    std::optional<access> check(std::string_view access_token, sys_ms now) const;
    // The same with the reason, and for tokens of any kind.
    access_outcome inspect(std::string_view token, sys_ms now) const;

    // All that living grants of the person allow the client and its siblings; nothing without a grant.
    std::optional<scope_set> standing(person_ref person, std::string_view client_id) const;

    // As the user does it on the page of connected apps. False when there is no such living grant.
    bool end_by_user(std::uint64_t grant_id, sys_ms now);
    // Ends all living grants of a person, or only those to one client and its siblings. Returns how many.
    std::size_t end_by_user(person_ref person, std::string_view client_id, sys_ms now);

    // The newest first.
    std::vector<code_view> codes(std::size_t limit, sys_ms now) const;
    std::vector<grant_view> list(std::size_t limit, sys_ms now) const;

    void clear();

  private:
    struct code_entry {
        code_request request;
        sys_ms issued_at{};
        std::uint64_t grant = 0; // that it was spent for
        bool spent = false;
    };
    enum class token_state : std::uint8_t { live, spent, revoked };
    struct token_entry {
        std::uint64_t grant = 0;
        scope_set scopes;
        sys_ms issued_at{};
        sys_ms expires_at{};
        sys_ms spent_at{};
        token_kind kind = token_kind::access;
        token_state state = token_state::live;
        std::string subject{};
    };
    enum class ending : std::uint8_t { none, replay, user, client, displaced };
    struct grant_entry {
        std::uint64_t id = 0;
        code_request from;
        sys_ms created_at{};
        ending ended = ending::none;
        std::deque<std::string const*> tokens; // keys of tokens_, which do not move
        std::size_t derived = 0;               // how many of them have a subject
    };
    using token_map = std::unordered_map<std::string, token_entry>;

    std::optional<refusal> refuse(code_entry const& entry, std::string_view client_id, sys_ms now) const;
    grant_entry& open_grant(code_request const& from, sys_ms now);
    token_map::value_type const* find_same(code_request const& wanted, sys_ms now) const;
    void note_declined(code_request const& from);
    tokens issue_first(grant_entry& grant, sys_ms now);
    void issue_access(grant_entry& grant, scope_set scopes, sys_ms until, tokens& into, sys_ms now);
    token_map::value_type& store(grant_entry& grant, token_entry entry, sys_ms now);
    tokens as_tokens(token_map::value_type const& stored, sys_ms now) const;
    access describe(token_entry const& token, sys_ms now) const;
    sys_ms refresh_end(code_request const& from, sys_ms since) const;

    void end(grant_entry& grant, ending cause, sys_ms now);
    bool is_of(grant_entry const& grant, person_ref person, std::string_view client_id) const;
    std::size_t end_of_person(person_ref person, std::string_view client_id, ending cause, sys_ms now);
    void displace(grant_entry const& newest, sys_ms now);
    void forget_token_of(grant_entry& grant);
    void forget_dead_tokens_of(grant_entry& grant, std::string_view subject, sys_ms now);
    void forget_oldest_grant();
    grant_entry* find_grant(std::uint64_t id);
    grant_entry const* find_grant(std::uint64_t id) const;
    std::optional<refusal> refuse(token_entry const& token, sys_ms now) const;
    static std::string_view state_of(token_entry const& token, grant_entry const& grant, sys_ms now);

    policy const rules_;
    journal& events_;
    std::size_t const most_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, code_entry> codes_;
    std::deque<std::string const*> code_order_; // keys of codes_, oldest first
    token_map tokens_;
    std::deque<grant_entry> grants_; // ids without a gap, oldest first
    std::uint64_t last_grant_ = 0;
    std::map<std::pair<person_ref, std::string>, scope_set> declined_; // never an empty set
};

} // namespace connectd::sandbox::oauth
