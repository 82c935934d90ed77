// What the control API has for the pretend Facebook: the pages and businesses of people, and the troubles of
// all Graph platforms.
#include "tools/sandbox/graph/control_routes.hpp"

#include "tools/sandbox/control/exchange.hpp"
#include "tools/sandbox/facebook/facebook_platform.hpp"

#include <boost/describe/class.hpp>

#include <array>

namespace connectd::sandbox::facebook {
namespace {

using control::exchange;
using control::read_body;
using control::refused;

struct instagram_body {
    std::optional<std::string> id, username, name;
};
BOOST_DESCRIBE_STRUCT(instagram_body, (), (id, username, name))

struct page_body {
    std::string name;
    std::optional<std::string> id, username, category, owner, client_of;
    std::optional<std::vector<std::string>> tasks;
    std::optional<bool> token_withheld;
    std::optional<instagram_body> instagram;
};
BOOST_DESCRIBE_STRUCT(page_body, (),
                      (name, id, username, category, owner, client_of, tasks, token_withheld, instagram))

struct business_body {
    std::string id, name;
};
BOOST_DESCRIBE_STRUCT(business_body, (), (id, name))

struct assets_body {
    std::optional<std::vector<page_body>> pages;
    std::optional<std::vector<business_body>> businesses;
};
BOOST_DESCRIBE_STRUCT(assets_body, (), (pages, businesses))

graph::page page_of(page_body const& wanted) {
    graph::page made;
    made.id = wanted.id.value_or("");
    made.name = wanted.name;
    made.username = wanted.username.value_or("");
    made.category = wanted.category.value_or(made.category);
    made.tasks = wanted.tasks.value_or(made.tasks);
    made.owner = wanted.owner.value_or("");
    made.client_of = wanted.client_of.value_or("");
    made.token_withheld = wanted.token_withheld.value_or(false);
    if (auto const& account = wanted.instagram)
        made.instagram = graph::instagram_account{account->id.value_or(""), account->username.value_or(""),
                                                  account->name.value_or("")};
    return made;
}

boost::json::object show(graph::page const& each) {
    boost::json::object item{{"id", each.id},
                             {"name", each.name},
                             {"username", each.username},
                             {"category", each.category},
                             {"tasks", boost::json::array(each.tasks.begin(), each.tasks.end())},
                             {"owner", each.owner},
                             {"client_of", each.client_of},
                             {"token_withheld", each.token_withheld}};
    if (each.instagram)
        item["instagram"] = boost::json::object{{"id", each.instagram->id},
                                                {"username", each.instagram->username},
                                                {"name", each.instagram->name}};
    return item;
}

reply show_assets(exchange const& with, person_ref ref) {
    auto const who = with.controlled.persons.at(ref);
    boost::json::array pages;
    for (auto const& each : who->meta.pages)
        pages.push_back(show(each));
    boost::json::array businesses;
    for (auto const& each : who->meta.businesses)
        businesses.push_back(boost::json::object{{"id", each.id}, {"name", each.name}});
    return control::done({{"pages", std::move(pages)}, {"businesses", std::move(businesses)}});
}

std::optional<person_ref> find(exchange const& with) {
    auto const& name = with.arguments.front();
    return name == "fresh" ? std::nullopt : with.controlled.persons.find(name);
}

reply get_assets(exchange const& with) {
    auto const ref = find(with);
    return ref ? show_assets(with, *ref) : refused(404, "there is nobody of that name");
}

// Each list that is given replaces the one there was.
reply put_assets(exchange const& with) {
    auto const ref = find(with);
    if (!ref)
        return refused(404, "there is nobody of that name");
    auto const body = read_body<assets_body>(with);
    if (auto const* const refusal = std::get_if<reply>(&body))
        return *refusal;
    auto const& wanted = std::get<assets_body>(body);
    auto const edit = [&](person& who) {
        if (wanted.businesses) {
            who.meta.businesses.clear();
            for (auto const& each : *wanted.businesses)
                who.meta.businesses.push_back({each.id, each.name});
        }
        if (wanted.pages) {
            who.meta.pages.clear();
            for (auto const& each : *wanted.pages)
                who.meta.pages.push_back(page_of(each));
        }
    };
    auto changed = *with.controlled.persons.at(*ref);
    edit(changed);
    graph::complete_assets(changed.meta, owner_of_assets(changed));
    if (auto const problem = graph::problem_of(changed.meta); !problem.empty())
        return refused(400, problem);
    with.controlled.persons.change(*ref, edit);
    return show_assets(with, *ref);
}

} // namespace

std::span<control::route const> facebook_platform::control_routes() const {
    static constexpr std::array<control::route, 6> table{{
        {"GET", "/facebook/people/{name}", get_assets},
        {"PUT", "/facebook/people/{name}", put_assets},
        {"GET", "/facebook/troubles", graph::list_troubles},
        {"POST", "/facebook/troubles", graph::add_trouble},
        {"DELETE", "/facebook/troubles", graph::clear_troubles},
        {"DELETE", "/facebook/troubles/{id}", graph::clear_trouble},
    }};
    return table;
}

} // namespace connectd::sandbox::facebook
