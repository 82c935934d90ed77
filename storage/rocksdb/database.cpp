#include "storage/rocksdb/database.hpp"

#include "storage/rocksdb/background_watch.hpp"
#include "storage/rocksdb/tuning.hpp"

#include <rocksdb/db.h>
#include <rocksdb/iterator.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include <utility>

namespace connectd::storage {
namespace {

// A stored value is the version of its row, eight bytes, and the value as it was put.
constexpr std::size_t version_size = 8;

std::array<char, version_size> encode_version(std::uint64_t version) {
    std::array<char, version_size> bytes{};
    for (std::size_t at = version_size; at > 0; version >>= 8)
        bytes[--at] = static_cast<char>(version & 0xff);
    return bytes;
}

result<std::uint64_t> decode_version(std::string_view stored) {
    if (stored.size() < version_size)
        return errc::corrupt_record;
    std::uint64_t version = 0;
    for (char const byte : stored.substr(0, version_size))
        version = version << 8 | static_cast<unsigned char>(byte);
    return version;
}

std::string_view view(rocksdb::Slice const& slice) {
    return {slice.data(), slice.size()};
}
rocksdb::Slice slice(std::string_view text) {
    return {text.data(), text.size()};
}

} // namespace

database::database() : watch_(std::make_shared<background_watch>()) {}

database::~database() = default;

result<std::optional<row>> database::get(family where, std::string_view key) const {
    rocksdb::PinnableSlice value;
    auto const status = db_->Get(rocksdb::ReadOptions(), handle(where), slice(key), &value);
    if (status.IsNotFound())
        return std::nullopt;
    if (!status.ok())
        return errc::read_failed;
    auto const version = decode_version(view(value));
    if (!version)
        return version.error();
    return row{std::string(view(value).substr(version_size)), *version};
}

result<std::optional<std::uint64_t>> database::version_of(family where, std::string_view key) const {
    rocksdb::PinnableSlice value;
    auto const status = db_->Get(rocksdb::ReadOptions(), handle(where), slice(key), &value);
    if (status.IsNotFound())
        return std::nullopt;
    if (!status.ok())
        return errc::read_failed;
    auto const version = decode_version(view(value));
    if (!version)
        return version.error();
    return *version;
}

result<page> database::scan(family where, scan_range const& range) const {
    page found;
    if (!range.to.empty() && range.from >= range.to)
        return found;
    auto const lower = slice(range.from);
    auto const upper = slice(range.to);
    rocksdb::ReadOptions options;
    options.iterate_lower_bound = &lower;
    if (!range.to.empty())
        options.iterate_upper_bound = &upper;
    std::unique_ptr<rocksdb::Iterator> const at(db_->NewIterator(options, handle(where)));
    std::size_t bytes = 0;
    for (range.reverse ? at->SeekToLast() : at->SeekToFirst(); at->Valid();
         range.reverse ? at->Prev() : at->Next()) {
        if (found.rows.size() == effective_limit(range) || bytes >= max_page_bytes) {
            found.resume = resume_after(range, found.rows.back().key);
            break;
        }
        auto const stored = view(at->value());
        auto const version = decode_version(stored);
        if (!version)
            return version.error();
        found.rows.push_back({at->key().ToString(), std::string(stored.substr(version_size)), *version});
        bytes += found.rows.back().key.size() + found.rows.back().value.size();
    }
    if (!at->status().ok())
        return errc::read_failed;
    return found;
}

std::optional<std::string> database::write(std::span<accepted_batch const> group) {
    std::size_t bytes = 0;
    for (auto const& accepted : group)
        bytes += accepted.batch->bytes() + accepted.batch->operations().size() * 2 * version_size;
    rocksdb::WriteBatch merged(bytes);
    for (auto const& accepted : group) {
        auto const version = encode_version(accepted.version);
        for (auto const& operation : accepted.batch->operations()) {
            auto const stamped = operation.stamp_at ? operation.stamped_key(accepted.version) : std::string();
            auto const key = slice(operation.stamp_at ? stamped : operation.key);
            if (!operation.value) {
                merged.Delete(handle(operation.where), key);
                continue;
            }
            rocksdb::Slice const parts[] = {{version.data(), version.size()}, slice(*operation.value)};
            merged.Put(handle(operation.where), rocksdb::SliceParts(&key, 1), rocksdb::SliceParts(parts, 2));
        }
    }
    auto const status = db_->Write(durable_write(), &merged);
    if (!status.ok())
        return "writing to the store failed: " + status.ToString();
    return std::nullopt;
}

std::uint64_t database::last_version() const {
    // RocksDB counts every single put and erase, connectd every batch of at least one; having started
    // together, RocksDB's count is never behind. So versions go on from it after a reopening, with gaps, and
    // need no row of their own.
    return db_->GetLatestSequenceNumber();
}

void database::on_background_failure(std::function<void(std::string)> tell) {
    watch_->tell(std::move(tell));
}

} // namespace connectd::storage
