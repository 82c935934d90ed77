// The closed list of key spaces of a store. README.md says what each holds, who writes it and how long its
// rows live.
//
// The numbers index arrays in memory and are never stored; a store on disk knows a family by its name.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace connectd::storage {

enum class family : std::uint8_t {
    meta,
    data_keys,
    workspaces,
    api_keys,
    operators,
    credentials,
    profiles,
    sessions,
    accounts,
    tokens,
    refresh_due,
    webhooks,
    outbox,
    events,
    audit,
};

inline constexpr std::array all_families{
    family::meta,        family::data_keys, family::workspaces, family::api_keys, family::operators,
    family::credentials, family::profiles,  family::sessions,   family::accounts, family::tokens,
    family::refresh_due, family::webhooks,  family::outbox,     family::events,   family::audit,
};

inline constexpr std::size_t family_count = all_families.size();

constexpr std::size_t index_of(family which) noexcept {
    return static_cast<std::size_t>(which);
}

// The name as DESIGN and the store on disk spell it. It is also the first part of the associated data of
// sealed fields.
std::string_view name_of(family which) noexcept;

} // namespace connectd::storage
