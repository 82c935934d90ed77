// com.atproto.repo.createRecord: whose repository, and what a post must be.
#include "tests/sandbox/stage.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

constexpr auto create = "com.atproto.repo.createRecord";

struct writer : stage {
    writer() {
        auto const got = sign_in();
        did = got.text("/did");
        token = got.text("/accessJwt");
    }

    static boost::json::object post() {
        return {{"$type", "app.bsky.feed.post"},
                {"text", "Fresh rolls from seven"},
                {"createdAt", "2026-09-01T07:00:00.000Z"}};
    }

    answer write(boost::json::object const& record, boost::json::object input = {}) {
        input.emplace("repo", did);
        input.emplace("collection", "app.bsky.feed.post");
        input.emplace("record", record);
        return xrpc_post(create, token, boost::json::serialize(input));
    }

    void expect_refused(boost::json::object const& record, std::string_view message) {
        auto const got = write(record);
        BOOST_TEST(got.status == 400);
        BOOST_TEST(got.text("/error") == "InvalidRequest");
        BOOST_TEST(got.text("/message") == message);
    }

    std::string did;
    std::string token;
};

BOOST_FIXTURE_TEST_SUITE(records_test, writer)

BOOST_AUTO_TEST_CASE(a_post_is_created_under_the_own_did) {
    auto const made = write(post());
    BOOST_TEST(made.status == 200);
    BOOST_TEST(made.text("/uri").starts_with("at://" + did + "/app.bsky.feed.post/"));
    BOOST_TEST(made.text("/cid").starts_with("bafyrei"));
    BOOST_TEST(made.text("/cid").size() == 59);
    BOOST_TEST(made.text("/commit/cid").starts_with("bafyrei"));
    BOOST_TEST(made.text("/commit/rev").size() == 13);
    BOOST_TEST(made.text("/validationStatus") == "valid");
    BOOST_TEST(write(post()).text("/uri") != made.text("/uri"));
    BOOST_TEST(write(post(), {{"repo", "ada.sandbox.test"}}).status == 200);
    BOOST_TEST(control.get("/bluesky/records").json().at("data").as_array().size() == 3);
}

BOOST_AUTO_TEST_CASE(a_chosen_key_makes_a_retry_visible) {
    auto const made = write(post(), {{"rkey", "chosen-1"}});
    BOOST_TEST(made.text("/uri") == "at://" + did + "/app.bsky.feed.post/chosen-1");
    BOOST_TEST(write(post(), {{"rkey", "chosen-1"}}).status == 400);
    BOOST_TEST(write(post(), {{"rkey", "not a key"}}).status == 400);
}

BOOST_AUTO_TEST_CASE(other_repositories_are_refused) {
    auto const ben = sign_in("ben.sandbox.test", "ben2-demo-pass-word").text("/did");
    auto const foreign = write(post(), {{"repo", ben}});
    BOOST_TEST(foreign.status == 401);
    BOOST_TEST(foreign.text("/error") == "AuthenticationRequired");
    BOOST_TEST(write(post(), {{"repo", "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"}}).text("/error") ==
               "AccountNotFound");
}

BOOST_AUTO_TEST_CASE(the_record_is_checked_against_its_lexicon) {
    auto record = post();
    record.erase("$type");
    expect_refused(record, "Record must have the property \"$type\"");
    record["$type"] = "app.bsky.feed.like";
    expect_refused(record, "Invalid $type: expected app.bsky.feed.post, got app.bsky.feed.like");
    record = post();
    record.erase("text");
    expect_refused(record, "Invalid app.bsky.feed.post record: Record must have the property \"text\"");
    record = post();
    record.erase("createdAt");
    expect_refused(record, "Invalid app.bsky.feed.post record: Record must have the property \"createdAt\"");
    for (auto const* const time :
         {"2026-09-01T07:00:00", "2026-09-01", "yesterday", "2026-13-01T07:00:00Z"}) {
        record["createdAt"] = time;
        expect_refused(record, "Invalid app.bsky.feed.post record: Record/createdAt must be an valid atproto "
                               "datetime (both RFC-3339 and ISO-8601)");
    }
    record["createdAt"] = "2026-09-01T07:00:00+02:00";
    BOOST_TEST(write(record).status == 200);
}

BOOST_AUTO_TEST_CASE(length_counts_graphemes_and_bytes) {
    auto record = post();
    record["text"] = std::string(301, 'a');
    expect_refused(record,
                   "Invalid app.bsky.feed.post record: Record/text must not be longer than 300 graphemes");
    record["text"] = std::string(300, 'a');
    BOOST_TEST(write(record).status == 200);
    // A family of four joined by zero-width joiners: one grapheme of 25 bytes.
    std::string family;
    for (int i = 0; i < 119; ++i)
        family += "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7\xe2\x80\x8d\xf0"
                  "\x9f\x91\xa6";
    record["text"] = family;
    BOOST_TEST(write(record).status == 200);
    record["text"] = family + family;
    expect_refused(record,
                   "Invalid app.bsky.feed.post record: Record/text must not be longer than 3000 characters");
}

BOOST_AUTO_TEST_CASE(facets_need_byte_offsets) {
    auto record = post();
    record["facets"] = boost::json::array{boost::json::object{{"features", boost::json::array{}}}};
    expect_refused(record,
                   "Invalid app.bsky.feed.post record: Record/facets/index must have byteStart and byteEnd");
    record["facets"] = boost::json::array{boost::json::object{{"index", {{"byteStart", 0}, {"byteEnd", 5}}},
                                                              {"features", boost::json::array{}}}};
    BOOST_TEST(write(record).status == 200);
}

BOOST_AUTO_TEST_CASE(the_input_and_the_caller_are_checked_first) {
    BOOST_TEST(
        xrpc_post(create, token, R"({"collection":"app.bsky.feed.post","record":{}})").text("/message") ==
        "Input must have the property \"repo\"");
    BOOST_TEST(
        xrpc_post(create, token, R"({"repo":"a","collection":"posts","record":{}})").text("/message") ==
        "Input/collection must be a valid nsid");
    BOOST_TEST(xrpc_post(create, token, R"({"repo":"a","collection":"app.bsky.feed.post","record":1})")
                   .text("/message") == "Input/record must be an object");
    BOOST_TEST(xrpc_post(create, "nonsense", "{}").text("/error") == "InvalidToken");
    BOOST_TEST(bluesky.post_json(std::string{"/xrpc/"} + create, "{}").text("/error") == "AuthMissing");
    control.send("PATCH", "/people/ada", {}, R"({"bluesky_state":"deactivated"})");
    auto const refused = write(post());
    BOOST_TEST(refused.status == 401);
    BOOST_TEST(refused.text("/error") == "AccountDeactivated");
}

BOOST_AUTO_TEST_CASE(unknown_collections_pass_with_their_type) {
    boost::json::object const note{{"$type", "com.example.note"}, {"words", "a"}};
    auto const made = write(note, {{"collection", "com.example.note"}});
    BOOST_TEST(made.status == 200);
    BOOST_TEST(made.text("/validationStatus") == "unknown");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
