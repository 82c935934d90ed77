// One group of batches that will be written and synced together: which of them may join, and under which
// version.
//
// Guards are checked against the store plus the batches already accepted into the group, so that two batches
// of one group that require the same row never both pass. Pure logic without threads; used by commit_writer,
// on its thread.
#pragma once

#include "storage/error.hpp"
#include "storage/family.hpp"
#include "storage/write_batch.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace connectd::storage {

struct accepted_batch {
    write_batch const* batch = nullptr;
    std::uint64_t version = 0;
};

// What the writer writes to. Both functions are called on the writer's thread only.
struct commit_sink {
    // The version of a stored row; nothing when there is none. Errors: read_failed, corrupt_record.
    std::function<result<std::optional<std::uint64_t>>(family where, std::string_view key)> version_of;

    // Makes all of these durable in this order, as one atomic write. Answers what went wrong, in words for
    // the operator, or nothing when all is on disk.
    std::function<std::optional<std::string>(std::span<accepted_batch const>)> write;
};

class commit_group {
  public:
    // The sink outlives the group. `last_version` is the newest version given out so far. Without
    // `remember_writes` the group keeps no account of what it accepts: cheaper, and right when no later batch
    // has guards.
    commit_group(commit_sink const& sink, std::uint64_t last_version, bool remember_writes);

    // Accepts the batch and answers its version, or refuses it: guard_failed, or an error of version_of. A
    // batch without operations is answered with the newest version and not accepted, as there is nothing to
    // write. Requires: an accepted batch outlives the group.
    result<std::uint64_t> admit(write_batch const& batch);

    std::span<accepted_batch const> accepted() const noexcept { return accepted_; }
    std::uint64_t last_version() const noexcept { return last_version_; }

  private:
    struct row_name {
        family where;
        std::string_view key;
        bool operator==(row_name const&) const = default;
    };
    struct row_name_hash {
        std::size_t operator()(row_name const& name) const noexcept {
            return std::hash<std::string_view>()(name.key) ^ index_of(name.where);
        }
    };

    result<std::optional<std::uint64_t>> version_of(row_name name) const;

    commit_sink const& sink_;
    std::uint64_t last_version_;
    bool remember_writes_;
    std::vector<accepted_batch> accepted_;
    // What the accepted batches left behind: a version, or nothing for an erased row.
    std::unordered_map<row_name, std::optional<std::uint64_t>, row_name_hash> written_;
};

} // namespace connectd::storage
