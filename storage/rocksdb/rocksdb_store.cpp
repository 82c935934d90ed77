#include "storage/rocksdb/rocksdb_store.hpp"

#include "storage/rocksdb/database.hpp"

#include <utility>

namespace connectd::storage {
namespace {

commit_sink sink_of(database& target) {
    return {[&target](family where, std::string_view key) { return target.version_of(where, key); },
            [&target](std::span<accepted_batch const> group) { return target.write(group); }};
}

} // namespace

boost::system::result<std::unique_ptr<rocksdb_store>, open_failure>
rocksdb_store::open(rocksdb_options options) {
    auto opened = database::open(options);
    if (!opened)
        return opened.error();
    return std::unique_ptr<rocksdb_store>(new rocksdb_store(std::move(*opened), options.limits));
}

rocksdb_store::rocksdb_store(std::unique_ptr<database> opened, commit_limits limits)
    : database_(std::move(opened)), writer_(sink_of(*database_), limits, database_->last_version()) {
    database_->on_background_failure([this](std::string reason) { writer_.fail(std::move(reason)); });
}

rocksdb_store::~rocksdb_store() {
    close();
}

task<result<std::optional<row>>> rocksdb_store::get(family where, std::string key) {
    if (!database_)
        co_return errc::store_closed;
    co_return database_->get(where, key);
}

task<result<page>> rocksdb_store::scan(family where, scan_range range) {
    if (!database_)
        co_return errc::store_closed;
    co_return database_->scan(where, range);
}

task<result<std::uint64_t>> rocksdb_store::commit(write_batch batch) {
    return writer_.commit(std::move(batch));
}

bool rocksdb_store::writable() const noexcept {
    return writer_.writable();
}

std::string rocksdb_store::failure() const {
    return writer_.failure();
}

void rocksdb_store::close() {
    writer_.close();
    // RocksDB's background threads can still report to the writer until this returns, so it goes first.
    database_.reset();
}

commit_figures rocksdb_store::figures() const noexcept {
    return writer_.figures();
}

} // namespace connectd::storage
