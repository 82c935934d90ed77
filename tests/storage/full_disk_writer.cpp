// The program of the full disk test: mounts a small disk that nobody else sees, fills it through a store,
// makes room, and looks whether every acknowledged row is there. It prints one line that says how it went,
// and ends with 0 (as it should be), 1 (not), or 77 (the kernel allows no such disk here).
#include "storage/rocksdb/rocksdb_store.hpp"
#include "tests/storage/support.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace connectd::storage::testing {
namespace {

constexpr char const* disk_size = "size=24m";
constexpr std::size_t ballast_size = 8 * 1024 * 1024;
constexpr std::size_t row_size = 8000;

struct skipped {
    std::string why;
};
struct failed {
    std::string why;
};

void require(bool holds, std::string const& what) {
    if (!holds)
        throw failed{what};
}

[[noreturn]] void skip(std::string const& call) {
    throw skipped{call + ": " + std::strerror(errno)};
}

void write_file(char const* path, std::string const& text) {
    std::ofstream(path) << text;
}

// As root a mount namespace is enough; others need a user namespace to be root in.
void enter_own_mounts() {
    auto const user = getuid();
    auto const group = getgid();
    if (unshare(CLONE_NEWNS) != 0) {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
            skip("unshare");
        write_file("/proc/self/setgroups", "deny");
        write_file("/proc/self/uid_map", "0 " + std::to_string(user) + " 1");
        write_file("/proc/self/gid_map", "0 " + std::to_string(group) + " 1");
    }
    if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        skip("making the mounts private");
}

rocksdb_options options(std::filesystem::path const& disk) {
    // Buffers so small that sorted files are written on the way, too.
    return {
        disk / "store", true, {.block_cache_bytes = 1024 * 1024, .write_buffer_bytes = 4 * 1024 * 1024}, {}};
}

std::string key_of(std::size_t number) {
    return "row " + std::to_string(number);
}

std::string value_of(std::size_t number) {
    std::string value = key_of(number);
    for (std::uint64_t state = number + 1; value.size() < row_size; state = state * 6364136223846793005 + 1)
        value.push_back(static_cast<char>(state >> 56));
    return value;
}

write_batch row_batch(std::size_t number) {
    auto batch = putting(family::accounts, key_of(number), value_of(number));
    batch.put(family::tokens, key_of(number), "second half");
    return batch;
}

// Answers how many rows were acknowledged before the disk was full.
std::size_t fill(std::filesystem::path const& disk) {
    loop io;
    auto const store = rocksdb_store::open(options(disk)).value();
    std::size_t acknowledged = 0;
    for (;; ++acknowledged) {
        require(acknowledged < 100'000, "the disk is never full");
        auto const done = io.run(store->commit(row_batch(acknowledged)));
        if (done)
            continue;
        require(done.error() == errc::store_failed, "a full disk says: " + done.error().message());
        break;
    }
    require(!store->writable(), "the store claims to be writable");
    require(store->failure().find("No space left on device") != std::string::npos,
            "it says: " + store->failure());
    auto const later = io.run(store->commit(row_batch(acknowledged + 1)));
    require(later.has_error() && later.error() == errc::store_failed, "a later commit is not refused");
    require(acknowledged > 0, "not even one row fits");
    auto const found = io.run(store->get(family::accounts, key_of(acknowledged - 1)));
    require(found && *found && (*found)->value == value_of(acknowledged - 1), "the last row cannot be read");
    return acknowledged;
}

void check(std::filesystem::path const& disk, std::size_t acknowledged) {
    loop io;
    auto const opened = rocksdb_store::open(options(disk));
    require(opened.has_value(), opened ? "" : "it does not open again: " + opened.error().message);
    auto& store = **opened;
    for (std::size_t number = 0; number < acknowledged; ++number) {
        auto const first = io.run(store.get(family::accounts, key_of(number))).value();
        auto const second = io.run(store.get(family::tokens, key_of(number))).value();
        require(first && first->value == value_of(number), "lost: " + key_of(number));
        require(second && second->version == first->version, "half of it lost: " + key_of(number));
    }
    // The one that failed is there whole or not at all; the one after it was never tried.
    auto const first = io.run(store.get(family::accounts, key_of(acknowledged))).value();
    auto const second = io.run(store.get(family::tokens, key_of(acknowledged))).value();
    require(first.has_value() == second.has_value(), "a failed batch is there in part");
    require(!io.run(store.get(family::accounts, key_of(acknowledged + 1))).value(),
            "a refused batch is there");
    require(store.writable() && io.run(store.commit(row_batch(acknowledged + 2))).has_value(),
            "it takes no more rows");
}

void run() {
    scratch_folder const disk;
    enter_own_mounts();
    if (mount("none", disk.path().c_str(), "tmpfs", 0, disk_size) != 0)
        skip("mounting a tmpfs");
    auto const ballast = disk.path() / "ballast";
    std::ofstream(ballast) << std::string(ballast_size, 'b');
    auto const acknowledged = fill(disk.path());
    std::filesystem::remove(ballast);
    check(disk.path(), acknowledged);
    std::cout << "all of " << acknowledged << " acknowledged rows are there" << std::endl;
    umount(disk.path().c_str());
}

} // namespace
} // namespace connectd::storage::testing

int main() {
    using namespace connectd::storage::testing;
    try {
        run();
        return 0;
    } catch (skipped const& reason) {
        std::cout << reason.why << std::endl;
        return 77;
    } catch (failed const& reason) {
        std::cout << reason.why << std::endl;
    } catch (std::exception const& thrown) {
        std::cout << thrown.what() << std::endl;
    }
    return 1;
}
