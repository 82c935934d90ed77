// The data folder of an installation, opened: the store, the vault over it, and the two key files. Made on
// the first start.
//
// Opened and closed by one thread; what it holds is used by all. Opening changes nothing in a store that it
// refuses.
#pragma once

#include "server/config.hpp"
#include "server/run_now.hpp"
#include "server/runtime/clock.hpp"
#include "server/services/vault.hpp"
#include "storage/rocksdb/rocksdb_store.hpp"

#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

namespace connectd::server {

class home {
  public:
    // Blocks. Throws start_error: the folder cannot be used, the store is in use, newer or damaged, the
    // master key is missing or not the one it was sealed under.
    home(config const& settings, runtime::clock const& clock);
    home(home const&) = delete;
    home& operator=(home const&) = delete;
    ~home();

    storage::rocksdb_store& store() noexcept { return *store_; }
    services::vault& vault() noexcept { return *vault_; }

    // What this opening made, to be told to the operator.
    std::optional<std::filesystem::path> const& made_master_key() const noexcept { return made_master_key_; }
    std::optional<std::filesystem::path> const& made_root_key() const noexcept { return made_root_key_; }

    // Runs a coroutine over the store to its end; for the one thread that opened this.
    template <class T>
    T run_now(runtime::task<T> work) {
        return server::run_now(loop_, std::move(work));
    }

    // Finishes what is queued and closes the store. Requires: nothing else uses it any more.
    void close();

  private:
    void open_store(config const& settings);
    void install_root_key(config const& settings, runtime::clock const& clock);

    boost::asio::io_context loop_{1}; // outlives the store, whose writer posts to it
    std::unique_ptr<storage::rocksdb_store> store_;
    std::unique_ptr<services::vault> vault_;
    std::optional<std::filesystem::path> made_master_key_;
    std::optional<std::filesystem::path> made_root_key_;
};

} // namespace connectd::server
