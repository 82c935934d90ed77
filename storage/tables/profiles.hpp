// Profiles of a workspace. A non-empty external id is unique within the workspace.
#pragma once

#include "storage/tables/table.hpp"

namespace connectd::storage {

struct profile {
    crypto::profile_id id;
    crypto::workspace_id workspace;
    std::string name;
    std::string external_id;
    std::string metadata; // JSON text
    sys_ms created_at{};
    sys_ms updated_at{};

    bool operator==(profile const&) const = default;
};
BOOST_DESCRIBE_STRUCT(profile, (), (id, workspace, name, external_id, metadata, created_at, updated_at))

class profiles : public table<profiles, profile> {
  public:
    static constexpr family where = family::profiles;

    static std::string key(crypto::workspace_id workspace, crypto::profile_id id);
    static std::string key(profile const& record) { return key(record.workspace, record.id); }
    static std::vector<index_row> indexes(profile const& record);

    static task<result<std::optional<stored<profile>>>> get(kv& store, crypto::workspace_id workspace,
                                                            crypto::profile_id id);

    static task<result<std::optional<stored<profile>>>>
    find_by_external_id(kv& store, crypto::workspace_id workspace, std::string external_id);

    // No more than `most` are counted.
    static task<result<std::size_t>> count(kv& store, crypto::workspace_id workspace, std::size_t most);

    // The profiles of one workspace, oldest first.
    static task<result<listing<profile>>> list(kv& store, crypto::workspace_id workspace,
                                               std::optional<std::string> cursor, std::size_t limit);
};

} // namespace connectd::storage
