#include "storage/tables/credentials.hpp"
#include "tests/storage/tables_support.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::storage::testing {
namespace {

using table = credentials_table;

struct fixture : tables_fixture {
    crypto::workspace_id mine = next_id<crypto::workspace_id>();

    credentials an_app(std::string platform, bool is_default) const {
        return {next_id<crypto::credentials_id>(),
                mine,
                std::move(platform),
                "Name",
                "client",
                a_sealed_value(1),
                is_default,
                at(1),
                at(2)};
    }
    stored<credentials> read(credentials const& record) {
        return run(table::get(store, mine, record.id)).value();
    }
    credentials an_app_at(std::string instance, bool is_default) const {
        auto record = an_app("mastodon", is_default);
        record.instance = std::move(instance);
        record.registered = true;
        record.redirect_uri = "https://connect.example/v1/connect/callback/mastodon";
        record.scopes = {"profile"};
        return record;
    }
    crypto::credentials_id default_of(std::string platform, std::string instance = {}) {
        auto const found = run(table::find_default(store, mine, std::move(platform), std::move(instance)));
        return found ? found->record.id : crypto::credentials_id();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(credentials_test, fixture)

BOOST_AUTO_TEST_CASE(the_default_of_a_platform_is_found) {
    BOOST_TEST(default_of("x").is_nil());
    create<table>(an_app("x", false));
    BOOST_TEST(default_of("x").is_nil());
    auto const chosen = create<table>(an_app("x", true));
    auto const other = create<table>(an_app("linkedin", true));
    BOOST_TEST(default_of("x") == chosen.id);
    BOOST_TEST(default_of("linkedin") == other.id);
    BOOST_TEST((read(chosen).record == chosen));
}

BOOST_AUTO_TEST_CASE(there_is_never_a_second_default) {
    create<table>(an_app("x", true));
    auto const plain = create<table>(an_app("x", false));
    write_batch creating;
    table::create(creating, an_app("x", true));
    BOOST_TEST(guard_refuses(creating));
    auto marked = plain;
    marked.is_default = true;
    write_batch marking;
    table::replace(marking, read(plain), marked);
    BOOST_TEST(guard_refuses(marking));
}

BOOST_AUTO_TEST_CASE(a_new_app_can_take_the_mark_over) {
    auto const before = create<table>(an_app("x", true));
    auto const after = an_app("x", false);
    write_batch batch;
    table::create_default(batch, after, read(before));
    commit(batch);
    BOOST_TEST(default_of("x") == after.id);
    BOOST_TEST(!read(before).record.is_default);
    BOOST_TEST(read(after).record.is_default);
    BOOST_TEST(guard_refuses(batch));
}

BOOST_AUTO_TEST_CASE(an_existing_app_can_take_the_mark_over) {
    auto const before = create<table>(an_app("x", true));
    auto const after = create<table>(an_app("x", false));
    write_batch batch;
    table::make_default(batch, read(after), read(before));
    commit(batch);
    BOOST_TEST(default_of("x") == after.id);
    BOOST_TEST(!read(before).record.is_default);
    BOOST_TEST(read(after).record.is_default);
    BOOST_TEST(guard_refuses(batch));
}

BOOST_AUTO_TEST_CASE(a_default_that_is_erased_or_unmarked_leaves_the_place_free) {
    auto const erased = create<table>(an_app("x", true));
    write_batch erasing;
    table::erase(erasing, read(erased));
    commit(erasing);
    BOOST_TEST(default_of("x").is_nil());
    BOOST_TEST(rows(family::credentials) == 0U);

    auto const unmarked = create<table>(an_app("x", true));
    auto plain = unmarked;
    plain.is_default = false;
    write_batch unmarking;
    table::replace(unmarking, read(unmarked), plain);
    commit(unmarking);
    BOOST_TEST(default_of("x").is_nil());
    create<table>(an_app("x", true));
}

BOOST_AUTO_TEST_CASE(every_instance_has_a_default_of_its_own) {
    auto const one = create<table>(an_app_at("https://one.example", true));
    auto const two = create<table>(an_app_at("https://two.example", true));
    BOOST_TEST(default_of("mastodon", "https://one.example") == one.id);
    BOOST_TEST(default_of("mastodon", "https://two.example") == two.id);
    BOOST_TEST(default_of("mastodon", "https://three.example").is_nil());
    BOOST_TEST(default_of("mastodon").is_nil());
    BOOST_TEST((read(one).record == one));
    write_batch batch;
    table::create(batch, an_app_at("https://one.example", true));
    BOOST_TEST(guard_refuses(batch));
    write_batch erasing;
    table::erase(erasing, read(one));
    commit(erasing);
    BOOST_TEST(default_of("mastodon", "https://one.example").is_nil());
    BOOST_TEST(default_of("mastodon", "https://two.example") == two.id);
}

BOOST_AUTO_TEST_CASE(lists_are_per_workspace_and_per_platform) {
    std::vector<credentials> all;
    std::vector<credentials> of_x;
    for (auto const* const platform : {"x", "xy", "x", "linkedin", "x"}) {
        all.push_back(create<table>(an_app(platform, false)));
        if (all.back().platform == "x")
            of_x.push_back(all.back());
    }
    auto elsewhere = an_app("x", false);
    elsewhere.workspace = next_id<crypto::workspace_id>();
    create<table>(elsewhere);
    BOOST_TEST((collect([&](std::optional<std::string> cursor) {
                    return table::list(store, mine, cursor, 2);
                }) == all));
    BOOST_TEST((collect([&](std::optional<std::string> cursor) {
                    return table::list_platform(store, mine, "x", cursor, 2);
                }) == of_x));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::storage::testing
