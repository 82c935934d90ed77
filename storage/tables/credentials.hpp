// The OAuth apps of a workspace. At most one per platform is the default, and on a platform of many servers
// one per server.
//
// One that was deleted while accounts depend on it is retired: it has no place in the lists of a platform and
// cannot be a default, and it can still be opened for the accounts it has.
//
// That there is one default is kept by an index row that is unique per workspace, platform and instance:
// creating a default where one exists fails with guard_failed. To pass the mark on, use create_default or
// make_default, which change both records in one batch.
#pragma once

#include "storage/tables/table.hpp"

namespace connectd::storage {

struct credentials {
    crypto::credentials_id id;
    crypto::workspace_id workspace;
    std::string platform;
    std::string name;
    std::string client_id;
    crypto::sealed client_secret;
    bool is_default = false;
    sys_ms created_at{};
    sys_ms updated_at{};
    std::string instance{};  // the server that the app belongs to, where the platform is many: its origin
    std::string issuer{};    // of an authorization server that is found by it
    std::string pkce{};      // in the platforms' words; empty: as the platform says
    bool registered = false; // by this program, with the next two
    std::string redirect_uri{};
    std::vector<std::string> scopes{};
    std::optional<sys_ms> unhealthy_since = {}; // set while the platform refuses the app itself
    crypto::sealed previous_secret{};           // good beside the other one until the next
    std::optional<sys_ms> previous_until{};
    std::optional<sys_ms> retired_at{};

    bool operator==(credentials const&) const = default;
};
BOOST_DESCRIBE_STRUCT(credentials, (),
                      (id, workspace, platform, name, client_id, client_secret, is_default, created_at,
                       updated_at, instance, issuer, pkce, registered, redirect_uri, scopes, unhealthy_since,
                       previous_secret, previous_until, retired_at))

// The noun has no plural of its own, hence the name of the table.
class credentials_table : public table<credentials_table, credentials> {
  public:
    static constexpr family where = family::credentials;

    static std::string key(crypto::workspace_id workspace, crypto::credentials_id id);
    static std::string key(credentials const& record) { return key(record.workspace, record.id); }
    static std::vector<index_row> indexes(credentials const& record);

    // Creates `record` as the default in place of `previous`, which keeps everything but the mark.
    // Requires: both are of one workspace, platform and instance, and `previous` is the default.
    static void create_default(write_batch& batch, credentials record, stored<credentials> const& previous);

    // Moves the mark from one existing record to another. Requires: as above.
    static void make_default(write_batch& batch, stored<credentials> const& next,
                             stored<credentials> const& previous);

    static task<result<std::optional<stored<credentials>>>> get(kv& store, crypto::workspace_id workspace,
                                                                crypto::credentials_id id);

    static task<result<std::optional<stored<credentials>>>>
    find_default(kv& store, crypto::workspace_id workspace, std::string platform, std::string instance = {});

    // The credentials of one workspace, oldest first; retired ones too.
    static task<result<listing<credentials>>> list(kv& store, crypto::workspace_id workspace,
                                                   std::optional<std::string> cursor, std::size_t limit);

    // Those of all workspaces that something is to be done about by then: a previous secret is over, or the
    // last account of a retired one may have gone.
    static task<result<listing<stored<credentials>>>>
    list_due(kv& store, sys_ms now, std::optional<std::string> cursor, std::size_t limit);

    // Those of one platform, oldest first.
    static task<result<listing<credentials>>> list_platform(kv& store, crypto::workspace_id workspace,
                                                            std::string platform,
                                                            std::optional<std::string> cursor,
                                                            std::size_t limit);
};

} // namespace connectd::storage
