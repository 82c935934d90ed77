#include "tools/sandbox/people.hpp"

#include "tools/sandbox/bluesky/identifiers.hpp"

#include <algorithm>
#include <array>

namespace connectd::sandbox {
namespace {

// References from here on are people who are computed, not stored.
constexpr person_ref first_fresh = person_ref{1} << 40;
constexpr std::uint64_t first_x_id = 1'450'000'000'000'000'001;
constexpr std::uint64_t first_fresh_x_id = 1'900'000'000'000'000'001;
constexpr std::size_t most_people = 100'000;

constexpr std::array<std::pair<account_state, std::string_view>, 5> states{{
    {account_state::active, "active"},
    {account_state::takendown, "takendown"},
    {account_state::suspended, "suspended"},
    {account_state::deactivated, "deactivated"},
    {account_state::deleted, "deleted"},
}};

// X allows letters, digits and the underscore; the names of people here may have hyphens.
std::string username_of(std::string_view name) {
    std::string username{name};
    std::ranges::replace(username, '-', '_');
    return username;
}

bool valid_name(std::string_view name) {
    return !name.empty() && name.size() <= 40 && name != "fresh" && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

void complete(person& candidate, std::uint64_t x_id) {
    if (candidate.display_name.empty())
        candidate.display_name = candidate.name;
    if (candidate.email.empty())
        candidate.email = candidate.name + "@sandbox.test";
    if (candidate.x_id.empty())
        candidate.x_id = std::to_string(x_id);
    if (candidate.x_username.empty())
        candidate.x_username = username_of(candidate.name);
    if (candidate.handle.empty())
        candidate.handle = candidate.name + ".sandbox.test";
    if (candidate.did.empty())
        candidate.did = bluesky::did_from(candidate.name);
}

person make_fresh(std::uint64_t number) {
    person made;
    made.name = "person-" + std::to_string(number);
    made.number = first_fresh + number;
    made.display_name = "Person " + std::to_string(number);
    complete(made, first_fresh_x_id + number);
    return made;
}

person make_ada() {
    person ada;
    ada.name = "ada";
    ada.display_name = "Ada Marlow";
    ada.x_username = "ada_marlow";
    ada.x_verified = true;
    ada.app_passwords.push_back({"default", "ada2-demo-pass-word", false, {}});
    ada.traits = {"facebook_role", "instagram_tester", "threads_tester"};
    ada.meta.pages = {{.name = "Harbour Bakery", .username = "harbourbakery", .category = "Bakery"}};
    ada.meta.pages.front().instagram = graph::instagram_account{"17841400112233445", "harbour.bakery"};
    ada.meta.instagram = {"17841400112233445", "harbour.bakery", "Harbour Bakery"};
    return ada;
}

// Three pages: one as it should be, one on which he may not post, and one without a user name whose
// Instagram account is not his own.
person make_ben() {
    person ben;
    ben.name = "ben";
    ben.display_name = "Ben Okafor";
    ben.bare_profile = true;
    ben.app_passwords.push_back({"default", "ben2-demo-pass-word", false, {}});
    ben.traits = {"instagram_creator"};
    ben.meta.pages = {{.name = "Ben's Bikes", .username = "bensbikes"},
                      {.name = "Riverside Allotments", .tasks = {"ANALYZE", "MODERATE"}},
                      {.name = "Okafor & Daughters"}};
    ben.meta.pages.back().instagram.emplace();
    return ben;
}

person make_cleo() {
    person cleo;
    cleo.name = "cleo";
    cleo.display_name = "B\xc3\xa4"
                        "ckerei Cl\xc3\xa9o & S\xc3\xb6hne";
    cleo.app_passwords.push_back({"default", "cle2-demo-pass-word", false, {}});
    cleo.full_service_id = true;
    cleo.traits = {"instagram_personal"};
    return cleo;
}

// All pages are in the hands of a business: one is its own, one it looks after for somebody else.
person make_finn() {
    person finn;
    finn.name = "finn";
    finn.display_name = "Finn Aalto";
    finn.app_passwords.push_back({"default", "fin2-demo-pass-word", false, {}});
    std::string const business = "30507090000000001";
    finn.meta.businesses = {{business, "Aalto Holding"}};
    finn.meta.pages = {{.name = "Aalto Saunas", .username = "aaltosaunas", .owner = business},
                       {.name = "Lakeside Cabins", .client_of = business}};
    finn.meta.pages.front().instagram.emplace();
    return finn;
}

} // namespace

bool is_fresh(person const& who) noexcept {
    return who.number >= first_fresh;
}

graph::asset_owner owner_of_assets(person const& who) {
    return {who.number, who.x_username, who.bare_profile ? std::string{} : who.display_name};
}

std::string_view to_string(account_state state) {
    return std::ranges::find(states, state, [](auto const& entry) { return entry.first; })->second;
}

std::optional<account_state> parse_account_state(std::string_view text) {
    auto const found = std::ranges::find(states, text, [](auto const& entry) { return entry.second; });
    return found == states.end() ? std::nullopt : std::optional{found->first};
}

bool person::has_trait(std::string_view trait) const {
    return std::ranges::find(traits, trait) != traits.end();
}

people::people() {
    for (auto* const make : {make_ada, make_ben, make_cleo, make_finn})
        add(make());
}

people::added people::add(person candidate) {
    std::lock_guard const lock{mutex_};
    if (!valid_name(candidate.name))
        return {{}, "name must be 1 to 40 lower-case letters, digits or hyphens, and not \"fresh\""};
    if (added_.size() >= most_people)
        return {{}, "there are too many people already"};
    candidate.number = added_.size() + 1;
    complete(candidate, first_x_id + added_.size());
    graph::complete_assets(candidate.meta, owner_of_assets(candidate));
    if (auto problem = collision(candidate, {}); !problem.empty())
        return {{}, std::move(problem)};
    added_.push_back(std::make_shared<person const>(std::move(candidate)));
    return {added_.size() - 1, {}};
}

std::string people::collision(person const& candidate, std::optional<person_ref> self) const {
    if (candidate.x_id.find_first_not_of("0123456789") != std::string::npos)
        return "x_id must be decimal";
    if (!bluesky::valid_handle(candidate.handle))
        return "handle is not a valid atproto handle";
    if (!bluesky::valid_did(candidate.did))
        return "did is not a valid did:plc or did:web";
    if (auto problem = graph::problem_of(candidate.meta); !problem.empty())
        return problem;
    for (person_ref ref = 0; ref < added_.size(); ++ref) {
        auto const& other = *added_[ref];
        if (ref == self)
            continue;
        if (other.name == candidate.name || other.x_id == candidate.x_id ||
            equal_ignoring_case(other.x_username, candidate.x_username) || other.handle == candidate.handle ||
            other.did == candidate.did)
            return "name, x_id, x_username, handle or did belongs to " + other.name;
    }
    return {};
}

std::shared_ptr<person const> people::at(person_ref ref) const {
    if (ref >= first_fresh)
        return std::make_shared<person const>(make_fresh(ref - first_fresh));
    std::lock_guard const lock{mutex_};
    return added_.at(ref);
}

std::shared_ptr<person const> people::numbered(std::uint64_t number) const {
    if (number >= first_fresh)
        return std::make_shared<person const>(make_fresh(number - first_fresh));
    std::lock_guard const lock{mutex_};
    return number == 0 || number > added_.size() ? nullptr : added_[number - 1];
}

template <class Match>
std::optional<person_ref> people::find_if(Match match) const {
    std::lock_guard const lock{mutex_};
    auto const found = std::ranges::find_if(added_, [&](auto const& entry) { return match(*entry); });
    if (found == added_.end())
        return std::nullopt;
    return static_cast<person_ref>(found - added_.begin());
}

std::optional<person_ref> people::find(std::string_view name) {
    if (name == "fresh")
        return fresh();
    return find_if([&](person const& entry) { return entry.name == name; });
}

std::optional<person_ref> people::find_handle(std::string_view handle) const {
    return find_if([&](person const& entry) { return equal_ignoring_case(entry.handle, handle); });
}

std::optional<person_ref> people::find_did(std::string_view did) const {
    return find_if([&](person const& entry) { return entry.did == did; });
}

std::optional<person_ref> people::find_identifier(std::string_view identifier) const {
    if (identifier.starts_with("did:"))
        return find_did(identifier);
    if (identifier.find('@') != std::string_view::npos)
        return find_if([&](person const& entry) { return equal_ignoring_case(entry.email, identifier); });
    return find_handle(identifier);
}

bool people::change(person_ref ref, std::function<void(person&)> const& edit) {
    std::lock_guard const lock{mutex_};
    if (ref >= added_.size())
        return false;
    person changed = *added_[ref];
    edit(changed);
    graph::complete_assets(changed.meta, owner_of_assets(changed));
    if (!collision(changed, ref).empty())
        return false;
    added_[ref] = std::make_shared<person const>(std::move(changed));
    return true;
}

person_ref people::fresh() {
    std::lock_guard const lock{mutex_};
    return first_fresh + fresh_made_++;
}

std::vector<std::shared_ptr<person const>> people::list() const {
    std::lock_guard const lock{mutex_};
    return added_;
}

} // namespace connectd::sandbox
