// Workspaces: the tenants. Slugs are unique.
#pragma once

#include "storage/tables/table.hpp"

namespace connectd::storage {

struct workspace {
    crypto::workspace_id id;
    std::string slug;
    std::string name;
    std::string plan;
    crypto::profile_id default_profile;
    sys_ms created_at{};
    sys_ms updated_at{};

    bool operator==(workspace const&) const = default;
};
BOOST_DESCRIBE_STRUCT(workspace, (), (id, slug, name, plan, default_profile, created_at, updated_at))

class workspaces : public table<workspaces, workspace> {
  public:
    static constexpr family where = family::workspaces;

    static std::string key(crypto::workspace_id id);
    static std::string key(workspace const& record) { return key(record.id); }
    static std::vector<index_row> indexes(workspace const& record);

    static task<result<std::optional<stored<workspace>>>> get(kv& store, crypto::workspace_id id);

    static task<result<std::optional<stored<workspace>>>> find_by_slug(kv& store, std::string slug);

    // All workspaces, oldest first.
    static task<result<listing<workspace>>> list(kv& store, std::optional<std::string> cursor,
                                                 std::size_t limit);
};

} // namespace connectd::storage
