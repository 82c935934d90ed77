#include "crypto/encoding.hpp"
#include "server/services/webhooks/signature.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

namespace connectd::server::services::webhooks {

BOOST_AUTO_TEST_SUITE(signature_test)

// The example that the libraries of standardwebhooks.com are tested with.
BOOST_AUTO_TEST_CASE(the_published_example_is_signed_as_published) {
    std::vector<crypto::secret> secrets;
    secrets.push_back(crypto::secret::copy_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    BOOST_TEST(sign(secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", R"({"test": 2432232314})") ==
               "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

BOOST_AUTO_TEST_CASE(each_secret_signs_and_every_part_counts) {
    std::vector<crypto::secret> both;
    both.push_back(make_secret());
    both.push_back(make_secret());
    auto const signatures = sign(both, "evt_1", "1", "body");
    auto const first = sign(std::span{both}.first(1), "evt_1", "1", "body");
    auto const second = sign(std::span{both}.last(1), "evt_1", "1", "body");
    BOOST_TEST(signatures == first + " " + second);
    BOOST_TEST(first != second);
    BOOST_TEST(sign(both, "evt_2", "1", "body") != signatures);
    BOOST_TEST(sign(both, "evt_1", "2", "body") != signatures);
    BOOST_TEST(sign(both, "evt_1", "1", "body.") != signatures);
}

BOOST_AUTO_TEST_CASE(a_secret_is_32_random_bytes_in_the_form_that_receivers_expect) {
    auto const secret = make_secret();
    BOOST_TEST(secret.reveal().starts_with("whsec_"));
    BOOST_TEST(crypto::decode_base64(secret.reveal().substr(6)).value().size() == 32U);
    BOOST_TEST(make_secret().reveal() != secret.reveal());
}

BOOST_AUTO_TEST_CASE(timestamps_are_whole_seconds) {
    BOOST_TEST(timestamp_text(runtime::sys_ms{std::chrono::milliseconds{1'614'265'330'999}}) == "1614265330");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::webhooks
