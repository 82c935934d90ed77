#include "server/commands/audit.hpp"

#include "crypto/bytes.hpp"
#include "crypto/encoding.hpp"
#include "server/home.hpp"
#include "server/key_files.hpp"
#include "server/run_now.hpp"
#include "server/start_error.hpp"
#include "storage/rocksdb/rocksdb_store.hpp"
#include "storage/tables/audit_chain.hpp"

#include <CLI/CLI.hpp>

#include <cinttypes>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

namespace connectd::server::commands {
namespace {

std::string name_of(crypto::workspace_id workspace) {
    return workspace.is_nil() ? std::string{"operator"} : workspace.to_string();
}

// The digest is for the operator to keep: a later run shows whether the chain still goes through it.
void print(storage::audit_examination const& found) {
    auto const name = name_of(found.workspace);
    if (found.broken) {
        std::fprintf(stderr, "%s: entry %" PRIu64 " %s\n", name.c_str(), found.broken->number,
                     found.broken->what.c_str());
        return;
    }
    std::printf("%s: %" PRIu64 " entries, whole up to %" PRIu64 " %s\n", name.c_str(), found.entries,
                found.head.number, crypto::encode_hex(crypto::as_bytes(found.head.digest)).c_str());
}

// Answers how many chains are broken.
storage::task<storage::result<std::size_t>> examine_all(storage::kv& store) {
    std::size_t broken = 0;
    std::optional<crypto::workspace_id> chain;
    for (;;) {
        auto const next = co_await storage::audit_log::next_chain(store, chain);
        if (next.has_error()) {
            co_return next.error();
        }
        if (!*next) {
            co_return broken;
        }
        chain = *next;
        auto const found = co_await storage::examine(store, *chain);
        if (found.has_error()) {
            co_return found.error();
        }
        print(*found);
        broken += found->broken ? 1U : 0U;
    }
}

void verify(common_flags const& flags) {
    auto const settings = load_config(flags);
    boost::asio::io_context loop{1}; // outlives the store, whose writer may post to it
    auto const opened = storage::rocksdb_store::open(
        {.folder = settings.data_dir / store_name, .create_if_missing = false, .memory = {}, .limits = {}});
    if (opened.has_error()) {
        throw start_error(opened.error().message);
    }
    auto const broken = run_now(loop, examine_all(**opened));
    if (broken.has_error()) {
        throw start_error("The audit log could not be read: " + broken.error().message());
    }
    if (*broken != 0) {
        throw CLI::RuntimeError(1);
    }
}

} // namespace

void add_audit(CLI::App& program) {
    auto* command = program.add_subcommand("audit", "The log of who changed what");
    command->require_subcommand(1);
    auto* check = command->add_subcommand(
        "verify", "Say which entry was changed, removed or added afterwards; ends with 1 when any was");
    auto const flags = std::make_shared<common_flags>(); // lives as long as the parsed command
    add_common_flags(*check, *flags);
    check->callback([flags] { verify(*flags); });
}

} // namespace connectd::server::commands
