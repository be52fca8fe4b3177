/** The product's colours and measures, as far as the page needs them. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#fdfcf8, #1d1c18);
  --sunk: light-dark(#eeebe1, #12110e);
  --line: light-dark(#dfdbd0, #383530);
  --ink: light-dark(#1f1c17, #ece7dc);
  --ink-2: light-dark(#5b554a, #b3ac9e);
  --accent: light-dark(#0b5a5e, #6fc6cb);
  --good: light-dark(#2d6a33, #8fce92);
  --warn: light-dark(#80540a, #e5b45c);
}
* { box-sizing: border-box; }
html { background: var(--ground); color: var(--ink); font: 14px/20px 'Geist Variable', system-ui, sans-serif; scroll-padding-top: 16px; }
body { display: grid; grid-template-columns: 200px minmax(0, 1fr); margin: 0; }
.beside { position: sticky; top: 0; align-self: start; padding: 24px 16px; }
nav ul { display: grid; gap: 2px; margin: 12px -10px 0; padding: 0; list-style: none; }
nav a { display: block; padding: 6px 10px; border-radius: 7px; color: var(--ink-2); text-decoration: none; }
nav a:hover, nav a[aria-current] { background: var(--sunk); color: var(--ink); }
nav + nav { margin-top: 24px; }
main { max-width: 920px; padding: 24px 32px 64px; }
h1 { margin: 0 0 12px; font: 600 24px/32px 'Source Serif 4 Variable', Georgia, serif; }
h2 { margin: 36px 0 8px; font: 600 18px/24px 'Source Serif 4 Variable', Georgia, serif;}
h3 { margin: 16px 0 6px; font-size: 13px; font-weight: 600; }
small { color: var(--ink-2); font-size: 13px; font-weight: 400; }
p { max-width: 72ch; margin: 0 0 8px; color: var(--ink-2); }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code, pre { font: 13px/20px ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
details { border-bottom: 1px solid var(--line); }
summary { display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: baseline; min-height: 36px; padding: 8px 4px; cursor: pointer; }
summary:hover { background: var(--sunk); }
.says { color: var(--ink-2); }
.method { min-width: 44px; font-size: 12px; font-weight: 600; }
.get { color: var(--good); }
.post { color: var(--accent); }
.delete { color: var(--warn); }
.body { padding: 4px 4px 20px 60px; }
pre { overflow-x: auto; max-height: 420px; margin: 0; padding: 10px 12px; border-radius: 7px; background: var(--sunk); }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; text-align: left; }
th, td { padding: 6px 16px 6px 0; border-bottom: 1px solid var(--line); font-weight: 400; vertical-align: top; }
thead th { color: var(--ink-2); font-size: 12px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 16px; top: 8px; padding: 6px 10px; background: var(--ground); }
@media (max-width: 899px) {
  body { grid-template-columns: minmax(0, 1fr); }
  .beside { position: static; padding: 16px 16px 0; }
  nav ul { display: flex; flex-wrap: wrap; }
  main { padding: 16px 16px 48px; }
  .body { padding-left: 4px; }
}
`
