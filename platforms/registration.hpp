// Registering an application at a server that lets anybody do so (Mastodon: POST /api/v1/apps, once per
// instance; facts of July 2026). The coroutine belongs to the thread of its client, which must outlive it, as
// must the descriptor; the rest is handed over by value.
#pragma once

#include "crypto/secret.hpp"
#include "platforms/descriptor.hpp"
#include "platforms/error.hpp"
#include "platforms/http/client.hpp"
#include "platforms/task.hpp"

#include <string>
#include <vector>

namespace connectd::platforms {

struct app_registration {
    std::string name;
    std::string redirect_uri;
    std::vector<std::string> scopes;
    std::string website; // may be empty
};

struct registered_app {
    std::string client_id;
    crypto::secret client_secret;
    std::vector<std::string> scopes; // as registered: an older server may know fewer than asked for
};

// Registers at the server that `platform` was resolved for (instance.hpp). A server that does not know a
// scope (`profile` before Mastodon 4.3) is asked again with the platform's `scopes.fallback`.
// Errors: by the descriptor's error table; errc::invalid_instance, refused, where the server is of another
// kind and has nowhere to register; errc::address_refused, refused; errc::malformed_answer.
// Requires: the descriptor has the endpoint `registration_url`.
task<outcome<registered_app>> register_app(http::client& client, descriptor const& platform,
                                           app_registration wanted, deadline until);

} // namespace connectd::platforms
