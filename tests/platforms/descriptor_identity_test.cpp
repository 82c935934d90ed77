// The section of a platform file about whose account it is.
#include "tests/platforms/descriptor_mistake.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;
using namespace std::chrono_literals;
using connectd::tests::changed;
using connectd::tests::mistake;

using words = std::vector<std::string>;

constexpr auto seconds_sentence = "must be a whole number of seconds, at most ten years";

mistake const mistakes[] = {
    {"/identity/fields", "[]", "/identity/fields", "must be an object"},
    {"/identity/fields", "{\"always\":[\"id\"]}", "/identity/fields/parameter",
     "is required: the name of the query parameter"},
    {"/identity/fields", "{\"parameter\":\"f\",\"separator\":\"\"}", "/identity/fields/separator",
     "must not be empty"},
    {"/identity/fields", "{\"parameter\":\"f\",\"always\":\"id\"}", "/identity/fields/always",
     "must be a list of strings"},
    {"/identity/fields", "{\"parameter\":\"f\",\"by_scope\":[\"id\"]}", "/identity/fields/by_scope",
     "must be an object"},
    {"/identity/fields", "{\"parameter\":\"f\",\"by_scope\":{\"me\":\"id\"}}", "/identity/fields/by_scope/me",
     "must be a list of strings"},
    {"/identity/fields", "{\"parameter\":\"fields\",\"always\":[\"id\"]}", "/identity/query/fields",
     "is made from \"fields\""},
    {"/identity/fields", "{\"parameter\":\"f\",\"sometimes\":[\"id\"]}", "/identity/fields/sometimes",
     "is not a member that connectd knows"},
    {"/identity/retry_after", "[1,2]", "/identity/fresh_token",
     "is required too: the two say together when to ask again"},
    {"/identity/fresh_token", "[{\"status\":401}]", "/identity/retry_after",
     "is required too: the two say together when to ask again"},
    {"/identity/retry_after", "2", "/identity/retry_after", "must be a list of whole numbers of seconds"},
    {"/identity/may_be_absent", "\"yes\"", "/identity/may_be_absent", "must be true or false"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(descriptor_identity_test)

BOOST_DATA_TEST_CASE(each_mistake_gets_its_own_sentence_and_place, mistakes, m) {
    connectd::tests::check_mistake(m);
}

BOOST_AUTO_TEST_CASE(every_member_of_the_section_arrives) {
    auto const read = connectd::tests::parsed(changed("/identity", R"({
        "comment": "any", "query": {"v": "3"},
        "fields": {"comment": "any", "parameter": "fields", "separator": " ", "always": ["id", "name"],
                   "by_scope": {"comment": "any", "stats": ["likes"], "profile": ["nick", "bio"]}},
        "id": "/id", "retry_after": [1, 2, 0], "fresh_token": [{"status": 401, "code": ["65601"]}],
        "may_be_absent": true})"));
    auto const& fields = read.identity.fields;
    BOOST_TEST(fields.parameter == "fields");
    BOOST_TEST(fields.separator == " ");
    BOOST_TEST(fields.always == (words{"id", "name"}), boost::test_tools::per_element());
    BOOST_TEST_REQUIRE(fields.by_scope.size() == 2u);
    BOOST_TEST(fields.by_scope[0].first == "stats");
    BOOST_TEST(fields.by_scope[1].second == (words{"nick", "bio"}), boost::test_tools::per_element());
    BOOST_TEST((read.identity.retry_after == std::vector{1s, 2s, 0s}));
    BOOST_TEST_REQUIRE(read.identity.fresh_token.size() == 1u);
    BOOST_TEST(read.identity.fresh_token[0].codes == (words{"65601"}), boost::test_tools::per_element());
    BOOST_TEST(read.identity.may_be_absent);
}

BOOST_AUTO_TEST_CASE(each_pause_is_judged_by_itself) {
    auto const read = parse_descriptor(
        changed("/identity", R"({"id":"/id","retry_after":[1,-1,1.5],"fresh_token":[{"status":401}]})"),
        "x.json");
    BOOST_TEST_REQUIRE(read.problems.size() == 2u);
    BOOST_TEST(read.problems[0].pointer == "/identity/retry_after/1");
    BOOST_TEST(read.problems[1].pointer == "/identity/retry_after/2");
    BOOST_TEST(read.problems[1].sentence == seconds_sentence);
}

BOOST_AUTO_TEST_CASE(without_the_members_nothing_is_special) {
    auto const read = connectd::tests::parsed(connectd::tests::made_up_platform);
    BOOST_TEST(read.identity.fields.parameter == "");
    BOOST_TEST(read.identity.retry_after.empty());
    BOOST_TEST(!read.identity.may_be_absent);
}

BOOST_AUTO_TEST_SUITE_END()
