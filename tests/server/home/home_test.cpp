#include "crypto/api_key.hpp"
#include "server/home.hpp"
#include "server/key_files.hpp"
#include "server/services/api_keys.hpp"
#include "server/services/workspaces.hpp"
#include "server/start_error.hpp"
#include "tests/server/home/support.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::testing {
namespace {

constexpr auto only_owner = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

bool says(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

struct home_fixture {
    scratch_folder scratch;
    std::filesystem::path data = scratch.path() / "data";
    runtime::manual_clock clock{services::testing::start_of_time};
    config settings = in(data);

    static config in(std::filesystem::path const& folder) {
        config made;
        made.data_dir = folder;
        return made;
    }
    std::unique_ptr<home> open() { return std::make_unique<home>(settings, clock); }
    std::string refusal() {
        try {
            home const opened{settings, clock};
        } catch (start_error const& error) {
            return error.what();
        }
        return {};
    }
    bool is_root(home& opened, std::string const& key) {
        services::api_key_revision revision{0};
        services::api_keys keys{opened.store(), clock, revision};
        auto const who = opened.run_now(keys.authenticate(key));
        return who.has_value() && who->root;
    }
    // Everything stored, read past the vault. The store must not be open.
    std::string content() {
        auto const store =
            storage::rocksdb_store::open(
                {.folder = data / store_name, .create_if_missing = false, .memory = {}, .limits = {}})
                .value();
        return services::testing::everything_in(*store);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(home_test, home_fixture)

BOOST_AUTO_TEST_CASE(the_first_start_makes_a_folder_that_only_the_owner_can_read) {
    auto const made = open();
    BOOST_TEST((made->made_master_key() == data / "master.key"));
    BOOST_TEST((made->made_root_key() == data / "root.key"));
    BOOST_TEST((std::filesystem::status(data).permissions() == std::filesystem::perms::owner_all));
    for (auto const* name : {"master.key", "root.key"}) {
        BOOST_TEST((std::filesystem::status(data / name).permissions() == only_owner), name);
    }
    BOOST_TEST(is_root(*made, read_file(data / "root.key")));
}

BOOST_AUTO_TEST_CASE(the_second_start_uses_what_the_first_has_made) {
    open();
    auto const master = read_file(data / "master.key");
    auto const root = read_file(data / "root.key");
    auto const before = content();
    auto const again = open();
    BOOST_TEST(!again->made_master_key().has_value());
    BOOST_TEST(!again->made_root_key().has_value());
    BOOST_TEST(read_file(data / "master.key") == master);
    BOOST_TEST(read_file(data / "root.key") == root);
    BOOST_TEST(is_root(*again, root));
    again->close();
    BOOST_TEST((content() == before));
}

BOOST_AUTO_TEST_CASE(what_was_sealed_opens_after_a_restart) {
    crypto::sealed sealed;
    crypto::workspace_id owner;
    services::sealed_place const place{.family = "tokens", .record_key = "row", .field = "material"};
    {
        auto const first = open();
        auto const chosen = services::testing::usual_settings();
        services::api_key_revision revision{0};
        services::workspaces makers{first->store(), first->vault(), clock, chosen, revision};
        owner = first->run_now(makers.create({.slug = "acme", .name = "Acme", .plan = {}})).value().id;
        auto const value = crypto::secret::copy_of("the token");
        sealed = first->run_now(first->vault().seal(owner, value, place)).value();
    }
    auto const again = open();
    BOOST_TEST(again->run_now(again->vault().open(owner, sealed, place)).value().reveal() == "the token");
}

BOOST_AUTO_TEST_CASE(another_master_key_is_refused_and_the_store_left_as_it_is) {
    open();
    auto const master = read_file(data / "master.key");
    auto const before = content();
    write_text(data / "master.key", std::string(64, '5'));
    auto const why = refusal();
    BOOST_TEST(says(why, "sealed under another master key"), why);
    BOOST_TEST(says(why, data.string()), why);
    BOOST_TEST(!says(why, std::string(16, '5')), why);
    BOOST_TEST((content() == before));
    write_text(data / "master.key", master);
    BOOST_TEST(refusal() == "");
}

BOOST_AUTO_TEST_CASE(a_store_whose_master_key_is_gone_is_refused) {
    open();
    auto const before = content();
    std::filesystem::rename(data / "master.key", scratch.path() / "kept");
    auto const why = refusal();
    BOOST_TEST(says(why, (data / "master.key").string()), why);
    BOOST_TEST(!std::filesystem::exists(data / "master.key"));
    BOOST_TEST((content() == before));
    // Naming it where it is now is as good as putting it back.
    settings.master_keys = {{secret_source::kind::file, (scratch.path() / "kept").string()}};
    BOOST_TEST(refusal() == "");
}

BOOST_AUTO_TEST_CASE(a_master_key_that_is_configured_is_not_made) {
    write_text(scratch.path() / "mine", std::string(64, '7'));
    settings.master_keys = {{secret_source::kind::file, (scratch.path() / "mine").string()}};
    auto const made = open();
    BOOST_TEST(!made->made_master_key().has_value());
    BOOST_TEST(!std::filesystem::exists(data / "master.key"));
}

BOOST_AUTO_TEST_CASE(a_lost_root_key_file_is_not_replaced_and_its_holders_stay_known) {
    open();
    auto const root = read_file(data / "root.key");
    std::filesystem::remove(data / "root.key");
    auto const again = open();
    BOOST_TEST(!again->made_root_key().has_value());
    BOOST_TEST(!std::filesystem::exists(data / "root.key"));
    BOOST_TEST(is_root(*again, root));
}

BOOST_AUTO_TEST_CASE(a_root_key_that_was_put_there_before_is_taken) {
    auto const mine = crypto::make_api_key(crypto::api_key_kind::root);
    std::filesystem::create_directory(data);
    write_text(data / "root.key", mine.text.reveal());
    BOOST_TEST(is_root(*open(), std::string{mine.text.reveal()}));
}

BOOST_AUTO_TEST_CASE(a_root_key_that_is_none_is_refused) {
    std::filesystem::create_directory(data);
    write_text(data / "root.key", "just some words");
    auto const why = refusal();
    BOOST_TEST(says(why, (data / "root.key").string()), why);
    BOOST_TEST(!says(why, "just some words"), why);
}

BOOST_AUTO_TEST_CASE(a_folder_in_use_is_refused) {
    auto const first = open();
    auto const why = refusal();
    BOOST_TEST(says(why, "another process has it open"), why);
    BOOST_TEST(says(why, data.string()), why);
    first->close();
    BOOST_TEST(refusal() == "");
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_is_named) {
    write_text(scratch.path() / "file", "in the way");
    settings.data_dir = scratch.path() / "file" / "data";
    auto const why = refusal();
    BOOST_TEST(says(why, "Cannot make the data folder " + settings.data_dir.string()), why);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::testing
