#include "storage/tables/root_key.hpp"

namespace connectd::storage {

task<result<std::optional<stored<root_key>>>> root_keys::get(kv& store) {
    return fetch(store, key());
}

} // namespace connectd::storage
