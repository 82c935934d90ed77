// Opening a store: what is made, what is refused and with which words. What every store does is in
// kv_conformance_test.
#include "storage/rocksdb/rocksdb_store.hpp"
#include "storage/schema.hpp"
#include "tests/storage/child_process.hpp"
#include "tests/storage/support.hpp"

#include <boost/test/unit_test.hpp>
#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <fstream>

namespace connectd::storage::testing {
namespace {

struct fixture {
    scratch_folder scratch;
    std::filesystem::path folder = scratch.path() / "data" / "store";
    loop io;

    rocksdb_options options(bool create_if_missing = true) const {
        return {folder, create_if_missing, {}, {}};
    }

    // A store with one row, closed.
    void make_store() {
        auto const store = rocksdb_store::open(options()).value();
        BOOST_REQUIRE(io.run(store->commit(putting(family::meta, "row", "value"))).has_value());
    }

    void write_stamp(std::string stamp) {
        auto const store = rocksdb_store::open(options()).value();
        auto const done =
            io.run(store->commit(putting(family::meta, std::string(schema_key), std::move(stamp))));
        BOOST_REQUIRE(done.has_value());
    }

    open_failure refusal(bool create_if_missing = true) const {
        auto const opened = rocksdb_store::open(options(create_if_missing));
        BOOST_REQUIRE(opened.has_error());
        BOOST_TEST(opened.error().message.find(folder.string()) != std::string::npos);
        return opened.error();
    }
};

bool says(open_failure const& failure, std::string_view words) {
    BOOST_TEST_INFO("message: " << failure.message);
    return failure.message.find(words) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(rocksdb_store_test, fixture)

BOOST_AUTO_TEST_CASE(a_new_store_is_for_its_owner_only) {
    make_store();
    namespace fs = std::filesystem;
    BOOST_TEST((fs::status(folder).permissions() == fs::perms::owner_all));
    auto const store = rocksdb_store::open(options(false)).value();
    BOOST_TEST(io.run(store->get(family::meta, "row")).value()->value == "value");
    BOOST_TEST(store->writable());
}

BOOST_AUTO_TEST_CASE(a_missing_store_is_not_made_unasked) {
    auto const failure = refusal(false);
    BOOST_TEST(failure.code == errc::store_missing);
    BOOST_TEST(!std::filesystem::exists(folder));
}

BOOST_AUTO_TEST_CASE(newer_data_is_refused_and_left_alone) {
    make_store();
    write_stamp(encode_schema_stamp(schema_version + 1));
    auto const failure = refusal();
    BOOST_TEST(failure.code == errc::schema_too_new);
    BOOST_TEST(says(failure, "schema version " + std::to_string(schema_version + 1)));
    BOOST_TEST(says(failure, "start the newer version"));
    BOOST_TEST(refusal().code == errc::schema_too_new);
}

BOOST_AUTO_TEST_CASE(older_data_is_opened_and_stamped_anew) {
    make_store();
    write_stamp(encode_schema_stamp(1));
    for (int opening = 0; opening < 2; ++opening) {
        auto const store = rocksdb_store::open(options(false)).value();
        auto const stamp = io.run(store->get(family::meta, std::string(schema_key))).value();
        BOOST_REQUIRE(stamp.has_value());
        BOOST_TEST(stamp->value == encode_schema_stamp(schema_version));
        BOOST_TEST(io.run(store->get(family::meta, "row")).value()->value == "value");
    }
}

BOOST_AUTO_TEST_CASE(a_damaged_stamp_is_refused) {
    make_store();
    write_stamp("damaged");
    auto const failure = refusal();
    BOOST_TEST(failure.code == errc::corrupt_record);
    BOOST_TEST(says(failure, "schema stamp is damaged"));
}

BOOST_AUTO_TEST_CASE(data_of_another_program_is_refused) {
    make_store();
    auto store = rocksdb_store::open(options()).value();
    write_batch batch;
    batch.erase(family::meta, std::string(schema_key));
    BOOST_TEST(io.run(store->commit(batch)).has_value());
    store.reset();
    auto const failure = refusal();
    BOOST_TEST(failure.code == errc::open_failed);
    BOOST_TEST(says(failure, "without a schema stamp"));
}

BOOST_AUTO_TEST_CASE(an_unknown_family_is_refused) {
    make_store();
    std::vector<std::string> names;
    rocksdb::Options raw_options;
    BOOST_REQUIRE(rocksdb::DB::ListColumnFamilies(raw_options, folder.string(), &names).ok());
    BOOST_TEST(names.size() == family_count + 1);
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (auto const& name : names)
        families.emplace_back(name, rocksdb::ColumnFamilyOptions());
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    BOOST_REQUIRE(rocksdb::DB::Open(raw_options, folder.string(), families, &handles, &db).ok());
    handles.emplace_back();
    BOOST_TEST(db->CreateColumnFamily({}, "from_the_future", &handles.back()).ok());
    for (auto* const handle : handles)
        db->DestroyColumnFamilyHandle(handle);
    delete db;
    auto const failure = refusal();
    BOOST_TEST(failure.code == errc::open_failed);
    BOOST_TEST(says(failure, "'from_the_future'"));
}

BOOST_AUTO_TEST_CASE(a_first_opening_that_was_cut_short_is_continued) {
    std::filesystem::create_directories(folder);
    rocksdb::Options raw_options;
    raw_options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    BOOST_REQUIRE(rocksdb::DB::Open(raw_options, folder.string(), &db).ok());
    rocksdb::ColumnFamilyHandle* handle = nullptr;
    BOOST_REQUIRE(db->CreateColumnFamily({}, "accounts", &handle).ok());
    db->DestroyColumnFamilyHandle(handle);
    delete db;
    make_store();
    BOOST_TEST(rocksdb_store::open(options(false)).has_value());
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_one_is_refused) {
    std::filesystem::create_directories(folder.parent_path());
    std::ofstream(folder) << "a file";
    BOOST_TEST(refusal().code == errc::open_failed);
}

BOOST_AUTO_TEST_CASE(a_damaged_store_is_refused) {
    make_store();
    std::ofstream(folder / "CURRENT") << "MANIFEST-999999\n";
    auto const failure = refusal();
    BOOST_TEST(failure.code == errc::open_failed);
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_an_error_and_not_a_row) {
    {
        auto const store = rocksdb_store::open(options()).value();
        BOOST_TEST(
            io.run(store->commit(putting(family::accounts, "a recognisable key", "value"))).has_value());
    }
    // Opening again moves the row from the log into a sorted file.
    rocksdb_store::open(options()).value();
    for (auto const& entry : std::filesystem::directory_iterator(folder)) {
        std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
        std::string const content{std::istreambuf_iterator<char>(file), {}};
        auto const position = content.find("a recognisable key");
        if (entry.path().extension() == ".sst" && position != std::string::npos)
            file.seekp(static_cast<std::streamoff>(position)).put('A');
    }
    auto const store = rocksdb_store::open(options()).value();
    BOOST_TEST(io.run(store->get(family::accounts, "a recognisable key")).error() == errc::read_failed);
    BOOST_TEST(io.run(store->scan(family::accounts, {})).error() == errc::read_failed);
}

BOOST_AUTO_TEST_CASE(a_second_opening_is_refused_while_the_first_lasts) {
    auto store = rocksdb_store::open(options()).value();
    auto const failure = refusal();
    BOOST_TEST(failure.code == errc::store_locked);
    BOOST_TEST(says(failure, "another process has it open"));

    child_process other({STORE_OPENER, folder.string()});
    auto const words = other.read_all();
    BOOST_TEST(other.wait_for_end() == 1);
    BOOST_TEST(words.find("another process has it open") != std::string::npos);
    // The refused ones must not have broken the lock of the one that holds it.
    child_process third({STORE_OPENER, folder.string()});
    BOOST_TEST(third.wait_for_end() == 1);
    BOOST_TEST(io.run(store->commit(putting(family::meta, "row", "value"))).has_value());

    store.reset();
    child_process last({STORE_OPENER, folder.string()});
    BOOST_TEST(last.wait_for_end() == 0);
}

BOOST_AUTO_TEST_CASE(a_row_without_its_version_is_damage) {
    make_store();
    std::vector<rocksdb::ColumnFamilyDescriptor> families{{rocksdb::kDefaultColumnFamilyName, {}}};
    for (auto const which : all_families)
        families.emplace_back(std::string(name_of(which)), rocksdb::ColumnFamilyOptions());
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    BOOST_REQUIRE(rocksdb::DB::Open({}, folder.string(), families, &handles, &db).ok());
    BOOST_TEST(db->Put({}, handles[1 + index_of(family::tokens)], "short", "7 bytes").ok());
    for (auto* const handle : handles)
        db->DestroyColumnFamilyHandle(handle);
    delete db;
    auto const store = rocksdb_store::open(options()).value();
    BOOST_TEST(io.run(store->get(family::tokens, "short")).error() == errc::corrupt_record);
    BOOST_TEST(io.run(store->scan(family::tokens, {})).error() == errc::corrupt_record);
    auto batch = putting(family::tokens, "other", "");
    batch.require_absent(family::tokens, "short");
    BOOST_TEST(io.run(store->commit(batch)).error() == errc::corrupt_record);
    BOOST_TEST(store->writable());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::storage::testing
