// One platform of the catalog against the sandbox that pretends it: the real connector over the real client,
// the steps from consent to revocation, and what differs from platform to platform as one row of a table.
#pragma once

#include "platforms/catalog.hpp"
#include "platforms/connector.hpp"
#include "platforms/http/pool.hpp"
#include "tools/sandbox/sandbox.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox {

// As a name of the cases that a table makes.
inline std::ostream& operator<<(std::ostream& out, fault const& how) {
    return out << to_string(how.kind) << " " << how.status;
}

} // namespace connectd::sandbox

namespace connectd::tests {

// The sandbox's names of the endpoints that are called; empty where the platform has none.
struct called_endpoints {
    std::string_view exchange;
    std::string_view refresh;
    std::string_view identity;
    std::string_view revoke;
};

struct publish_step {
    std::string_view path; // behind the API base
    std::string_view body;
};

// A small write that the platform answers, as a customer sends it with a living token. In paths and bodies
// "{id}" stands for the account's id at the platform, and "{n}" for a number that is another one each time.
struct publish_call {
    std::string_view path;
    std::string_view body;
    std::string_view content_type = "application/json";
    unsigned status = 200;
    // A second call where it takes two, with "{made}" for the id in the answer to the first.
    publish_step then = {};
};

struct platform_row {
    std::string_view name;   // in the catalog
    std::string_view played; // the personality that pretends it
    std::string_view id;     // of the person's account, digit by digit; some are beyond 2^53
    called_endpoints calls;
    publish_call publish;
    // How long after the connect the token is refreshed: after its end, or when it is old enough.
    std::chrono::seconds refreshed_after{0};
    std::string_view person = "ada";
    // Ending the grant leaves access tokens alive until their own end (Bluesky's JWTs are checked by
    // signature).
    bool access_outlives_grant = false;
};

inline std::ostream& operator<<(std::ostream& out, platform_row const& row) {
    return out << row.name;
}

// Every platform of the catalog.
std::vector<platform_row> const& every_platform();

class platform_walk {
  public:
    explicit platform_walk(platform_row const& row);

    // Consent, callback and everything the connector does with it.
    platforms::outcome<platforms::connected>
    connect(std::chrono::milliseconds patience = std::chrono::minutes{1});

    // What is stored for the account: the first candidate's where there is a choice. Requires: a good
    // connect.
    struct account {
        platforms::identity who;
        platforms::token_set tokens;
    };
    account connected();

    platforms::outcome<platforms::token_set>
    refresh(platforms::token_set const& current,
            std::chrono::milliseconds patience = std::chrono::minutes{1});
    platforms::outcome<void> revoke(platforms::token_set const& tokens);
    platforms::outcome<platforms::identity> identify(platforms::token_set const& tokens);
    // The last answer to the row's publish_call.
    platforms::http::response publish(account const& as);

    void ahead(std::chrono::seconds span) { pretend.clock().advance(span); }
    // Every answer of one endpoint, or of all ("*"), until the fault is cleared.
    void break_down(std::string_view endpoint, sandbox::fault how);

    platform_row const& row;
    sandbox::sandbox pretend;
    platforms::descriptor platform;

  private:
    static sandbox::sandbox_options options(platform_row const& row);
    platforms::descriptor describe() const;
    platforms::app_credentials app() const { return {client_id_, client_secret_}; }
    void enrol();

    boost::asio::io_context context_{1};
    platforms::http::resolver names_;
    platforms::http::pool client_;
    platforms::connector connector_{client_};
    int published_ = 0;
    std::string client_id_{sandbox::sandbox::default_client_id};
    crypto::secret client_secret_ = crypto::secret::copy_of(sandbox::sandbox::default_client_secret);
};

} // namespace connectd::tests
