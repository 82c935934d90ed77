// Connected accounts. An identity (profile, platform, its instance, the platform's id of the user) is unique
// within a workspace.
#pragma once

#include "storage/tables/table.hpp"

namespace connectd::storage {

enum class account_status : std::uint8_t {
    active = 1,
    token_expired = 2,
    revoked = 3,
    suspended = 4,
    disconnected = 5,
};
BOOST_DESCRIBE_ENUM(account_status, active, token_expired, revoked, suspended, disconnected)

struct account {
    crypto::account_id id;
    crypto::workspace_id workspace;
    crypto::profile_id profile;
    std::string platform;
    crypto::credentials_id credentials;
    std::string platform_user_id;
    std::string username;
    std::string display_name;
    std::string avatar_url;
    account_status status = account_status::active;
    std::string status_cause;
    std::vector<std::string> scopes;
    std::string api_base;
    std::string metadata; // JSON text
    sys_ms created_at{};
    sys_ms updated_at{};
    sys_ms connected_at{};
    std::optional<sys_ms> access_expires_at;
    std::optional<sys_ms> refresh_expires_at;
    std::optional<sys_ms> next_refresh_at;
    std::optional<sys_ms> last_used_at;
    std::string kind;        // person, page, organization: the platform's word
    std::string grant_owner; // the platform's id of the person who consented; for a person its own
    bool quickstart = false; // with the operator's app; `credentials` is nil then
    std::string instance{};  // the origin or issuer of the server, where the platform is many
    // When the customer is next told that the token is going to end, or has; see refresh_due.hpp.
    std::optional<sys_ms> next_notice_at{};

    bool operator==(account const&) const = default;
};
BOOST_DESCRIBE_STRUCT(account, (),
                      (id, workspace, profile, platform, credentials, platform_user_id, username,
                       display_name, avatar_url, status, status_cause, scopes, api_base, metadata, created_at,
                       updated_at, connected_at, access_expires_at, refresh_expires_at, next_refresh_at,
                       last_used_at, kind, grant_owner, quickstart, instance, next_notice_at))

// All set members must match.
struct account_filter {
    std::optional<std::string> platform = {};
    std::optional<account_status> status = {};
    std::optional<crypto::profile_id> profile = {};
    std::optional<std::string> instance = {};
    bool connected_only = false; // without those that are disconnected
    std::string text = {};       // somewhere in the username or the display name, whatever the case of ASCII
};

class accounts : public table<accounts, account> {
  public:
    static constexpr family where = family::accounts;

    // One page looks at no more rows than this, however few match.
    static constexpr std::size_t max_examined = 500;

    static std::string key(crypto::workspace_id workspace, crypto::account_id id);
    static std::string key(account const& record) { return key(record.workspace, record.id); }
    static std::vector<index_row> indexes(account const& record);

    static task<result<std::optional<stored<account>>>> get(kv& store, crypto::workspace_id workspace,
                                                            crypto::account_id id);

    static task<result<std::optional<stored<account>>>>
    find_by_identity(kv& store, crypto::workspace_id workspace, crypto::profile_id profile,
                     std::string platform, std::string platform_user_id, std::string instance = {});

    // The accounts that depend on one app, oldest first: a disconnected one does not any more.
    static task<result<listing<account>>> list_by_credentials(kv& store, crypto::workspace_id workspace,
                                                              crypto::credentials_id credentials,
                                                              std::optional<std::string> cursor,
                                                              std::size_t limit);

    // The accounts of all workspaces that this person has granted, whatever their platform, without
    // disconnected ones: one consent can be behind several of them.
    static task<result<listing<account>>> list_by_grant_owner(kv& store, std::string grant_owner,
                                                              std::optional<std::string> cursor,
                                                              std::size_t limit);

    // The accounts of one workspace that match, oldest first. A page can be short, even empty, and still have
    // a cursor: only a listing without one is the end.
    static task<result<listing<account>>> list(kv& store, crypto::workspace_id workspace,
                                               account_filter filter, std::optional<std::string> cursor,
                                               std::size_t limit);
};

} // namespace connectd::storage
