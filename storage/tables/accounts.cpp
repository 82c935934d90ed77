#include "storage/tables/accounts.hpp"

#include "storage/count_rows.hpp"
#include "storage/tables/account_counts.hpp"

namespace connectd::storage {
namespace {

constexpr std::uint8_t identity_tag = 0x02;
constexpr std::uint8_t profile_tag = 0x03;
constexpr std::uint8_t credentials_tag = 0x04;
constexpr std::uint8_t grant_owner_tag = 0x01; // below global_tag

std::string identity_key(crypto::workspace_id workspace, crypto::profile_id profile,
                         std::string_view platform, std::string_view platform_user_id,
                         std::string_view instance) {
    auto key = key_writer().id(workspace).tag(identity_tag).id(profile).text(platform).text(platform_user_id);
    return instance.empty() ? key.take() : key.text(instance).take();
}

std::string profile_prefix(crypto::workspace_id workspace, crypto::profile_id profile) {
    return key_writer().id(workspace).tag(profile_tag).id(profile).take();
}

std::string credentials_prefix(crypto::workspace_id workspace, crypto::credentials_id credentials) {
    return key_writer().id(workspace).tag(credentials_tag).id(credentials).take();
}

std::string grant_owner_prefix(std::string_view grant_owner) {
    return key_writer().tag(global_tag).tag(grant_owner_tag).text(grant_owner).take();
}

char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool holds(std::string_view text, std::string_view part) {
    return !std::ranges::search(text, part, {}, to_lower, to_lower).empty() || part.empty();
}

bool matches(account_filter const& filter, account const& record) {
    return (!filter.connected_only || record.status != account_status::disconnected) &&
           (holds(record.username, filter.text) || holds(record.display_name, filter.text)) &&
           (!filter.platform || *filter.platform == record.platform) &&
           (!filter.status || *filter.status == record.status) &&
           (!filter.profile || *filter.profile == record.profile) &&
           (!filter.instance || *filter.instance == record.instance);
}

} // namespace

std::string accounts::key(crypto::workspace_id workspace, crypto::account_id id) {
    return key_writer().id(workspace).tag(rows_tag).id(id).take();
}

std::vector<index_row> accounts::indexes(account const& record) {
    auto const id = std::string(record.id.raw());
    std::vector<index_row> rows{{identity_key(record.workspace, record.profile, record.platform,
                                              record.platform_user_id, record.instance),
                                 true},
                                {profile_prefix(record.workspace, record.profile) + id}};
    if (record.status == account_status::disconnected)
        return rows; // needs no app, and holds no grant
    if (!record.credentials.is_nil())
        rows.push_back({credentials_prefix(record.workspace, record.credentials) + id});
    if (!record.grant_owner.empty())
        rows.push_back({key_writer()
                            .raw(grant_owner_prefix(record.grant_owner))
                            .id(record.workspace)
                            .id(record.id)
                            .take()});
    return rows;
}

task<result<std::optional<stored<account>>>> accounts::get(kv& store, crypto::workspace_id workspace,
                                                           crypto::account_id id) {
    return fetch(store, key(workspace, id));
}

task<result<std::optional<stored<account>>>>
accounts::find_by_identity(kv& store, crypto::workspace_id workspace, crypto::profile_id profile,
                           std::string platform, std::string platform_user_id, std::string instance) {
    return follow(store, identity_key(workspace, profile, platform, platform_user_id, instance));
}

task<result<listing<account>>> accounts::list_by_credentials(kv& store, crypto::workspace_id workspace,
                                                             crypto::credentials_id credentials,
                                                             std::optional<std::string> cursor,
                                                             std::size_t limit) {
    return list_index<account>(store, under(credentials_prefix(workspace, credentials)), std::move(cursor),
                               limit);
}

task<result<listing<account>>> accounts::list_by_grant_owner(kv& store, std::string grant_owner,
                                                             std::optional<std::string> cursor,
                                                             std::size_t limit) {
    return list_index<account>(store, under(grant_owner_prefix(grant_owner)), std::move(cursor), limit);
}

task<result<listing<account>>> accounts::list(kv& store, crypto::workspace_id workspace,
                                              account_filter filter, std::optional<std::string> cursor,
                                              std::size_t limit) {
    auto const by_profile = filter.profile.has_value();
    auto const prefix = by_profile ? profile_prefix(workspace, *filter.profile)
                                   : key_writer().id(workspace).tag(rows_tag).take();
    listing<account> list;
    limit = std::clamp<std::size_t>(limit, 1, max_examined);
    for (std::size_t examined = 0; examined < max_examined;) {
        // As many rows as are still wanted: a page of the store then never holds a match that this list has
        // no room for.
        auto const wanted = std::min(limit - list.items.size(), max_examined - examined);
        auto part = by_profile ? co_await list_index(store, under(prefix), std::move(cursor), wanted)
                               : co_await list_rows(store, under(prefix), std::move(cursor), wanted);
        if (!part)
            co_return part.error();
        examined += wanted;
        for (auto& record : part->items)
            if (matches(filter, record))
                list.items.push_back(std::move(record));
        cursor = std::move(part->next_cursor);
        if (!cursor || list.items.size() == limit)
            break;
    }
    list.next_cursor = std::move(cursor);
    co_return list;
}

// The rows of the index by profile: one an account, and small.
task<result<std::size_t>> count_accounts(kv& store, crypto::workspace_id workspace,
                                         std::optional<crypto::profile_id> profile, std::size_t most) {
    return count_rows(store, accounts::where,
                      profile ? profile_prefix(workspace, *profile)
                              : key_writer().id(workspace).tag(profile_tag).take(),
                      most);
}

} // namespace connectd::storage
