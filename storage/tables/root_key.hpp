// The operator's root API key: one row, with its digest, in the family `meta`.
#pragma once

#include "storage/tables/table.hpp"

namespace connectd::storage {

struct root_key {
    std::string digest; // 32 bytes
    sys_ms created_at{};

    bool operator==(root_key const&) const = default;
};
BOOST_DESCRIBE_STRUCT(root_key, (), (digest, created_at))

class root_keys : public table<root_keys, root_key> {
  public:
    static constexpr family where = family::meta;

    static std::string key() { return "root_key"; }
    static std::string key(root_key const&) { return key(); }
    static std::vector<index_row> indexes(root_key const&) { return {}; }

    static task<result<std::optional<stored<root_key>>>> get(kv& store);
};

} // namespace connectd::storage
