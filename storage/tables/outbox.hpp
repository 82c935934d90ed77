// Work that is owed to the outside and retried until it is done. Today: revocations at a platform that
// failed.
#pragma once

#include "storage/tables/table.hpp"

namespace connectd::storage {

struct revocation {
    crypto::workspace_id workspace;
    crypto::account_id account;
    std::string platform;
    crypto::credentials_id credentials;
    crypto::sealed material;
    std::string api_base;
    std::uint32_t attempts = 0;
    sys_ms next_attempt_at{};
    std::string grant_owner{}; // as of the account
    std::optional<sys_ms> access_expires_at{};
    bool always = false; // also when other accounts of the workspace end with it
    bool quickstart = false;
    std::string instance{};

    bool operator==(revocation const&) const = default;
};
BOOST_DESCRIBE_STRUCT(revocation, (),
                      (workspace, account, platform, credentials, material, api_base, attempts,
                       next_attempt_at, grant_owner, access_expires_at, always, quickstart, instance))

// Ordered by the next attempt over all workspaces. A later attempt is a `replace` with another
// next_attempt_at; the row moves. An account has at most one revocation for one moment.
class revocations : public table<revocations, revocation> {
  public:
    static constexpr family where = family::outbox;

    static std::string key(revocation const& record);
    static std::vector<index_row> indexes(revocation const&) { return {}; }

    // The revocations to be tried at `until` or before, earliest first, as they were read: ready for replace
    // and erase.
    static task<result<listing<stored<revocation>>>>
    list_due(kv& store, sys_ms until, std::optional<std::string> cursor, std::size_t limit);
};

} // namespace connectd::storage
