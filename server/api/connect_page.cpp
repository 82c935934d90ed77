#include "server/api/connect_page.hpp"

#include "server/api/render.hpp"

#include <algorithm>

namespace connectd::server::api {
namespace {

constexpr std::string_view style =
    ":root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center;background:Canvas;color:CanvasText}"
    "main{box-sizing:border-box;width:min(28rem,100vw);padding:2rem}"
    ".logo{display:block;max-width:100%;max-height:4rem;margin:0 0 1.5rem}"
    "h1{font-size:1.4rem;line-height:1.25;margin:0 0 1rem}p{margin:0 0 1rem}"
    "label{display:block;margin:0 0 "
    "1rem}input{box-sizing:border-box;width:100%;padding:.6rem;font:inherit;margin-top:.25rem;"
    "border:1px solid GrayText;border-radius:.4rem}"
    ".go{display:block;box-sizing:border-box;width:100%;padding:.75rem "
    "1rem;border:0;border-radius:.5rem;font:inherit;"
    "font-weight:600;text-align:center;text-decoration:none;background:#1d4ed8;color:#fff;cursor:pointer}"
    ".go:focus-visible{outline:3px solid #93c5fd}.note{color:GrayText;font-size:.875rem}"
    ".wrong{border-left:4px solid #b91c1c;padding:.25rem 0 .25rem .75rem}"
    "fieldset{border:0;margin:0 0 1rem;padding:0}legend{padding:0;margin:0 0 .5rem}"
    ".pick{display:flex;gap:.75rem;align-items:center;margin:0;padding:.6rem .5rem;border-radius:.5rem;"
    "cursor:pointer;overflow-wrap:anywhere}"
    ".pick:hover,.pick:focus-within{background:color-mix(in srgb,CanvasText 8%,Canvas)}"
    ".pick input{width:1.2rem;height:1.2rem;flex:none;margin:0}.pick small{display:block;color:GrayText}"
    ".face{position:relative;flex:none;width:2.5rem;height:2.5rem;border-radius:50%;overflow:hidden;display:"
    "grid;"
    "place-items:center;background:#1d4ed8;color:#fff;font-weight:600}"
    ".face img{position:absolute;inset:0;min-width:100%;max-width:100%;min-height:100%;max-height:100%;"
    "object-fit:cover}"
    ".back{display:block;width:100%;padding:.75rem "
    "1rem;margin-top:.5rem;border:0;background:none;color:inherit;"
    "font:inherit;text-decoration:underline;cursor:pointer}";

// Of a URL that was checked when it was stored: a policy names sources, not pictures.
std::string origin_of(std::string_view url) {
    auto const host = url.find("://");
    return std::string{
        url.substr(0, url.find_first_of("/?#", host == std::string_view::npos ? 0 : host + 3))};
}

std::string own_style(services::page_brand const& brand) {
    if (brand.color.empty()) {
        return {};
    }
    return ".go,.face{background:" + escape_html(brand.color) + "}";
}

std::string logo(services::page_brand const& brand) {
    if (brand.logo_url.empty()) {
        return {};
    }
    return "<img class=\"logo\" src=\"" + escape_html(brand.logo_url) + "\" alt=\"" +
           escape_html(brand.name) + "\" referrerpolicy=\"no-referrer\">";
}

// Nothing is loaded, whatever a page says, but the logo. `images` is where more pictures may come from.
http::response page(unsigned status, std::string_view title, std::string_view content,
                    services::page_brand const& brand = {}, std::string images = {}) {
    std::string html =
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><title>";
    html += escape_html(title);
    html += "</title><style>";
    html += style;
    html += own_style(brand);
    html += "</style></head><body><main>";
    html += logo(brand);
    html += content;
    html += "</main></body></html>\n";
    auto answer = http::response::html(status, std::move(html));
    // form-action is left open: a browser checks it against the redirect that follows a form, and that goes
    // to the customer's own site.
    std::string policy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
    if (images.empty()) {
        images = origin_of(brand.logo_url);
    }
    if (!images.empty()) {
        policy.append("; img-src ").append(images);
    }
    answer.set("Content-Security-Policy", policy);
    answer.set("Referrer-Policy", "no-referrer"); // the callback's query holds a code
    answer.set("Cache-Control", "no-store");
    return answer;
}

std::string on_behalf(std::string_view workspace) {
    return workspace.empty() ? std::string{} : " to " + escape_html(workspace);
}

std::string alert(std::string_view problem) {
    return problem.empty() ? std::string{}
                           : "<p class=\"wrong\" role=\"alert\">" + escape_html(problem) + "</p>";
}

std::string const& shown_name(services::candidate_view const& of) {
    auto const& name = of.display_name.empty() ? of.username : of.display_name;
    return name.empty() ? of.id : name;
}

// The first character of a name, which is whole UTF-8: it stands where there is no picture.
std::string_view initial(std::string_view name) {
    std::size_t size = 1;
    while (size < name.size() && (static_cast<unsigned char>(name[size]) & 0xC0U) == 0x80U) {
        ++size;
    }
    return name.substr(0, size);
}

std::string face(services::candidate_view const& of) {
    auto html = "<span class=\"face\" aria-hidden=\"true\">" + escape_html(initial(shown_name(of)));
    if (of.avatar_url.starts_with("https://")) {
        html += "<img src=\"" + escape_html(of.avatar_url) +
                "\" alt=\"\" loading=\"lazy\" referrerpolicy=\"no-referrer\">";
    }
    return html + "</span>";
}

std::string box(services::candidate_view const& of, bool picked) {
    auto const& name = shown_name(of);
    auto more = of.username == name ? std::string{} : escape_html(of.username);
    more += (more.empty() || of.kind.empty() ? "" : " &middot; ") + escape_html(of.kind);
    return "<label class=\"pick\"><input type=\"checkbox\" name=\"candidate\" value=\"" + escape_html(of.id) +
           (picked ? "\" checked>" : "\">") + face(of) + "<span>" + escape_html(name) + "<small>" + more +
           "</small></span></label>";
}

} // namespace

http::response render_consent_page(consent_page const& shown) {
    auto const title = escape_html(shown.platform_title);
    return page(200, "Connect " + shown.platform_title,
                "<h1>Connect your " + title + " account" + on_behalf(shown.brand.name) +
                    "</h1><p>You will be sent to " + title +
                    " to sign in and agree. Your password stays there.</p><a class=\"go\" href=\"" +
                    escape_html(shown.authorize_url) + "\" rel=\"noreferrer\">Continue to " + title +
                    "</a><p class=\"note\" style=\"margin-top:1rem\">You can take the access back in your " +
                    title + " settings at any time.</p>",
                shown.brand);
}

http::response render_app_password_page(unsigned status, app_password_page const& shown) {
    auto const title = escape_html(shown.platform_title);
    return page(status, "Connect " + shown.platform_title,
                "<h1>Connect your " + title + " account" + on_behalf(shown.brand.name) + "</h1>" +
                    alert(shown.problem) + "<form method=\"post\" action=\"" + escape_html(shown.action) +
                    "\" autocomplete=\"off\"><label>Handle<input name=\"identifier\" required autofocus "
                    "maxlength=\"300\" "
                    "placeholder=\"you.bsky.social\" value=\"" +
                    escape_html(shown.identifier) +
                    "\"></label><label>App password<input name=\"app_password\" type=\"password\" required "
                    "maxlength=\"64\" "
                    "placeholder=\"abcd-efgh-2345-wxyz\"></label><button "
                    "class=\"go\">Connect</button></form><p class=\"note\" "
                    "style=\"margin-top:1rem\">Make an app password in your " +
                    title + " settings under Privacy and security. Never enter your main password here.</p>",
                shown.brand);
}

http::response render_choice_page(unsigned status, choice_page const& shown) {
    auto const title = escape_html(shown.platform_title);
    std::string boxes;
    for (auto const& each : shown.candidates) {
        bool const picked = std::ranges::find(shown.picked, each.id) != shown.picked.end();
        boxes += box(each, picked);
    }
    return page(
        status, "Choose what to connect",
        "<h1>Choose what to connect" + on_behalf(shown.brand.name) + "</h1>" + alert(shown.problem) +
            "<form method=\"post\" action=\"" + escape_html(shown.action) +
            "\" autocomplete=\"off\"><fieldset><legend>Your consent at " + title +
            " reaches these accounts. Only those you choose are connected.</legend>" + boxes +
            "</fieldset><button class=\"go\" name=\"action\" value=\"connect\">Connect</button><button "
            "class=\"back\" name=\"action\" value=\"cancel\">Cancel, connect none</button></form>",
        shown.brand, "https:");
}

http::response render_waiting_page(std::string_view platform_title) {
    return page(200, "Almost connected",
                "<h1>Almost connected</h1><p>" + escape_html(platform_title) +
                    " has your consent. Go back to where you began and choose what to connect.</p>");
}

http::response render_reconnect_page(reconnect_page const& shown) {
    auto const title = escape_html(shown.platform_title);
    return page(200, "Connect " + shown.platform_title + " again",
                "<h1>Connect your " + title + " account again" + on_behalf(shown.brand.name) +
                    "</h1><p>The access to <strong>" + escape_html(shown.username) +
                    "</strong> has ended or is about to end. Sign in with the same account to renew it.</p>"
                    "<form method=\"post\" action=\"" +
                    escape_html(shown.action) + "\"><button class=\"go\">Connect again</button></form>",
                shown.brand);
}

http::response render_connected_page(std::string_view platform_title, std::vector<std::string> const& names) {
    std::string list;
    for (auto const& name : names) {
        list += (list.empty() ? "<strong>" : ", <strong>") + escape_html(name) + "</strong>";
    }
    bool const one = names.size() == 1;
    return page(200, "Connected",
                "<h1>Connected</h1><p>Your " + escape_html(platform_title) +
                    (one ? " account " : " accounts ") + list + (one ? " is" : " are") +
                    " connected. You can close this page.</p>");
}

http::response render_failed_page(problem const& what, std::string_view request_id) {
    return page(what.status, "Not connected",
                "<h1>Not connected</h1><p>" + escape_html(what.detail) + "</p><p class=\"note\">" +
                    escape_html(what.code) + " &middot; " + escape_html(request_id) + "</p>");
}

} // namespace connectd::server::api
