#include "chat/embed_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/html.h"

namespace parley::chat {
namespace {

constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
)";

constexpr std::string_view kStyle = R"(
* { box-sizing: border-box; }
body { margin: 0; height: 100vh; display: flex; flex-direction: column; font: 15px/1.5 system-ui, sans-serif;
  background: var(--background); color: var(--text); }
header { padding: 12px 16px; background: var(--primary); color: #fff; font-weight: 600; }
#talk { flex: 1; overflow-y: auto; padding: 16px; }
.said { max-width: 85%; margin: 0 0 12px; padding: 8px 12px; border: 1px solid var(--border);
  border-radius: 10px; background: var(--surface); white-space: pre-wrap; overflow-wrap: anywhere; }
.mine { margin-left: auto; border-color: var(--accent); }
.ask { margin: 0 8px 8px 0; padding: 6px 10px; border: 1px solid var(--accent); border-radius: 14px;
  background: none; color: inherit; font: inherit; cursor: pointer; }
form { display: flex; gap: 8px; padding: 12px 16px; border-top: 1px solid var(--border); }
input { flex: 1; padding: 8px 10px; border: 1px solid var(--border); border-radius: 8px; font: inherit;
  background: var(--surface); color: inherit; }
form button { padding: 8px 16px; border: 0; border-radius: 8px; background: var(--primary); color: #fff;
  font: inherit; cursor: pointer; }
button:disabled { opacity: .5; cursor: default; }
)";

constexpr std::string_view kScript = R"(
const facts = JSON.parse(document.getElementById('facts').textContent);
const talk = document.getElementById('talk');
const form = document.querySelector('form');
const field = form.querySelector('input');
const button = form.querySelector('button');
function say(text, mine) {
  const line = document.createElement('p');
  line.className = mine ? 'said mine' : 'said';
  line.textContent = text;
  talk.append(line);
  line.scrollIntoView();
  return line;
}
async function ask(question) {
  if (button.disabled) return;
  button.disabled = true;
  say(question, true);
  const line = say('…', false);
  try {
    const answer = await fetch(facts.path, { method: 'POST',
      headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ question }) });
    const body = await answer.json();
    line.textContent = answer.ok ? body.answer : body.message;
  } catch (problem) {
    line.textContent = 'The server could not be reached.';
  }
  button.disabled = false;
  field.focus();
}
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const question = field.value.trim();
  if (!question) return;
  field.value = '';
  ask(question);
});
for (const each of document.querySelectorAll('.ask'))
  each.addEventListener('click', () => ask(each.textContent));
)";

/// The name of a theme's colour in the style sheet.
struct ColourName {
  std::string_view key;
  std::string_view variable;
};
constexpr ColourName kColours[] = {{"primary", "primary"},       {"accent", "accent"},
                                   {"background", "background"}, {"surface", "surface"},
                                   {"textPrimary", "text"},      {"border", "border"},
                                   {"success", "success"}};

/// A style sheet cannot be escaped: a colour with anything else in it is left out.
bool is_plain_colour(std::string_view text) {
  constexpr std::size_t kColourBytesMax = 64;
  return !text.empty() && text.size() <= kColourBytesMax && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("#(),.% -").find(c) != std::string_view::npos;
  });
}

std::string variables_of(const JsonObject& theme) {
  std::string text = ":root {";
  for (const ColourName& colour : kColours) {
    const Json* value = theme.if_contains(colour.key);
    if (value == nullptr || !value->is_string() || !is_plain_colour(value->get_string())) continue;
    text += fmt::format(" --{}: {};", colour.variable, std::string_view(value->get_string()));
  }
  return text + " }";
}

std::string questions_of(const std::optional<Json>& questions) {
  std::string text;
  if (!questions || !questions->is_array()) return text;
  for (const Json& each : questions->get_array()) {
    if (!each.is_string()) continue;
    text += fmt::format("<button type=\"button\" class=\"ask\">{}</button>\n",
                        escaped_html(each.get_string()));
  }
  return text;
}

/// JSON inside a script element, which must not end it (HTML, "Restrictions for contents of script
/// elements").
std::string facts_of(const EmbedPage& page) {
  std::string path = "/embed/chat/" + page.agent_id;
  if (!page.token.empty()) path += "?token=" + page.token;
  std::string text = to_text(JsonObject{{"path", path}});
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at)) {
    text.replace(at, 1, "\\u003c");
  }
  return text;
}

http::Response html(int status, std::string body, std::string_view policy) {
  http::Response response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.body = std::move(body);
  response.headers = {{"Content-Security-Policy", std::string(policy)},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "no-referrer"},
                      {"Cache-Control", "no-store"}};
  return response;
}

}  // namespace

http::Response embed_page(const EmbedPage& page, const std::string& nonce) {
  const std::string name = escaped_html(page.agent_name);
  std::string body(kHead);
  body += fmt::format("<title>{}</title>\n<style nonce=\"{}\">{}{}</style>\n</head>\n", name, nonce,
                      variables_of(page.theme), kStyle);
  body += fmt::format("<body>\n<header>{}</header>\n<main id=\"talk\">\n{}</main>\n", name,
                      questions_of(page.recommended_questions));
  body +=
      "<form><input aria-label=\"Question\" placeholder=\"Ask a question\" autocomplete=\"off\">"
      "<button>Ask</button></form>\n";
  body +=
      fmt::format("<script id=\"facts\" type=\"application/json\">{}</script>\n", facts_of(page));
  body += fmt::format("<script nonce=\"{}\">{}</script>\n</body>\n</html>\n", nonce, kScript);
  return html(200, std::move(body),
              fmt::format("default-src 'none'; style-src 'nonce-{0}'; script-src 'nonce-{0}'; "
                          "connect-src 'self'; base-uri 'none'; form-action 'none'; "
                          "frame-ancestors *",
                          nonce));
}

http::Response embed_problem_page(const http::Problem& problem) {
  std::string body(kHead);
  body +=
      fmt::format("<title>Not available</title>\n</head>\n<body>\n<p>{}</p>\n</body>\n</html>\n",
                  escaped_html(problem.detail));
  http::Response page =
      html(problem.status, std::move(body), "default-src 'none'; frame-ancestors *");
  page.headers.insert(page.headers.end(), problem.headers.begin(), problem.headers.end());
  return page;
}

}  // namespace parley::chat
