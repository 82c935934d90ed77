#include "tools/sandbox/oauth/pages.hpp"

#include "tools/sandbox/html.hpp"

namespace connectd::sandbox::oauth {
namespace {

std::string hidden_field(std::string_view name, std::string_view value) {
    return "<input type=\"hidden\" name=\"" + escape_html(name) + "\" value=\"" + escape_html(value) +
           "\">\n";
}

std::string hidden_fields(form const& parameters) {
    std::string fields;
    for (auto const& [name, value] : parameters.fields()) {
        if (name != "person" && name != "decision" && name != unticking_field &&
            !name.starts_with(tick_prefix))
            fields += hidden_field(name, value);
    }
    return fields;
}

std::string person_choice(std::string_view value, std::string_view title, std::string_view line,
                          std::string_view picture, bool chosen) {
    std::string choice = "<label class=\"person\"><input type=\"radio\" name=\"person\" value=\"";
    choice += escape_html(value);
    choice += chosen ? "\" checked>" : "\">";
    choice += picture;
    choice += "<div><b>" + escape_html(title) + "</b><span>" + escape_html(line) + "</span></div></label>\n";
    return choice;
}

std::string wishes(authorize_rules const& rules, std::vector<scope_text> const& rows) {
    std::string list = "<ul class=\"asks\">\n";
    for (auto const& row : rows) {
        list += "<li>";
        if (rules.scopes_can_be_unticked)
            list += "<label><input type=\"checkbox\" name=\"" + std::string{tick_prefix} +
                    escape_html(row.name) + "\" checked> " + std::string{row.sentence} + "</label>";
        else
            list += row.sentence;
        list += "</li>\n";
    }
    return list + "</ul>\n";
}

std::string buttons(authorize_rules const& rules) {
    std::string row = "<div class=\"buttons\">\n";
    for (auto const& no : rules.declines) {
        auto const words = no.decision == "deny" ? std::string{"Cancel"} : std::string{no.decision};
        row +=
            "<button name=\"decision\" value=\"" + std::string{no.decision} + "\">" + words + "</button>\n";
    }
    return row + "<button class=\"yes\" name=\"decision\" value=\"approve\">Authorize app</button>\n</div>\n";
}

} // namespace

std::string consent_page(authorize_rules const& rules, scope_catalog const& catalog,
                         authorize_request const& request, form const& parameters,
                         std::vector<std::shared_ptr<person const>> const& persons) {
    constexpr std::size_t most_choices = 20;
    auto const name = escape_html(request.client->name);
    std::string content = "<h1>" + name + " wants to access your " + escape_html(rules.title) +
                          " account</h1>\n<p>Choose who you are and decide.</p>\n"
                          "<form method=\"post\" action=\"" +
                          escape_html(rules.path) + "\">\n";
    content += hidden_fields(parameters);
    if (rules.scopes_can_be_unticked)
        content += hidden_field(unticking_field, "1");
    content += "<h2>You are</h2>\n";
    for (std::size_t i = 0; i < persons.size() && i < most_choices; ++i) {
        auto const& who = *persons[i];
        content += person_choice(who.name, who.display_name, "@" + who.x_username,
                                 avatar_svg(who.display_name, who.x_id), i == 0);
    }
    content += person_choice("fresh", "Somebody new", "an account nobody has seen before",
                             avatar_svg("+", "new"), persons.empty());
    content += "<h2>" + name + " will be able to</h2>\n" + wishes(rules, catalog.rows_of(request.scopes));
    content += buttons(rules) + "</form>\n<p class=\"target\">You will be sent back to ";
    content += escape_html(request.redirect_uri) + "</p>\n";
    return html_page("Authorize " + request.client->name, rules.title, content);
}

std::string error_page(std::string_view platform_title, std::string_view problem) {
    auto const title = escape_html(platform_title);
    std::string content = "<h1>Something went wrong</h1>\n"
                          "<p>You cannot give access to this app. Go back and try again.</p>\n"
                          "<h2>What " +
                          title + " would not tell you, but the sandbox does</h2>\n<p class=\"bad\">";
    content += escape_html(problem) + "</p>\n";
    return html_page("Something went wrong", platform_title, content);
}

} // namespace connectd::sandbox::oauth
