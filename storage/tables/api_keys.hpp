// API keys of workspaces: digests only, never the keys. A digest is unique over all workspaces. While a key
// is rotated the one before is found as well.
#pragma once

#include "storage/tables/table.hpp"

namespace connectd::storage {

struct api_key {
    crypto::api_key_id id;
    crypto::workspace_id workspace;
    std::string name;
    std::vector<std::string> scopes;
    std::string digest; // 32 bytes
    std::string hint;   // the first characters of the key, to tell keys apart in a list
    sys_ms created_at{};
    std::optional<sys_ms> expires_at;
    std::optional<sys_ms> revoked_at;
    sys_ms updated_at{};
    std::string previous_digest{}; // good beside the other one until the next
    std::optional<sys_ms> previous_until{};

    bool operator==(api_key const&) const = default;
};
BOOST_DESCRIBE_STRUCT(api_key, (),
                      (id, workspace, name, scopes, digest, hint, created_at, expires_at, revoked_at,
                       updated_at, previous_digest, previous_until))

// When a key was last seen, apart from the key, whose version it would move on. It is a little behind.
struct api_key_use {
    crypto::api_key_id id;
    crypto::workspace_id workspace;
    sys_ms last_used_at{};

    bool operator==(api_key_use const&) const = default;
};
BOOST_DESCRIBE_STRUCT(api_key_use, (), (id, workspace, last_used_at))

class api_key_uses : public table<api_key_uses, api_key_use> {
  public:
    static constexpr family where = family::api_keys;

    static std::string key(crypto::workspace_id workspace, crypto::api_key_id id);
    static std::string key(api_key_use const& record) { return key(record.workspace, record.id); }
    static std::vector<index_row> indexes(api_key_use const&) { return {}; }

    static task<result<std::optional<stored<api_key_use>>>> get(kv& store, crypto::workspace_id workspace,
                                                                crypto::api_key_id id);
};

class api_keys : public table<api_keys, api_key> {
  public:
    static constexpr family where = family::api_keys;

    static std::string key(crypto::workspace_id workspace, crypto::api_key_id id);
    static std::string key(api_key const& record) { return key(record.workspace, record.id); }
    static std::vector<index_row> indexes(api_key const& record);

    static task<result<std::optional<stored<api_key>>>> get(kv& store, crypto::workspace_id workspace,
                                                            crypto::api_key_id id);

    // The key with this digest, of whichever workspace; revoked and expired ones too.
    static task<result<std::optional<stored<api_key>>>> find_by_digest(kv& store, std::string digest);

    // The keys of one workspace, oldest first.
    static task<result<listing<api_key>>> list(kv& store, crypto::workspace_id workspace,
                                               std::optional<std::string> cursor, std::size_t limit);
};

} // namespace connectd::storage
