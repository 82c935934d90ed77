#include "storage/write_batch.hpp"

#include "storage/key_codec.hpp"

#include <utility>

namespace connectd::storage {

void write_batch::put(family where, std::string key, std::string value) {
    bytes_ += key.size() + value.size();
    oversized_ = oversized_ || key.size() > max_key_size || value.size() > max_value_size;
    operations_.push_back({where, std::move(key), std::move(value)});
}

void write_batch::put_stamped(family where, std::string_view before, std::string_view after,
                              std::string value) {
    put(where, key_writer().raw(before).number(std::uint64_t{0}).raw(after).take(), std::move(value));
    operations_.back().stamp_at = before.size();
}

std::string write_batch::operation::stamped_key(std::uint64_t version) const {
    if (!stamp_at)
        return key;
    auto const number = key_writer().number(version).take();
    return std::string(key).replace(*stamp_at, number.size(), number);
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
