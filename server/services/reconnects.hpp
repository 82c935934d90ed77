// Where the link of an event that asks for a person leads: who is to connect what again, and the connect
// session that does it.
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "platforms/catalog.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/sessions.hpp"
#include "storage/kv.hpp"
#include "storage/tables/accounts.hpp"

#include <string>

namespace connectd::server::services {

class reconnects {
  public:
    reconnects(storage::kv& store, platforms::catalog const& catalog, settings const& chosen,
               sessions& attempts) noexcept
        : store_{store}, catalog_{catalog}, settings_{chosen}, sessions_{attempts} {}

    // What to show before anything is begun. Errors: account_not_found, also for a link that is none.
    struct offer {
        std::string platform_title;
        std::string username;
        page_brand brand;
    };
    runtime::task<outcome<offer>> show(std::string link);

    // Begins a session for the account with its own app and the scopes it has. Errors: as `show`, and those
    // of sessions::create.
    runtime::task<outcome<session_view>> begin(std::string link);

  private:
    runtime::task<outcome<storage::account>> find(std::string link);

    storage::kv& store_;
    platforms::catalog const& catalog_;
    settings const& settings_;
    sessions& sessions_;
};

} // namespace connectd::server::services
