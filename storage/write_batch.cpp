#include "storage/write_batch.hpp"

#include <utility>

namespace connectd::storage {

void write_batch::put(family where, std::string key, std::string value) {
    bytes_ += key.size() + value.size();
    oversized_ = oversized_ || key.size() > max_key_size || value.size() > max_value_size;
    operations_.push_back({where, std::move(key), std::move(value)});
}

void write_batch::erase(family where, std::string key) {
    bytes_ += key.size();
    oversized_ = oversized_ || key.size() > max_key_size;
    operations_.push_back({where, std::move(key), std::nullopt});
}

void write_batch::require_absent(family where, std::string key) {
    bytes_ += key.size();
    oversized_ = oversized_ || key.size() > max_key_size;
    guards_.push_back({where, std::move(key), std::nullopt});
}

void write_batch::require_version(family where, std::string key, std::uint64_t version) {
    bytes_ += key.size();
    oversized_ = oversized_ || key.size() > max_key_size;
    guards_.push_back({where, std::move(key), version});
}

bool write_batch::within_limits() const noexcept {
    return !oversized_ && operations_.size() <= max_operations && guards_.size() <= max_guards &&
           bytes_ <= max_bytes;
}

} // namespace connectd::storage
