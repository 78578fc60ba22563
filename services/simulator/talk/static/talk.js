// The page: what is pressed goes to the stack, what happens there is shown.
import { bubble, clock, element, line, record, tool, turn } from "./shown.js";
import { Sound } from "./sound.js";

const $ = (id) => document.getElementById(id);
const WHOSE = { caller: "Caller's phone", office: "Office's phone", "on call": "On-call phone" };
let socket;
let state = {};
let call = { is: false, mine: false, began: 0 };
let sending = false; // whether this page's microphone is in the call
let rows = new Map(); // by key: what was told last, and where it is shown
let turns = new Map(); // by call and number: where it is shown
let calls = new Map(); // by call: the time of its first turn
let phones = new Map(); // by number

const sound = new Sound((frame, loudest) => {
  $("level").value = loudest;
  if (sending && socket.readyState === WebSocket.OPEN) socket.send(frame);
});

function ask(what) {
  if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(what));
  else complain("The stack is not reachable. Is `make talk` still running?");
}

function complain(text) {
  $("notice").textContent = text;
  $("notice").hidden = !text;
}

// -- what comes ----------------------------------------------------------------------------------

function connect() {
  const address = new URL("socket", location.href);
  address.protocol = "ws:";
  socket = new WebSocket(address);
  socket.binaryType = "arraybuffer";
  socket.onmessage = ({ data }) => (typeof data === "string" ? take(JSON.parse(data)) : heard(data));
  socket.onclose = () => {
    ended();
    enable(false);
    $("who").textContent = "Not connected: `make talk` has ended, or starts again. Trying once a second…";
    setTimeout(connect, 1000);
  };
}

function heard(data) {
  const channel = new Uint8Array(data)[0];
  if (call.mine || $("listen").checked) sound.play(channel, data.slice(1));
}

function take(event) {
  const how = { state: shows, calling, turn: said, tool: said, acted, phone, text, row: changed, metrics, refused, starting };
  how[event.kind]?.(event);
}

function shows(event) {
  if (event.ready && !state.ready) begin();
  state = event;
  const who = event.real_model
    ? "OpenAI's Realtime API answers, billed to your key; everything else is local."
    : "A local receptionist answers, made of rules: a stand-in for the model. Everything is local.";
  const time = event.now ? ` It is ${event.now.slice(0, 16).replace("T", " ")} there.` : "";
  $("who").textContent = event.ready ? who + time : "The stack is starting…";
  if (event.mode === "text" && event.ready) {
    $("who").textContent += " Text mode, without sound: type what you would say.";
  }
  fill($("to"), event.businesses.map((each) => [each.number, `${each.name} ${each.number}`]));
  document.body.classList.toggle("text-mode", event.mode === "text");
  const rung = event.businesses.find((each) => each.id === event.business) || event.businesses[0];
  if (rung && event.business !== $("business").value) $("to").value = rung.number;
  fill($("scenario"), event.scenarios.map((each) => [each.name, each.title]));
  fill($("known"), [...event.businesses.map((each) => each.id), ...event.others].map((id) => [id, id]));
  $("business").value = event.business;
  calling({ is: event.calling });
}

function fill(list, options) {
  const chosen = list.value;
  list.replaceChildren(...options.map(([value, text]) => Object.assign(element("option", "", text), { value })));
  if (options.some(([value]) => value === chosen)) list.value = chosen;
}

function begin() {
  $("transcript").replaceChildren();
  $("phones").replaceChildren(element("p", "hint", "Nothing was texted yet."));
  $("rows").replaceChildren(element("p", "hint", "Nothing was written yet."));
  $("metrics").replaceChildren();
  rows = new Map();
  turns = new Map();
  calls = new Map();
  phones = new Map();
}

function starting(event) {
  $("who").textContent = `Starting: ${event.text}`;
}

function refused(event) {
  complain(event.text);
  if (call.mine && !call.is) ended();
}

function calling(event) {
  call.is = event.is;
  if (event.is) {
    call.began = Date.now();
    sending = call.mine && state.mode === "voice";
  } else {
    ended();
  }
  enable(state.ready);
}

function ended() {
  call = { is: false, mine: false, began: 0 };
  sending = false;
  sound.stop();
  $("level").value = 0;
  $("line").textContent = "No call";
}

function enable(ready) {
  $("call").disabled = $("start").disabled = !ready || call.is;
  $("hang-up").disabled = !call.is;
  $("say").disabled = $("mute").disabled = !call.mine;
  for (const key of $("keys").children) key.disabled = !call.mine;
}

function since(event) {
  const at = Date.parse(event.at);
  if (!calls.has(event.call)) calls.set(event.call, at);
  return at - calls.get(event.call);
}

