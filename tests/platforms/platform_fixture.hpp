// A built-in platform over a scripted client, and the answers that its error table knows.
#pragma once

#include "platforms/connector.hpp"
#include "platforms/error_table.hpp"
#include "platforms/json_answer.hpp"
#include "tests/platforms/scripted_client.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string>
#include <string_view>

namespace connectd::tests {

// An answer of the platform, and what it means.
struct error_case {
    platforms::call_kind call;
    unsigned status;
    char const* body;
    platforms::verdict means;
    platforms::errc code;
};

inline std::ostream& operator<<(std::ostream& out, error_case const& one) {
    return out << one.status << " " << one.body << " at call " << static_cast<int>(one.call);
}

// The words of an error_case, short enough for a table.
namespace error_words {

constexpr auto exchange = platforms::call_kind::exchange;
constexpr auto refreshed = platforms::call_kind::refresh;
constexpr auto identity_call = platforms::call_kind::identity;
constexpr auto api = platforms::call_kind::api;
constexpr auto refused = platforms::verdict::refused;
constexpr auto operator_fault = platforms::verdict::operator_fault;
constexpr auto temporary = platforms::verdict::temporary;

} // namespace error_words

inline void check_error(std::string_view platform, error_case const& one) {
    auto const answer = reply(one.status, one.body);
    platforms::json_answer const body(answer.body);
    auto const found = platforms::classify(built_in(platform), one.call, answer, body.root());
    BOOST_TEST(found.what == one.means);
    BOOST_TEST(found.code == one.code);
}

class platform_fixture {
  public:
    explicit platform_fixture(std::string_view name) : platform(built_in(name)) {}

    platforms::outcome<platforms::connected> connect() {
        return run(context, calls.connect(platform, app, "code-1", "https://app.example/cb",
                                          crypto::secret::copy_of("verifier"), until));
    }
    platforms::outcome<platforms::token_set> refresh(platforms::token_set const& current) {
        return run(context, calls.refresh(platform, app, current, until));
    }
    platforms::outcome<void> revoke(platforms::token_set const& current) {
        return run(context, calls.revoke(platform, app, current, until));
    }
    std::string authorize() const {
        return platforms::authorize_url(platform, app.client_id, "https://app.example/cb", "st", "verifier",
                                        platforms::requested_scopes(platform, {}));
    }
    static platforms::token_set tokens(std::string_view access) {
        platforms::token_set made;
        made.access_token = crypto::secret::copy_of(access);
        return made;
    }

    boost::asio::io_context context{1};
    scripted_client client;
    platforms::connector calls{client};
    crypto::secret key = crypto::secret::copy_of("secret-1");
    platforms::app_credentials app{"client-1", key};
    platforms::deadline until = platforms::deadline(std::chrono::hours(1000));
    platforms::descriptor const& platform;
};

// The value of an extra, or "(none)".
inline std::string extra(platforms::token_set const& tokens, std::string_view name) {
    auto const* found = platforms::find_extra(tokens, name);
    return found == nullptr ? "(none)" : std::string(found->reveal());
}

} // namespace connectd::tests
