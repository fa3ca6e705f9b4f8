/** A report as one HTML file: style and charts inside, no script, nothing fetched; light, dark and on paper. */
import { textOf } from './amount.ts';
import { chartSvg } from './chart-svg.ts';
import type { Block, Cell, Chart, ReportDocument, Table } from './document.ts';
import { escapeHtml } from './escape.ts';

export function reportHtml({ title, subtitle, sections }: ReportDocument): string {
  const links = sections.map((section, i) => `<a href="#s${i}">${escapeHtml(section.title)}</a>`);
  const body = sections.map(
    (section, i) =>
      `<section id="s${i}"><h2>${escapeHtml(section.title)}</h2>${section.blocks.map(blockHtml).join('\n')}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${STYLE}${paperStyle(title)}</style>
</head>
<body>
<header><h1>${escapeHtml(title)}</h1><p>${escapeHtml(subtitle)}</p><nav aria-label="Sections">${links.join('')}</nav></header>
<main>
${body.join('\n')}
</main>
<footer>Made by AI-BOS Telemetry on this machine; nothing was sent anywhere.</footer>
</body>
</html>
`;
}

function blockHtml(block: Block): string {
  if ('figures' in block) {
    const cards = block.figures.map(
      ({ label, value, note }) =>
        `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(textOf(value))}</dd>${note ? `<dd class="note">${escapeHtml(note)}</dd>` : ''}</div>`,
    );
    return `<dl class="figures">${cards.join('')}</dl>`;
  }
  if ('rows' in block) return tableHtml(block);
  if ('items' in block) {
    const items = block.items.map(
      ({ text, note, tone }) =>
        `<li${tone ? ` class="${tone}"` : ''}>${escapeHtml(text)}${note ? `<span class="note">${escapeHtml(note)}</span>` : ''}</li>`,
    );
    return `<ul>${items.join('')}</ul>`;
  }
  if ('chart' in block) return chartHtml(block);
  return `<p>${escapeHtml(block.text)}</p>`;
}

/** A table with more rows than this may go on on another page of paper; its title and its head are repeated there. */
const MOST_WHOLE = 20;

function tableHtml({ caption, head, rows }: Table): string {
  const cell = (name: 'td' | 'th', of: Cell, i: number) =>
    `<${name}${head[i]?.numeric ? ' class="number"' : ''}${name === 'th' ? ' scope="col"' : ''}>${escapeHtml(textOf(of))}</${name}>`;
  const heads = head.map(({ text }, i) => cell('th', text, i)).join('');
  const lines = rows.map((row) => `<tr>${row.map((of, i) => cell('td', of, i)).join('')}</tr>`);
  const title = escapeHtml(caption);
  const again = `<tr class="again" aria-hidden="true"><td colspan="${head.length}">${title}</td></tr>`;
  return `<div class="scroll${rows.length <= MOST_WHOLE ? ' whole' : ''}"><table><caption>${title}</caption><thead>${again}<tr>${heads}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
}

function chartHtml(chart: Chart): string {
  const legend =
    chart.series.length > 1
      ? `<p class="legend">${chart.series.map(({ name, tone, dashed }) => `<span class="${tone}${dashed ? ' dashed' : ''}">${escapeHtml(name)}</span>`).join('')}</p>`
      : '';
  const rows = chart.labels.map((label, i) => [
    label,
    ...chart.series.map(({ values }) => {
      const value = values[i];
      return value === undefined ? '–' : chart.format(value);
    }),
  ]);
  const numbers = tableHtml({
    caption: `${chart.title}: the numbers`,
    head: [{ text: '' }, ...chart.series.map(({ name }) => ({ text: name, numeric: true }))],
    rows,
  });
  return `<figure><figcaption>${escapeHtml(chart.title)}<span class="note">${escapeHtml(chart.unit)}</span></figcaption>${legend}${chartSvg(chart)}<details><summary>As a table</summary>${numbers}</details></figure>`;
}

const STYLE = `
:root{--ground:#fff;--card:#f7f8fa;--ink:#1c2330;--quiet:#5a6475;--line:#dde1e8;--accent:#2f6fde;--bad:#c4352f;--warn:#9a6200}
@media (prefers-color-scheme:dark){:root{--ground:#12161d;--card:#1a202a;--ink:#e6eaf1;--quiet:#9aa5b6;--line:#2e3745;--accent:#6ea0ff;--bad:#ff7d75;--warn:#e0a94a}}
*{box-sizing:border-box}
body{margin:0 auto;padding:2rem 1.25rem;max-width:60rem;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1,h2,p,figcaption{overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:1.15rem;margin:2.25rem 0 .75rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
header p,footer,.note{color:var(--quiet)}
header p{margin:0 0 .75rem}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem}
a{color:var(--accent)}
.note{display:block;font-size:.85rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:0 0 1rem}
.figures div{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.7rem .85rem}
dt{color:var(--quiet);font-size:.85rem}
dd{margin:0;font-size:1.35rem;font-weight:600;font-variant-numeric:tabular-nums}
dd.note{font-size:.85rem;font-weight:400}
ul{padding-left:1.1rem;margin:.5rem 0 1rem}
li{margin:.35rem 0;overflow-wrap:anywhere}
li.bad::marker{color:var(--bad);content:"✗ "}
li.warn::marker{color:var(--warn);content:"! "}
.scroll{overflow-x:auto;margin:0 0 1rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;color:var(--quiet);padding:.25rem 0}
th,td{text-align:left;padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
figure{margin:0 0 1.25rem;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.85rem}
figcaption{font-weight:600}
figcaption .note{font-weight:400}
svg{display:block;width:100%;height:auto;margin-top:.5rem;overflow:visible}
svg .grid{stroke:var(--line);stroke-width:1}
svg .tick{fill:var(--quiet);font-size:11px}
svg rect.accent,svg circle.accent{fill:var(--accent)}
svg rect.bad,svg circle.bad{fill:var(--bad)}
svg rect.quiet,svg circle.quiet{fill:var(--quiet)}
svg .line{fill:none;stroke-width:2;stroke-linejoin:round}
svg .line.accent{stroke:var(--accent)}
svg .line.bad{stroke:var(--bad)}
svg .line.quiet{stroke:var(--quiet)}
svg .dashed{stroke-dasharray:5 4}
.legend{display:flex;gap:1rem;flex-wrap:wrap;margin:.35rem 0 0;font-size:.85rem;color:var(--quiet)}
.legend span::before{content:"";display:inline-block;width:1rem;height:0;border-top:3px solid var(--quiet);margin-right:.4rem;vertical-align:middle}
.legend .accent::before{border-color:var(--accent)}
.legend .bad::before{border-color:var(--bad)}
.legend .dashed::before{border-top-style:dashed}
summary{color:var(--quiet);cursor:pointer;font-size:.85rem;margin-top:.5rem}
footer{margin-top:3rem;font-size:.85rem}
@media (max-width:36rem){svg .tick{font-size:22px}svg .other{display:none}}
.again{display:none}
@media print{
:root{color-scheme:light;--ground:#fff;--card:#fff;--ink:#000;--quiet:#444;--line:#ccc;--accent:#2f6fde;--bad:#c4352f;--warn:#9a6200}
html{font-size:12px}
body{padding:0;max-width:none;font-size:1rem;orphans:3;widows:3}
nav,details,caption{display:none}
.again{display:table-row}
.again td{color:var(--quiet);border:0;padding-top:0}
.scroll{overflow:visible}
figure,tr,li,.whole,.figures{break-inside:avoid}
h2{break-after:avoid;margin-top:1.75rem}
p:has(+.scroll),p:has(+figure),p:has(+ul){break-after:avoid}
.figures{grid-template-columns:repeat(5,1fr)}
footer{margin-top:1.5rem}
}
`;

/** Paper: its size, its margins, and on each page its number and, after the first, the title. */
function paperStyle(title: string): string {
  const small = 'font:9px system-ui,sans-serif;color:#555';
  return (
    `@page{size:A4;margin:17mm 15mm 18mm;` +
    `@top-left{content:${cssText(title)};${small}}` +
    `@bottom-left{content:"AI-BOS Telemetry";${small}}` +
    `@bottom-right{content:"Page " counter(page) " of " counter(pages);${small}}}` +
    `@page:first{@top-left{content:none}}`
  );
}

/** A text in CSS; all but letters, digits and spaces by their numbers, so that it cannot leave its place. */
function cssText(text: string): string {
  return `"${text.replace(/[^\p{L}\p{N} ]/gu, (sign) => `\\${sign.codePointAt(0)?.toString(16)} `)}"`;
}
