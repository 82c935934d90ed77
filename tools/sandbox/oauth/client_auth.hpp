// Who asks at a token endpoint: reading forms and client credentials, and checking them against the
// registered apps by the rules of a platform. What a no looks like on the wire is the platform's.
//
// Pure functions, any thread.
#pragma once

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/message.hpp"
#include "tools/sandbox/oauth/apps.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace connectd::sandbox::oauth {

// The parameters of a form body. A body that is no form has none; nothing when it is malformed or names one
// twice.
std::optional<form> read_form_body(call const& request);

struct basic_credentials {
    std::string id;
    std::string secret;
};
// RFC 7617, as sent: nothing is percent-decoded.
std::optional<basic_credentials> read_basic(std::string_view header);

enum class basic_form { refused, raw, form_encoded, either }; // RFC 6749 section 2.3.1 wants form_encoded

struct client_rules {
    basic_form basic = basic_form::refused;
    bool body = true;           // id and secret of confidential clients in the body
    bool public_clients = true; // the id alone
    std::string_view id_name = "client_id";
    std::string_view secret_name = "client_secret";
};

enum class client_problem {
    none,
    missing,      // no credentials at all, or no secret
    wrong_kind,   // Basic where the body is wanted, or the other way round
    malformed,    // an Authorization header that cannot be read
    unknown,      // no such app
    wrong_secret, // or a public client with one in a header
    two_clients,  // the header names one and the body another
};

struct admitted {
    std::shared_ptr<app const> client; // null when there is a problem
    client_problem problem = client_problem::none;
};

admitted admit(call const& request, form const& body, apps const& registered, client_rules const& rules);

} // namespace connectd::sandbox::oauth
