// The program that the crash test kills: it opens the store in a folder, goes on with every lane where it
// stopped, and reports each batch on standard output as soon as its commit has completed. It ends only by
// being killed, or with 1 when anything goes wrong.
#include "storage/rocksdb/rocksdb_store.hpp"
#include "tests/storage/crash_plan.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <thread>

#include <unistd.h>

namespace connectd::storage::testing {
namespace {

[[noreturn]] void give_up(char const* what, std::string const& why) {
    std::fprintf(stderr, "crash_writer: %s: %s\n", what, why.c_str());
    std::_Exit(1);
}

void tell(crash_plan::report const& report) {
    if (write(STDOUT_FILENO, &report, sizeof report) != sizeof report)
        give_up("the pipe", "closed");
}

task<void> run_lane(kv& store, std::uint32_t lane) {
    auto const head = co_await store.get(crash_plan::head_family, crash_plan::head_key(lane));
    if (!head)
        give_up("reading", head.error().message());
    std::uint64_t batch = 0;
    std::optional<std::uint64_t> version;
    if (*head) {
        batch = std::stoull((*head)->value);
        version = (*head)->version;
    }
    for (;;) {
        ++batch;
        auto const committed = co_await store.commit(crash_plan::make_batch(lane, batch, version));
        if (!committed)
            give_up("committing", committed.error().message());
        version = *committed;
        tell({lane, 0, batch, *committed});
    }
}

void run(std::string const& folder) {
    auto const opened = rocksdb_store::open(crash_plan::options(folder));
    if (!opened)
        give_up("opening", opened.error().message);
    tell({});
    boost::asio::io_context contexts[2]{boost::asio::io_context(1), boost::asio::io_context(1)};
    for (std::uint32_t lane = 0; lane < crash_plan::lanes; ++lane)
        boost::asio::co_spawn(contexts[lane % 2], run_lane(**opened, lane), [](std::exception_ptr thrown) {
            if (thrown)
                std::rethrow_exception(thrown);
        });
    std::jthread const other([&] { contexts[1].run(); });
    contexts[0].run();
}

} // namespace
} // namespace connectd::storage::testing

int main(int argc, char** argv) {
    if (argc != 2)
        return 2;
    connectd::storage::testing::run(argv[1]);
}
