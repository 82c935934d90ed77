// Goal: `connectd audit verify` as an operator uses it. Method: the real binary on a store that the test has
// written.
#include "crypto/bytes.hpp"
#include "crypto/encoding.hpp"
#include "server/key_files.hpp"
#include "storage/rocksdb/rocksdb_store.hpp"
#include "storage/tables/audit.hpp"
#include "tests/server/home/support.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>

namespace connectd::server::testing {
namespace {

using storage::audit_log;

struct command_fixture {
    scratch_folder scratch;
    crypto::workspace_id workspace =
        crypto::workspace_id::make(storage::sys_ms{std::chrono::milliseconds{1'800'000'000'000}});
    std::string last_digest;

    // Opens the store, as a server would, and does something with it.
    void with_store(std::function<void(storage::testing::loop&, storage::kv&)> const& work) {
        storage::testing::loop io;
        auto const store = storage::rocksdb_store::open(
            {.folder = scratch.path() / store_name, .create_if_missing = true, .memory = {}, .limits = {}});
        work(io, **store);
    }
    void write_three() {
        with_store([&](auto& io, auto& store) {
            storage::audit_end last;
            std::vector<storage::audit_entry> sealed;
            for (int number = 0; number < 3; ++number) {
                storage::audit_entry entry;
                entry.workspace = workspace;
                entry.action = "profiles.create";
                sealed.push_back(storage::seal(entry, last));
                last = {sealed.back().number, sealed.back().digest};
            }
            storage::write_batch batch;
            audit_log::append(batch, workspace, {}, sealed);
            BOOST_TEST(io.run(store.commit(std::move(batch))).has_value());
            last_digest = crypto::encode_hex(crypto::as_bytes(last.digest));
        });
    }
    auto verify() const { return run_connectd({"audit", "verify", "--data-dir", scratch.path().string()}); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(audit_command_test, command_fixture)

BOOST_AUTO_TEST_CASE(a_whole_log_is_said_to_be_whole) {
    write_three();
    auto const done = verify();
    BOOST_TEST(done.code == 0);
    BOOST_TEST(done.output == workspace.to_string() + ": 3 entries, whole up to 3 " + last_digest + "\n");
}

BOOST_AUTO_TEST_CASE(what_was_tampered_with_is_named) {
    write_three();
    with_store([&](auto& io, auto& store) {
        auto value = io.run(store.get(storage::family::audit, audit_log::key(workspace, 2))).value()->value;
        value[value.find("create")] = 'C';
        storage::write_batch batch;
        batch.put(storage::family::audit, audit_log::key(workspace, 2), value);
        BOOST_TEST(io.run(store.commit(std::move(batch))).has_value());
    });
    auto const done = verify();
    BOOST_TEST(done.code == 1);
    BOOST_TEST(done.output.find(workspace.to_string() + ": entry 2 has been changed") != std::string::npos,
               done.output);
}

BOOST_AUTO_TEST_CASE(a_folder_without_a_store_is_an_error) {
    BOOST_TEST(verify().code == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::testing
