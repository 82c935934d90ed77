#include "tools/sandbox/x/pages.hpp"

#include "tools/sandbox/html.hpp"

namespace connectd::sandbox::x {
namespace {

std::string hidden_fields(form const& parameters) {
    std::string fields;
    for (auto const& [name, value] : parameters.fields()) {
        if (name == "person" || name == "decision")
            continue;
        fields += "<input type=\"hidden\" name=\"" + escape_html(name) + "\" value=\"" + escape_html(value) +
                  "\">\n";
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

} // namespace

std::string consent_page(authorize_request const& request, form const& parameters,
                         std::vector<std::shared_ptr<person const>> const& persons) {
    constexpr std::size_t most_choices = 20;
    auto const name = escape_html(request.client->name);
    std::string content = "<h1>" + name +
                          " wants to access your X account</h1>\n"
                          "<p>Choose who you are and decide.</p>\n"
                          "<form method=\"post\" action=\"/i/oauth2/authorize\">\n";
    content += hidden_fields(parameters);
    content += "<h2>You are</h2>\n";
    for (std::size_t i = 0; i < persons.size() && i < most_choices; ++i) {
        auto const& who = *persons[i];
        content += person_choice(who.name, who.display_name, "@" + who.x_username,
                                 avatar_svg(who.display_name, who.x_id), i == 0);
    }
    content += person_choice("fresh", "Somebody new", "an account nobody has seen before",
                             avatar_svg("+", "new"), persons.empty());
    content += "<h2>" + name + " will be able to</h2>\n<ul class=\"asks\">\n";
    for (auto const sentence : request.scopes.sentences())
        content += "<li>" + std::string{sentence} + "</li>\n";
    content += "</ul>\n<div class=\"buttons\">\n"
               "<button name=\"decision\" value=\"deny\">Cancel</button>\n"
               "<button class=\"yes\" name=\"decision\" value=\"approve\">Authorize app</button>\n"
               "</div>\n</form>\n<p class=\"target\">You will be sent back to ";
    content += escape_html(request.redirect_uri) + "</p>\n";
    return html_page("Authorize " + request.client->name, "X", content);
}

std::string error_page(std::string_view problem) {
    std::string content = "<h1>Something went wrong</h1>\n"
                          "<p>You cannot give access to this app. Go back and try again.</p>\n"
                          "<h2>What X would not tell you, but the sandbox does</h2>\n<p class=\"bad\">";
    content += escape_html(problem) + "</p>\n";
    return html_page("Something went wrong", "X", content);
}

} // namespace connectd::sandbox::x
