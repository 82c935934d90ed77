#include "storage/rocksdb/commit_group.hpp"

namespace connectd::storage {

commit_group::commit_group(commit_sink const& sink, std::uint64_t last_version, bool remember_writes)
    : sink_(sink), last_version_(last_version), remember_writes_(remember_writes) {}

result<std::uint64_t> commit_group::admit(write_batch const& batch) {
    for (auto const& guard : batch.guards()) {
        auto const version = version_of({guard.where, guard.key});
        if (!version)
            return version.error();
        if (*version != guard.version)
            return errc::guard_failed;
    }
    if (batch.operations().empty())
        return last_version_;
    ++last_version_;
    accepted_.push_back({&batch, last_version_});
    if (remember_writes_)
        for (auto const& operation : batch.operations())
            written_[{operation.where, operation.key}] =
                operation.value ? std::optional(last_version_) : std::nullopt;
    return last_version_;
}

result<std::optional<std::uint64_t>> commit_group::version_of(row_name name) const {
    if (auto const found = written_.find(name); found != written_.end())
        return found->second;
    return sink_.version_of(name.where, name.key);
}

} // namespace connectd::storage
