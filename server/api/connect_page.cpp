#include "server/api/connect_page.hpp"

#include "server/api/render.hpp"

namespace connectd::server::api {
namespace {

constexpr std::string_view style =
    ":root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center;background:Canvas;color:CanvasText}"
    "main{box-sizing:border-box;width:min(28rem,100vw);padding:2rem}"
    "h1{font-size:1.4rem;line-height:1.25;margin:0 0 1rem}p{margin:0 0 1rem}"
    "label{display:block;margin:0 0 "
    "1rem}input{box-sizing:border-box;width:100%;padding:.6rem;font:inherit;margin-top:.25rem;"
    "border:1px solid GrayText;border-radius:.4rem}"
    ".go{display:block;box-sizing:border-box;width:100%;padding:.75rem "
    "1rem;border:0;border-radius:.5rem;font:inherit;"
    "font-weight:600;text-align:center;text-decoration:none;background:#1d4ed8;color:#fff;cursor:pointer}"
    ".go:focus-visible{outline:3px solid #93c5fd}.note{color:GrayText;font-size:.875rem}"
    ".wrong{border-left:4px solid #b91c1c;padding:.25rem 0 .25rem .75rem}";

http::response page(unsigned status, std::string_view title, std::string_view content) {
    std::string html =
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><title>";
    html += escape_html(title);
    html += "</title><style>";
    html += style;
    html += "</style></head><body><main>";
    html += content;
    html += "</main></body></html>\n";
    auto answer = http::response::html(status, std::move(html));
    // form-action is left open: a browser checks it against the redirect that follows a form, and that goes
    // to the customer's own site.
    answer.set("Content-Security-Policy",
               "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'");
    answer.set("Referrer-Policy", "no-referrer"); // the callback's query holds a code
    answer.set("Cache-Control", "no-store");
    return answer;
}

std::string on_behalf(std::string_view workspace) {
    return workspace.empty() ? std::string{} : " to " + escape_html(workspace);
}

} // namespace

http::response render_consent_page(consent_page const& shown) {
    auto const title = escape_html(shown.platform_title);
    return page(200, "Connect " + shown.platform_title,
                "<h1>Connect your " + title + " account" + on_behalf(shown.workspace_name) +
                    "</h1><p>You will be sent to " + title +
                    " to sign in and agree. Your password stays there.</p><a class=\"go\" href=\"" +
                    escape_html(shown.authorize_url) + "\" rel=\"noreferrer\">Continue to " + title +
                    "</a><p class=\"note\" style=\"margin-top:1rem\">You can take the access back in your " +
                    title + " settings at any time.</p>");
}

http::response render_app_password_page(unsigned status, app_password_page const& shown) {
    auto const title = escape_html(shown.platform_title);
    auto const wrong = shown.problem.empty()
                           ? std::string{}
                           : "<p class=\"wrong\" role=\"alert\">" + escape_html(shown.problem) + "</p>";
    return page(status, "Connect " + shown.platform_title,
                "<h1>Connect your " + title + " account" + on_behalf(shown.workspace_name) + "</h1>" + wrong +
                    "<form method=\"post\" action=\"" + escape_html(shown.action) +
                    "\" autocomplete=\"off\"><label>Handle<input name=\"identifier\" required autofocus "
                    "maxlength=\"300\" "
                    "placeholder=\"you.bsky.social\" value=\"" +
                    escape_html(shown.identifier) +
                    "\"></label><label>App password<input name=\"app_password\" type=\"password\" required "
                    "maxlength=\"64\" "
                    "placeholder=\"abcd-efgh-2345-wxyz\"></label><button "
                    "class=\"go\">Connect</button></form><p class=\"note\" "
                    "style=\"margin-top:1rem\">Make an app password in your " +
                    title + " settings under Privacy and security. Never enter your main password here.</p>");
}

http::response render_connected_page(std::string_view platform_title, std::string_view username) {
    return page(200, "Connected",
                "<h1>Connected</h1><p>Your " + escape_html(platform_title) + " account <strong>" +
                    escape_html(username) + "</strong> is connected. You can close this page.</p>");
}

http::response render_failed_page(problem const& what, std::string_view request_id) {
    return page(what.status, "Not connected",
                "<h1>Not connected</h1><p>" + escape_html(what.detail) + "</p><p class=\"note\">" +
                    escape_html(what.code) + " &middot; " + escape_html(request_id) + "</p>");
}

} // namespace connectd::server::api
