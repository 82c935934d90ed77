#include "server/key_files.hpp"
#include "server/start_error.hpp"
#include "tests/server/home/support.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

namespace connectd::server::testing {
namespace {

using kind = secret_source::kind;
constexpr auto only_owner = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

// 64 hexadecimal digits, the form of a master key outside.
std::string key_text(char digit) {
    return std::string(64, digit);
}

struct key_fixture {
    scratch_folder scratch;
    config settings = in(scratch.path());

    static config in(std::filesystem::path const& folder) {
        config made;
        made.data_dir = folder;
        return made;
    }
    std::filesystem::path file(std::string const& name, std::string_view text) {
        auto const path = scratch.path() / name;
        write_text(path, text);
        return path;
    }
    std::string refusal() {
        try {
            load_master_keys(settings);
        } catch (start_error const& error) {
            return error.what();
        }
        return {};
    }
    std::vector<std::string> loaded() {
        std::vector<std::string> all;
        for (auto const& key : load_master_keys(settings).keys) {
            all.emplace_back(key.to_hex().reveal());
        }
        return all;
    }
};

struct variable {
    variable(std::string name, std::string const& value) : name_{std::move(name)} {
        ::setenv(name_.c_str(), value.c_str(), 1);
    }
    variable(variable const&) = delete;
    variable& operator=(variable const&) = delete;
    ~variable() { ::unsetenv(name_.c_str()); }
    std::string name_;
};

bool says(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(key_files_test, key_fixture)

BOOST_AUTO_TEST_CASE(the_first_start_makes_a_key_and_the_next_ones_use_it) {
    auto const made = load_master_keys(settings);
    auto const path = scratch.path() / master_key_name;
    BOOST_REQUIRE(made.made.has_value());
    BOOST_TEST(*made.made == path);
    BOOST_TEST((std::filesystem::status(path).permissions() == only_owner));
    BOOST_TEST(read_file(path) == std::string{made.keys.at(0).to_hex().reveal()});
    auto const again = load_master_keys(settings);
    BOOST_TEST(!again.made.has_value());
    BOOST_TEST(again.keys.at(0).to_hex().reveal() == made.keys.at(0).to_hex().reveal());
}

BOOST_AUTO_TEST_CASE(a_store_without_its_key_gets_no_new_one) {
    std::filesystem::create_directory(scratch.path() / store_name);
    auto const why = refusal();
    BOOST_TEST(says(why, (scratch.path() / master_key_name).string()), why);
    BOOST_TEST(says(why, "gone"), why);
    BOOST_TEST(!std::filesystem::exists(scratch.path() / master_key_name));
}

BOOST_AUTO_TEST_CASE(keys_come_from_files_the_environment_and_systemd_in_order) {
    auto const path = file("one", "  " + key_text('1') + "\r\n");
    variable const environment{"CONNECTD_TEST_MASTER_KEY", key_text('2')};
    file("three", key_text('3') + "\n");
    variable const credentials{"CREDENTIALS_DIRECTORY", scratch.path().string()};
    settings.master_keys = {{kind::environment, "CONNECTD_TEST_MASTER_KEY"},
                            {kind::file, path.string()},
                            {kind::credential, "three"}};
    std::vector<std::string> const wanted{key_text('2'), key_text('1'), key_text('3')};
    BOOST_TEST(loaded() == wanted, boost::test_tools::per_element());
    BOOST_TEST(!std::filesystem::exists(scratch.path() / master_key_name));
}

BOOST_AUTO_TEST_CASE(a_key_that_is_none_is_refused_without_being_shown) {
    for (std::string const& text : {key_text('1').substr(1), key_text('1') + "1", std::string(64, 'x'),
                                    key_text('1') + "\n" + key_text('2'), std::string(5000, '1')}) {
        settings.master_keys = {{kind::file, file("key", text).string()}};
        auto const why = refusal();
        BOOST_TEST(says(why, "not 64 hexadecimal digits"), why);
        BOOST_TEST(says(why, (scratch.path() / "key").string()), why);
        BOOST_TEST(!says(why, text.substr(0, 16)), why);
    }
    settings.master_keys = {{kind::file, file("key", " \n").string()}};
    BOOST_TEST(says(refusal(), "is empty"));
    variable const environment{"CONNECTD_TEST_MASTER_KEY", "the-value-of-it"};
    settings.master_keys = {{kind::environment, "CONNECTD_TEST_MASTER_KEY"}};
    BOOST_TEST(says(refusal(), "CONNECTD_TEST_MASTER_KEY"));
    BOOST_TEST(!says(refusal(), "the-value-of-it"));
}

BOOST_AUTO_TEST_CASE(places_without_a_key_are_named) {
    settings.master_keys = {{kind::file, (scratch.path() / "none").string()}};
    BOOST_TEST(says(refusal(), (scratch.path() / "none").string()));
    settings.master_keys = {{kind::environment, "CONNECTD_TEST_NOT_SET"}};
    BOOST_TEST(says(refusal(), "CONNECTD_TEST_NOT_SET"));
    ::unsetenv("CREDENTIALS_DIRECTORY");
    settings.master_keys = {{kind::credential, "master"}};
    BOOST_TEST(says(refusal(), "CREDENTIALS_DIRECTORY"));
    settings.master_keys = {{kind::file, scratch.path().string()}}; // a folder
    BOOST_TEST(says(refusal(), "Cannot read " + scratch.path().string()));
    BOOST_TEST(!std::filesystem::exists(scratch.path() / master_key_name));
}

BOOST_AUTO_TEST_CASE(other_secrets_are_read_from_the_same_places) {
    auto const path = file("app", " s3cr3t with spaces \n");
    auto const read = read_secret({kind::file, path.string()}, "the secret of an app");
    BOOST_TEST(read.text.reveal() == "s3cr3t with spaces");
    BOOST_TEST(read.where == path.string());
    BOOST_CHECK_EXCEPTION(read_secret({kind::environment, "CONNECTD_TEST_NOT_SET"}, "the secret of an app"),
                          start_error, [](auto const& error) {
                              return says(
                                  error.what(),
                                  "CONNECTD_TEST_NOT_SET that should hold the secret of an app is not set");
                          });
}

BOOST_AUTO_TEST_CASE(a_key_file_is_never_replaced) {
    auto const path = file("key", "what was there");
    BOOST_CHECK_THROW(write_key_file(path, crypto::secret::copy_of("new")), start_error);
    BOOST_TEST(read_file(path) == "what was there");
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_is_named) {
    auto const path = file("plain", "") / "key";
    BOOST_CHECK_EXCEPTION(
        write_key_file(path, crypto::secret::copy_of("new")), start_error,
        [&](auto const& error) { return says(error.what(), "Cannot make " + path.string()); });
}

BOOST_AUTO_TEST_CASE(the_root_key_is_read_without_white_space) {
    BOOST_TEST(!read_root_key(scratch.path()).has_value());
    file(root_key_name, "cd_root_text\n");
    BOOST_TEST(read_root_key(scratch.path()).value().reveal() == "cd_root_text");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::testing
