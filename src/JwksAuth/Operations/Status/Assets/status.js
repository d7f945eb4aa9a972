// Keeps the page current. The server renders everything; the script replaces only what has changed, to keep focus, selection and scrolling.
const interval = 3000;
const connection = document.getElementById("connection");
let lastAnswer = new Date();
let timer;

function say(text, isLost) {
  // Screen readers announce that the connection is lost, not that it is still there.
  connection.ariaLive = isLost ? "polite" : "off";
  if (connection.textContent !== text) connection.textContent = text;
  connection.classList.toggle("lost", isLost);
}

function morph(current, next) {
  if (current.nodeType !== next.nodeType || current.nodeName !== next.nodeName || current.id !== next.id) {
    current.replaceWith(document.importNode(next, true));
    return;
  }

  if (current.nodeType !== Node.ELEMENT_NODE) {
    if (current.data !== next.data) current.data = next.data;
    return;
  }

  for (const { name } of [...current.attributes]) {
    if (!next.hasAttribute(name) && name !== "open") current.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (current.getAttribute(name) !== value) current.setAttribute(name, value);
  }

  const children = [...current.childNodes];
  const wanted = [...next.childNodes];
  wanted.forEach((child, index) => {
    if (index < children.length) morph(children[index], child);
    else current.append(document.importNode(child, true));
  });
  children.slice(wanted.length).forEach((child) => child.remove());
}

async function show(response, withResult) {
  if (response.redirected || !response.headers.get("Content-Type")?.startsWith("text/html")) {
    throw new Error("The server sent something other than the status page: reload the page, perhaps to sign in again.");
  }

  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const live = page.getElementById("live");
  if (!live) throw new Error(`Something else answers with status ${response.status}.`);
  document.title = page.title;
  morph(document.getElementById("live"), live);
  if (withResult) morph(document.getElementById("result"), page.getElementById("result"));
  lastAnswer = new Date();
  say(`Live, updated ${lastAnswer.toISOString().slice(11, 19)} UTC`, false);
}

async function update() {
  clearTimeout(timer);
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(10000) });
      await show(answer, false);
    } catch (error) {
      const since = `No news since ${lastAnswer.toISOString().slice(11, 19)} UTC`;
      const isSilent = error instanceof TypeError || error.name === "TimeoutError";
      say(isSilent ? `${since}: this replica does not answer.` : `${since}. ${error.message}`, true);
    }
  }

  timer = setTimeout(update, interval);
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button");
  if (button.getAttribute("aria-busy") === "true") return;

  button.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "text/html" } });
    await show(answer, true);
  } catch (error) {
    say(`The refresh was not answered. ${error.message}`, true);
  } finally {
    button.removeAttribute("aria-busy");
  }
});

document.addEventListener("visibilitychange", update);
update();
