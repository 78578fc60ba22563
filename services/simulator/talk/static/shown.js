// What happened, as parts of the page. Whatever was said or stored becomes text, never markup.
export function element(name, className, ...parts) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...parts);
  return made;
}

export function clock(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function line(kind, by, at, ...what) {
  return element("li", kind, element("span", "at", at), element("span", "by", by), element("span", "what", ...what));
}

export function turn(event, at) {
  const kind = event.role === "assistant" ? "agent" : event.role === "user" ? "caller" : "call";
  const by = { agent: "Agent", caller: "Caller", call: "System" }[kind];
  const what = [];
  if (event.cut) {
    const heard = event.heard || "";
    const rest = event.text.startsWith(heard) ? event.text.slice(heard.length) : ` ${event.text}`;
    what.push(heard, element("span", "unheard", rest));
    what.push(note(`cut short: ${seconds(event.heard_ms)} of ${seconds(event.sent_ms)} were heard`));
  } else {
    what.push(event.text || "(no words)");
  }
  if (event.unsure) what.push(note(`no tool bears this out: ${event.unsure}`));
  if (event.latency_ms !== undefined) what.push(note(`answered after ${event.latency_ms} ms`));
  return line(kind, by, at, ...what);
}

export function tool(event, at) {
  const told = parsed(event.result);
  const says = told.say || told.read_back || told.message || told.error || "";
  const more = element("details", "", element("summary", "", `${event.tool} in ${event.took_ms} ms`));
  more.append(element("pre", "", pretty(event.arguments)), element("pre", "", pretty(event.result)));
  return line("tool", "Tool", at, more, ...(says ? [note(says)] : []));
}

export function record(event, before) {
  const list = element("dl", "");
  for (const [name, value] of Object.entries(event.row)) {
    const changed = before && before[name] !== value;
    list.append(element("dt", "", name.replaceAll("_", " ")));
    list.append(element("dd", changed ? "changed" : "", value, changed ? " (changed)" : ""));
  }
  return element("div", "record", element("h3", "", event.table), list);
}

// The words of a text; the addresses in them can be opened, nothing else in them can.
export function bubble(event) {
  const made = element("div", event.sent ? "bubble sent" : "bubble");
  for (const part of event.text.split(/(https?:\/\/[^\s<>"']+)/)) {
    if (!/^https?:\/\//.test(part)) {
      made.append(part);
      continue;
    }
    const link = element("a", "opens", part);
    link.href = part;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    made.append(link);
  }
  if (event.at) made.append(note(event.at.slice(11, 19)));
  return made;
}

function note(text) {
  return element("span", "note", text);
}

function seconds(ms) {
  return `${((ms || 0) / 1000).toFixed(1)} s`;
}

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return value && typeof value === "object" ? value : {};
  } catch {
    return {};
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 1);
  } catch {
    return String(text ?? "");
  }
}
