#include "tools/sandbox/html.hpp"

#include <array>
#include <functional>

namespace connectd::sandbox {
namespace {

constexpr std::string_view style = R"css(
:root { --ground: #f2f4f7; --card: #ffffff; --ink: #14171f; --soft: #5b6475; --line: #dfe3ea; --accent: #1f5eff;
  --accent-ink: #ffffff; --chosen: #eef3ff; --ribbon: #fff4d6; --ribbon-ink: #6b4a00; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0f1218; --card: #181c25; --ink: #eef1f6; --soft: #9aa4b5; --line: #2b3240; --accent: #6b95ff;
    --accent-ink: #0b1020; --chosen: #1d2740; --ribbon: #3a2f12; --ribbon-ink: #ffdf94; --bad: #ff9c94; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--ground);
  color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
.ribbon { background: var(--ribbon); color: var(--ribbon-ink); text-align: center; padding: 8px 16px; font-size: 14px; }
main { flex: 1; display: flex; align-items: flex-start; justify-content: center; padding: 40px 16px; }
.card { width: 100%; max-width: 480px; background: var(--card); border: 1px solid var(--line); border-radius: 16px;
  padding: 32px; box-shadow: 0 8px 30px rgb(10 20 40 / 8%); }
h1 { font-size: 22px; line-height: 1.3; margin: 0 0 8px; }
h2 { font-size: 14px; margin: 24px 0 8px; color: var(--soft); font-weight: 600; }
p { margin: 0 0 8px; color: var(--soft); }
ul { margin: 0; padding: 0; list-style: none; }
.asks li { padding: 6px 0 6px 28px; position: relative; }
.asks li::before { content: ""; position: absolute; left: 4px; top: 12px; width: 12px; height: 6px;
  border: solid var(--accent); border-width: 0 0 2px 2px; transform: rotate(-45deg); }
.person { display: flex; align-items: center; gap: 12px; padding: 10px 12px; border: 1px solid var(--line);
  border-radius: 12px; margin-bottom: 8px; cursor: pointer; }
.person:has(input:checked) { border-color: var(--accent); background: var(--chosen); }
.person input { accent-color: var(--accent); width: 18px; height: 18px; margin: 0; flex: none; }
.person svg { width: 40px; height: 40px; border-radius: 50%; flex: none; }
.person b, .person span { display: block; line-height: 1.3; }
.person span { color: var(--soft); font-size: 14px; }
.buttons { display: flex; gap: 12px; margin-top: 24px; }
button { flex: 1; font: inherit; font-weight: 600; padding: 12px; border-radius: 999px; border: 1px solid var(--line);
  background: transparent; color: var(--ink); cursor: pointer; }
button.yes { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
button:focus-visible, input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.target { margin-top: 16px; font-size: 13px; color: var(--soft); overflow-wrap: anywhere; }
.bad { color: var(--bad); font-weight: 600; overflow-wrap: anywhere; }
)css";

constexpr std::array<std::string_view, 8> colours{"#1f5eff", "#0b8457", "#b3261e", "#7a3ff2",
                                                  "#a15c00", "#007a8a", "#b0267a", "#4a5568"};

// The first letters of the first and the last word; letters are whole UTF-8 sequences.
std::string initials_of(std::string_view name) {
    auto const first_letter = [](std::string_view word) {
        auto const lead = static_cast<unsigned char>(word.empty() ? '?' : word.front());
        std::size_t const length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        return std::string{word.substr(0, length)};
    };
    auto const space = name.rfind(' ');
    auto initials = first_letter(name);
    if (space != std::string_view::npos)
        initials += first_letter(name.substr(space + 1));
    return initials;
}

} // namespace

std::string escape_html(std::string_view text) {
    std::string escaped;
    escaped.reserve(text.size());
    for (char const c : text) {
        switch (c) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        case '\'':
            escaped += "&#39;";
            break;
        default:
            escaped += c;
        }
    }
    return escaped;
}

std::string html_page(std::string_view title, std::string_view platform, std::string_view content) {
    std::string page = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
    page += escape_html(title);
    page += "</title>\n<style>";
    page += style;
    page += "</style>\n</head>\n<body>\n<div class=\"ribbon\">connectd sandbox: a pretend ";
    page += escape_html(platform);
    page += ". Nothing here reaches the real one.</div>\n<main>\n<div class=\"card\">\n";
    page += content;
    page += "</div>\n</main>\n</body>\n</html>\n";
    return page;
}

std::string avatar_svg(std::string_view display_name, std::string_view id) {
    auto const colour = colours[std::hash<std::string_view>{}(id) % colours.size()];
    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 40\" aria-hidden=\"true\">"
                      "<rect width=\"40\" height=\"40\" fill=\"";
    svg += colour;
    svg += "\"/><text x=\"20\" y=\"21\" fill=\"#fff\" font-family=\"sans-serif\" font-size=\"16\" "
           "font-weight=\"600\" text-anchor=\"middle\" dominant-baseline=\"central\">";
    svg += escape_html(initials_of(display_name)) + "</text></svg>";
    return svg;
}

} // namespace connectd::sandbox
