// Data keys of workspaces, wrapped: this library cannot unwrap them.
#pragma once

#include "storage/tables/table.hpp"

namespace connectd::storage {

struct data_key {
    crypto::workspace_id workspace;
    std::uint32_t version = 0;
    crypto::bytes wrapped;
    // Seals are counted in memory; this many have been set aside on disk, so that a crash can only overcount.
    std::uint64_t seals_reserved = 0;
    sys_ms created_at{};

    bool operator==(data_key const&) const = default;
};
BOOST_DESCRIBE_STRUCT(data_key, (), (workspace, version, wrapped, seals_reserved, created_at))

class data_keys : public table<data_keys, data_key> {
  public:
    static constexpr family where = family::data_keys;

    static std::string key(crypto::workspace_id workspace, std::uint32_t version);
    static std::string key(data_key const& record) { return key(record.workspace, record.version); }
    static std::vector<index_row> indexes(data_key const&) { return {}; }

    static task<result<std::optional<stored<data_key>>>> get(kv& store, crypto::workspace_id workspace,
                                                             std::uint32_t version);

    // The keys of one workspace, oldest version first.
    static task<result<listing<data_key>>> list(kv& store, crypto::workspace_id workspace,
                                                std::optional<std::string> cursor, std::size_t limit);

    // All of them at once, with their row versions: a workspace has as many as it has rotations.
    static task<result<std::vector<stored<data_key>>>> all(kv& store, crypto::workspace_id workspace);
};

} // namespace connectd::storage
