// Connect sessions. A session is found by its id within its workspace, and by the digest of its state over
// all of them: that is how a callback, which names no workspace, finds it.
//
// Two lists serve the sweeper: open sessions, those that are pending or wait for a choice, by the time they
// expire, finished ones by the time they finished.
#pragma once

#include "storage/tables/table.hpp"

namespace connectd::storage {

enum class session_status : std::uint8_t {
    pending = 1,
    completed = 2,
    failed = 3,
    cancelled = 4,
    expired = 5,
    choosing = 6, // the grant is there and reaches several accounts: one or more are to be chosen
};
BOOST_DESCRIBE_ENUM(session_status, pending, completed, failed, cancelled, expired, choosing)

// Where the choice is made: by the end user on our page, by the customer's program, or by whoever has the
// token that the return URL got, which `browser_digest` is of then.
enum class session_choose : std::uint8_t { page = 1, api = 2, token = 3 };
BOOST_DESCRIBE_ENUM(session_choose, page, api, token)

struct session {
    crypto::session_id id;
    crypto::workspace_id workspace;
    crypto::profile_id profile;
    std::string platform;
    crypto::credentials_id credentials;
    session_status status = session_status::pending;
    std::string return_url;
    std::vector<std::string> scopes;
    crypto::sealed secrets;
    std::string state_digest; // 32 bytes; empty where the flow has no state
    std::optional<crypto::account_id> reconnect;
    std::string browser_digest;
    std::string metadata; // JSON text
    std::optional<crypto::account_id> account;
    std::string error_code;
    std::string error_description;
    sys_ms created_at{};
    sys_ms expires_at{};
    std::optional<sys_ms> finished_at;
    session_choose choose = session_choose::page;
    crypto::sealed choices;                   // while choosing: the waiting grant and its candidates
    std::vector<crypto::account_id> accounts; // all that were connected; `account` is the first
    bool quickstart = false;                  // with the operator's app; `credentials` is nil then
    std::string instance{};     // the origin or issuer of the server, where the platform is many
    std::string dialect{};      // whose API began it and hears how it ends; empty: the native one
    std::string redirect_uri{}; // where the platform sends the browser; empty: the native callback
    std::string cancel_url{};   // for a consent that is declined; empty: return_url

    bool operator==(session const&) const = default;
};
BOOST_DESCRIBE_STRUCT(session, (),
                      (id, workspace, profile, platform, credentials, status, return_url, scopes, secrets,
                       state_digest, reconnect, browser_digest, metadata, account, error_code,
                       error_description, created_at, expires_at, finished_at, choose, choices, accounts,
                       quickstart, instance, dialect, redirect_uri, cancel_url))

// Whether it can still end well.
inline bool is_open(session const& record) noexcept {
    return record.status == session_status::pending || record.status == session_status::choosing;
}

class sessions : public table<sessions, session> {
  public:
    static constexpr family where = family::sessions;

    static std::string key(crypto::workspace_id workspace, crypto::session_id id);
    static std::string key(session const& record) { return key(record.workspace, record.id); }
    static std::vector<index_row> indexes(session const& record);

    static task<result<std::optional<stored<session>>>> get(kv& store, crypto::workspace_id workspace,
                                                            crypto::session_id id);

    // The session of whichever workspace: the hosted page is opened by a browser that has nothing but the id.
    static task<result<std::optional<stored<session>>>> find(kv& store, crypto::session_id id);

    // The session with this state, whatever its status: a second callback must be told apart from an unknown
    // one.
    static task<result<std::optional<stored<session>>>> find_by_state(kv& store, std::string state_digest);

    // The sessions of one workspace, oldest first.
    static task<result<listing<session>>> list(kv& store, crypto::workspace_id workspace,
                                               std::optional<std::string> cursor, std::size_t limit);

    // Open sessions of all workspaces whose expires_at is `until` or before, earliest first, as they were
    // read.
    static task<result<listing<stored<session>>>>
    list_expired(kv& store, sys_ms until, std::optional<std::string> cursor, std::size_t limit);

    // Sessions that are no longer open and finished (or, without finished_at, expired) at `until` or
    // before.
    static task<result<listing<stored<session>>>>
    list_finished(kv& store, sys_ms until, std::optional<std::string> cursor, std::size_t limit);
};

} // namespace connectd::storage
