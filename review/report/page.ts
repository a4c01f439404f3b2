/** Colours with a contrast of at least 4.5 to 1 on their ground, light and dark. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --text: #1b1f24; --faint: #57606a; --line: #d0d7de; --soft: #f6f8fa;
  --critical: #8a0f1f; --high: #b3261e; --medium: #7a5200; --low: #4b5563; --ins: #dff5e3; --del: #fde5e3; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --text: #e6edf3; --faint: #9ea7b3; --line: #30363d;
  --soft: #161b22; --critical: #ff9aa5; --high: #ff8a80; --medium: #f0b849; --low: #b1bac4; --ins: #12361d; --del: #45191a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
header, main { max-width: 75rem; margin: 0 auto; padding: 0.5rem 1rem; }
h1 { font-size: 1.5rem; margin: 0.5rem 0; } h2 { font-size: 1.15rem; margin: 1.5rem 0 0.5rem; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.9em; overflow-wrap: anywhere; }
.worst { font-weight: 600; padding: 0.5rem 0.75rem; border-left: 0.4rem solid currentColor; background: var(--soft); }
.note { padding: 0.5rem 0.75rem; border: 1px solid var(--line); background: var(--soft); white-space: pre-wrap; }
.critical { --tone: var(--critical); } .high { --tone: var(--high); } .medium { --tone: var(--medium); } .low { --tone: var(--low); }
.worst { color: var(--tone); }
.meanings { list-style: none; margin: 0.5rem 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0 1.25rem; color: var(--faint); }
.meanings strong { color: var(--tone); }
form { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center;
  padding: 0.5rem 0; background: var(--ground); border-bottom: 1px solid var(--line); }
fieldset { border: 0; padding: 0; margin: 0; display: flex; gap: 0.75rem; flex-wrap: wrap; }
fieldset label { color: var(--tone); } legend { float: left; padding: 0; margin-right: 0.25rem; }
input, select { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--faint); border-radius: 4px; padding: 0.15rem 0.35rem; max-width: 14rem; }
output { color: var(--faint); }
.change { border: 1px solid var(--line); border-left: 0.4rem solid var(--tone); border-radius: 4px; margin: 0.4rem 0; padding: 0 0.75rem;
  content-visibility: auto; contain-intrinsic-size: auto 2.6rem; scroll-margin-top: 5rem; }
.change[hidden] { display: none; } .change:target { outline: 3px solid var(--tone); }
summary { cursor: pointer; padding: 0.4rem 0; } summary .badge { display: inline-block; min-width: 4.5rem; color: var(--tone); font-weight: 700; }
.sign { font-family: ui-monospace, monospace; font-weight: 700; color: var(--tone); }
.risk p { margin: 0.4rem 0 0.2rem; } dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 0.75rem; margin: 0 0 0.6rem; }
dt { color: var(--faint); } dd { margin: 0; }
.refusal { color: var(--high); } .made { color: var(--faint); }
.fields, .graph { overflow: auto; max-width: 100%; }
table { border-collapse: collapse; width: 100%; margin: 0.4rem 0; } th, td { text-align: left; vertical-align: top; border-top: 1px solid var(--line); padding: 0.2rem 0.5rem 0.2rem 0; }
tbody th { font-weight: 400; } ins { background: var(--ins); text-decoration: none; } del { background: var(--del); text-decoration: none; }
td ins, td del { white-space: pre-wrap; overflow-wrap: anywhere; } pre { margin: 0; white-space: pre-wrap; } pre ins, pre del, pre span { display: block; }
svg text { fill: var(--text); font: 12px system-ui, sans-serif; } svg .node rect { fill: var(--soft); stroke: var(--line); }
svg .node.changed rect { stroke: var(--tone); stroke-width: 3; } svg path { fill: none; stroke: var(--faint); } svg marker path { fill: var(--faint); stroke: none; }
svg a:focus rect { stroke-dasharray: 4; } .graph svg { min-width: 30rem; }
@media (max-width: 45rem) { form { position: static; } .change { scroll-margin-top: 0.5rem; } }
@media print { form { display: none; } }
`;

/** Filters the changes by what the form says. Everything it compares is text, so that no name can be a program. */
export const SCRIPT = `
(() => {
  const form = document.getElementById('filters');
  const shown = document.getElementById('shown');
  const items = Array.from(document.querySelectorAll('details.change'), (element) => ({ element, text: element.textContent.toLowerCase() }));
  const value = (name) => form.elements[name].value;
  const update = () => {
    const words = value('text').toLowerCase().split(/\\s+/).filter(Boolean);
    const severities = new Set(Array.from(form.querySelectorAll('[name=severity]:checked'), (box) => box.value));
    let count = 0;
    for (const { element, text } of items) {
      const fits = severities.has(element.dataset.severity) && words.every((word) => text.includes(word)) &&
        ['operation', 'namespace', 'kind'].every((name) => value(name) === '' || value(name) === element.dataset[name]);
      element.hidden = !fits;
      if (fits) count += 1;
    }
    shown.textContent = count + ' of ' + items.length + ' changes';
  };
  let waiting = 0;
  form.addEventListener('input', () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(update); });
  form.addEventListener('submit', (event) => event.preventDefault());
  const follow = () => { const goal = document.getElementById(location.hash.slice(1)); if (goal instanceof HTMLDetailsElement) { goal.hidden = false; goal.open = true; } };
  addEventListener('hashchange', follow);
  follow();
})();
`;
