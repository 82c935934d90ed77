#include "storage/record_codec.hpp"

namespace connectd::storage::codec {

bool read_string_map(std::string_view bytes, std::map<std::string, std::string>& value) {
    wire::reader input(bytes);
    std::uint64_t count = 0;
    if (!input.count(count))
        return false;
    value.clear();
    for (; count > 0; --count) {
        std::string_view key;
        std::string_view mapped;
        if (!input.sized(key) || !input.sized(mapped) || !value.emplace(key, mapped).second)
            return false;
    }
    return input.done();
}

} // namespace connectd::storage::codec