function said(event) {
  const key = `${event.call} ${event.seq}`;
  const at = since(event);
  // What a screen reader reads out: the agent's words, not every webhook.
  if (event.role === "assistant") $("spoken").textContent = event.text;
  const shown = event.kind === "tool" ? tool(event, clock(at)) : turn(event, clock(at));
  add(shown, event.call, at, turns.get(key));
  turns.set(key, shown);
}

function acted(event) {
  const by = { moment: "Moment", guard: "Guard", cut: "Cut", call: "State" }[event.what];
  add(line(event.what, by, clock(event.at_ms), event.text), event.call, event.at_ms);
}

function phone(event) {
  if (event.what === "webhook") {
    const [address, ...rest] = event.text.split(" ");
    add(line("phone", "Webhook", "", `POST ${new URL(address).pathname} ${rest.join(" ")}`));
  } else {
    add(line(event.what === "warning" ? "warning" : "phone", "Phone", clock(event.at_ms), `${event.what}: ${event.text}`));
  }
}

// In the order of the call's own time: a turn is told when it is over, and stands where it began.
function add(item, call = "", at = 0, before = null) {
  const list = $("transcript");
  const follows = list.scrollTop + list.clientHeight > list.scrollHeight - 60;
  Object.assign(item.dataset, { call, at });
  if (before) {
    before.replaceWith(item);
  } else {
    let last = list.lastElementChild;
    while (call && last && last.dataset.call === call && Number(last.dataset.at) > at) {
      last = last.previousElementSibling;
    }
    if (last) last.after(item);
    else list.prepend(item);
  }
  if (follows) list.scrollTop = list.scrollHeight;
}

function changed(event) {
  const before = rows.get(event.key);
  const shown = record(event, before?.row);
  if (!rows.size) $("rows").replaceChildren();
  before?.shown.remove();
  $("rows").prepend(shown);
  rows.set(event.key, { row: event.row, shown });
}

function metrics(event) {
  $("metrics").replaceChildren(...event.metrics.flatMap(([name, value]) => [element("dt", "", name), element("dd", "", value)]));
}

function text(event) {
  const theirs = event.sent ? event.from : event.to;
  if (!phones.has(theirs)) phones.set(theirs, device(theirs, event));
  const { list } = phones.get(theirs);
  list.append(bubble(event));
}

function device(number, event) {
  const list = element("div", "");
  const answer = Object.assign(element("input", ""), { maxLength: 600, autocomplete: "off" });
  answer.setAttribute("aria-label", `Answer from ${number}`);
  const form = element("form", "pair tight", answer, element("button", "", "Send"));
  const ours = event.sent ? event.to : event.from;
  form.addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    if (answer.value.trim()) ask({ do: "text", from: number, to: ours, body: answer.value });
    answer.value = "";
  });
  if (!phones.size) $("phones").replaceChildren();
  const title = element("h3", "", `${WHOSE[event.whose] || "Phone"} ${number}`);
  $("phones").append(element("div", "device", title, list, form));
  return { list };
}

// -- what is pressed -----------------------------------------------------------------------------

async function ring() {
  complain("");
  call.mine = true;
  $("call").disabled = true;
  let trouble = "";
  if (state.mode === "voice") {
    trouble = await sound.speak().catch((error) => `Sound cannot be opened here (${error.name}).`);
  }
  if (trouble) complain(trouble);
  ask({ do: "call", to: $("to").value, from: $("from").value });
}

function mute() {
  sound.muted = !sound.muted;
  $("mute").setAttribute("aria-pressed", String(sound.muted));
}

function submits(id, does) {
  $(id).addEventListener("submit", (event) => {
    event.preventDefault();
    complain("");
    does();
  });
}

$("call").addEventListener("click", ring);
$("hang-up").addEventListener("click", () => ask({ do: "hang_up" }));
$("mute").addEventListener("click", mute);
$("listen").addEventListener("change", async () => $("listen").checked && complain(await sound.listen()));
for (const [id, name] of [["show-acted", "hide-acted"], ["show-phone", "hide-phone"]]) {
  $(id).addEventListener("change", () => $("transcript").classList.toggle(name, !$(id).checked));
}
submits("typed", () => {
  if (call.mine && $("words").value.trim()) ask({ do: "say", text: $("words").value });
  $("words").value = "";
});
submits("play", () => ask({ do: "play", scenario: $("scenario").value }));
submits("again", () => ask({ do: "again", business: $("business").value, at: $("at").value }));
for (const key of "123456789*0#") {
  const button = Object.assign(element("button", "", key), { type: "button", disabled: true });
  button.addEventListener("click", () => ask({ do: "key", key }));
  $("keys").append(button);
}
setInterval(() => {
  if (call.is) $("line").textContent = `${call.mine ? "Your call" : "A call"}, ${clock(Date.now() - call.began)}`;
}, 500);
connect();
