// Workspaces: the tenants. Slugs are unique. One that was deleted keeps its row, without a slug, until its
// other rows are gone.
#pragma once

#include "storage/tables/table.hpp"

namespace connectd::storage {

// How the pages look that its end users see; empty members are as they usually are.
struct branding {
    std::string name;
    std::string logo_url;
    std::string color; // #rrggbb

    bool operator==(branding const&) const = default;
};
BOOST_DESCRIBE_STRUCT(branding, (), (name, logo_url, color))

struct workspace {
    crypto::workspace_id id;
    std::string slug;
    std::string name;
    std::string plan;
    crypto::profile_id default_profile;
    sys_ms created_at{};
    sys_ms updated_at{};
    storage::branding branding{};
    std::vector<std::string> return_urls{};    // what those of connect sessions begin with; none: anywhere
    std::optional<std::uint32_t> event_days{}; // how long events are kept; nothing: for good
    std::optional<sys_ms> deleted_at{};

    bool operator==(workspace const&) const = default;
};
BOOST_DESCRIBE_STRUCT(workspace, (),
                      (id, slug, name, plan, default_profile, created_at, updated_at, branding, return_urls,
                       event_days, deleted_at))

class workspaces : public table<workspaces, workspace> {
  public:
    static constexpr family where = family::workspaces;

    static std::string key(crypto::workspace_id id);
    static std::string key(workspace const& record) { return key(record.id); }
    static std::vector<index_row> indexes(workspace const& record);

    static task<result<std::optional<stored<workspace>>>> get(kv& store, crypto::workspace_id id);

    static task<result<std::optional<stored<workspace>>>> find_by_slug(kv& store, std::string slug);

    // Those that were deleted and are not gone yet.
    static task<result<listing<stored<workspace>>>> list_deleted(kv& store, std::optional<std::string> cursor,
                                                                 std::size_t limit);

    // All workspaces, oldest first; deleted ones too.
    static task<result<listing<workspace>>> list(kv& store, std::optional<std::string> cursor,
                                                 std::size_t limit);
};

} // namespace connectd::storage
