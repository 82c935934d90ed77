// The pretend people who own accounts on the pretend platforms. Each has an identity on X and one on Bluesky,
// and some have pages at Facebook.
// A person once added keeps their reference; what changes is replaced as a whole, so readers hold an
// unchanging picture.
//
// Besides the people that were added there is an endless supply of fresh ones, computed from their number and
// never stored: load generators need a new identity for every connection without the sandbox growing.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/graph/assets.hpp"
#include "tools/sandbox/message.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox {

// What became of somebody's Bluesky account. `deleted` also leaves a tombstone in the PLC directory.
enum class account_state { active, takendown, suspended, deactivated, deleted };

std::string_view to_string(account_state state);
std::optional<account_state> parse_account_state(std::string_view text);

struct app_password {
    std::string name;
    std::string password; // xxxx-xxxx-xxxx-xxxx
    bool privileged = false;
    sys_ms created_at{};
};

struct person {
    std::string name;         // what the control API calls them
    std::uint64_t number = 0; // nobody else's; platforms make up their ids from it
    std::string display_name;
    std::string email;

    std::string x_id; // decimal, beyond 2^53
    std::string x_username;
    bool x_verified = false;

    std::string did;
    std::string handle;
    account_state state = account_state::active;
    std::string main_password; // empty: nobody can sign in with it
    bool email_auth_factor = false;
    std::vector<app_password> app_passwords;
    // DID documents name the PDS by a fragment or by a full id; both occur, and a client has to know both.
    bool full_service_id = false;
    // Only DID and handle of a profile are guaranteed; a bare one has neither display name nor picture.
    bool bare_profile = false;
    // What else is special about them at single platforms, which say what they know (platform::traits).
    std::vector<std::string> traits{};

    bool has_trait(std::string_view trait) const;

    graph::assets meta{}; // of those who were added; read it through graph::assets_of
};

using person_ref = std::uint64_t;

// Whether somebody is one of the endless supply and was never added.
bool is_fresh(person const& who) noexcept;

graph::asset_owner owner_of_assets(person const& who);

class people {
  public:
    // Starts with four people: ada, ben, cleo and finn.
    people();

    // Fills in what is empty (ids, handle, DID, e-mail) from the name. Nothing is added, and the reason
    // returned as text, when a name, id, user name, handle or DID is taken or badly formed.
    struct added {
        std::optional<person_ref> ref;
        std::string problem;
    };
    added add(person candidate);

    // Requires: a reference that this object gave out.
    std::shared_ptr<person const> at(person_ref ref) const;

    // The person of that number, null when there is none.
    std::shared_ptr<person const> numbered(std::uint64_t number) const;

    // By the control API's name; "fresh" is a person nobody has seen before.
    std::optional<person_ref> find(std::string_view name);
    std::optional<person_ref> find_handle(std::string_view handle) const;
    std::optional<person_ref> find_did(std::string_view did) const;
    // What a sign-in form takes: handle, DID or e-mail address.
    std::optional<person_ref> find_identifier(std::string_view identifier) const;

    // Replaces the person by a changed copy. False, and nothing changed, when the copy would collide with
    // somebody else.
    bool change(person_ref ref, std::function<void(person&)> const& edit);

    person_ref fresh();
    std::vector<std::shared_ptr<person const>> list() const;

  private:
    template <class Match>
    std::optional<person_ref> find_if(Match match) const;
    std::string collision(person const& candidate, std::optional<person_ref> self) const;

    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<person const>> added_;
    std::uint64_t fresh_made_ = 0;
};

} // namespace connectd::sandbox
