const CSS = `
:host {
  all: initial;
  color-scheme: light dark;
  --ink: light-dark(#1c2128, #dfe4ea);
  --soft: light-dark(#57606a, #97a1ac);
  --edge: light-dark(#d5dae0, #353c45);
  --paper: light-dark(#fbfcfd, #16191d);
  --raised: light-dark(#eef1f4, #20252b);
  --accent: light-dark(#0b57b0, #82b7ff);
  --good: light-dark(#1a6b34, #6fcf8e);
  --busy: light-dark(#7a4d00, #e7b55c);
  --bad: light-dark(#b3261e, #ff9d94);
}
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.dock {
  position: fixed; inset: auto 0 0; z-index: 2147483000;
  display: flex; flex-direction: column;
  max-height: 100vh; max-height: 100dvh;
  font: 12px/1.45 system-ui, sans-serif;
  color: var(--ink); background: var(--paper);
  border-top: 1px solid var(--edge);
  box-shadow: 0 -4px 24px rgb(0 0 0 / .12);
}
.dock.folded { inset-inline-start: auto; border-inline-start: 1px solid var(--edge); border-start-start-radius: 8px; }
.handle { position: absolute; inset: -4px 0 auto; height: 9px; cursor: ns-resize; touch-action: none; }
.handle::after {
  content: ''; position: absolute; inset: 6px 0 auto; margin: auto; width: 40px; height: 3px;
  border-radius: 2px; background: var(--edge);
}
.handle:hover, .handle:focus-visible { background: var(--accent); opacity: .5; outline: none; }
header {
  display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px;
  padding: 7px 12px; background: var(--raised); border-bottom: 1px solid var(--edge);
}
.folded header { border-bottom: 0; border-start-start-radius: 8px; }
h2 { margin: 0; font-size: 13px; font-weight: 650; }
.chip { color: var(--soft); font-variant-numeric: tabular-nums; }
.state { flex: 1; min-width: 0; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.folded .ends { margin-inline-start: 8px; }
.ends { display: flex; gap: 6px; }
.tools { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px; }

label { display: inline-flex; align-items: center; gap: 5px; color: var(--soft); }
select, input, button, textarea { font: inherit; color: var(--ink); background: var(--paper); }
select, input[type=number], button { padding: 2px 8px; min-height: 26px; border: 1px solid var(--edge); border-radius: 5px; }
input[type=number] { width: 6.5em; }
input[type=checkbox] { margin: 0; accent-color: var(--accent); }
button { cursor: pointer; }
button:hover { border-color: var(--soft); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
select[data-mode=hold], select[data-mode=offline], select[data-mode=slow] { color: var(--busy); border-color: currentColor; font-weight: 600; }
@media (max-width: 800px) { .tools { order: 1; width: 100%; } }
.byhand { padding: 8px 12px; border-bottom: 1px solid var(--edge); }
.byhand p { margin: 0 0 4px; }
textarea { display: block; width: 100%; height: 9em; font: 11px/1.4 ui-monospace, monospace; border: 1px solid var(--edge); border-radius: 5px; }
.body { flex: 1; min-height: 0; overflow: auto; overscroll-behavior: contain; padding: 0 12px 12px; container-type: inline-size; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 24px; align-items: start; }
@container (min-width: 900px) { .columns { grid-template-columns: minmax(0, 4fr) minmax(0, 5fr); } }
details { border-bottom: 1px solid var(--edge); padding-bottom: 2px; }
details[open] { padding-bottom: 10px; }
summary { padding: 7px 0 5px; font-weight: 600; cursor: pointer; user-select: none; }
summary::marker { color: var(--soft); }
.count { margin-inline-start: 6px; font-weight: 400; color: var(--soft); font-variant-numeric: tabular-nums; }
details:not([open]) .count { visibility: hidden; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(12.5em, 1fr)); gap: 4px 16px; margin: 0 0 8px; }
dl .wide { grid-column: 1 / -1; }
dt { color: var(--soft); font-size: 11px; }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.box { max-height: 19em; overflow: auto; border: 1px solid var(--edge); border-radius: 5px; }
table { border-collapse: collapse; width: 100%; font-size: 11.5px; }
th, td { padding: 2px 8px; text-align: start; vertical-align: top; }
th {
  position: sticky; top: 0; background: var(--raised); color: var(--soft);
  font-weight: 500; white-space: nowrap; box-shadow: inset 0 -1px var(--edge);
}
td { font-variant-numeric: tabular-nums; }
.long { min-width: 8em; overflow-wrap: anywhere; }
tbody tr + tr td { border-top: 1px solid color-mix(in srgb, var(--edge) 60%, transparent); }
.number, .short { white-space: nowrap; width: 1%; }
.number { text-align: end; }
tr[data-tone=good] td { color: var(--good); }
tr[data-tone=busy] td { color: var(--busy); }
tr[data-tone=bad] td { color: var(--bad); }
.rest, .empty { margin: 4px 0 0; color: var(--soft); }
.empty { padding: 12px; }
@media (forced-colors: active) { .handle { background: ButtonText; height: 3px; } }
`

let sheet: CSSStyleSheet | undefined

/** The style of the inspector, one for all of them. It is no style element, so a strict policy allows it. */
export function inspectorStyle(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(CSS)
  }
  return sheet
}
