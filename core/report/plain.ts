/** A report as Markdown, and its tables as CSV. */
import { textOf } from './amount.ts';
import type { Block, Cell, Chart, ReportDocument, Table } from './document.ts';
import { escapeCsv, escapeMarkdown } from './escape.ts';

/** Charts become their tables. */
export function documentMarkdown({ title, subtitle, sections }: ReportDocument): string {
  const parts = sections.flatMap((section) => [
    `## ${escapeMarkdown(section.title)}`,
    ...section.blocks.map(blockMarkdown),
  ]);
  return `${[`# ${escapeMarkdown(title)}`, escapeMarkdown(subtitle), ...parts].filter(Boolean).join('\n\n')}\n`;
}

/**
 * One line a cell of any table, figure or chart: `section,table,row,column,value,unit`. Numbers are written for programs,
 * as they are and without separators, shares of one, times in ISO 8601; the unit is empty for what is counted and for text.
 * What is not known has no line.
 */
export function documentCsv({ sections }: ReportDocument): string {
  const lines = [['section', 'table', 'row', 'column', 'value', 'unit']];
  for (const section of sections) {
    for (const block of section.blocks) {
      if ('figures' in block) {
        for (const { label, value } of block.figures)
          lines.push([section.title, 'figures', label, 'value', ...valueAndUnit(value)]);
      } else if ('items' in block) {
        for (const [i, { text }] of block.items.entries())
          lines.push([section.title, 'list', String(i + 1), 'text', text, '']);
      } else if ('text' in block) {
        lines.push([section.title, 'text', '', '', block.text, '']);
      } else {
        const { caption, head, rows } = 'chart' in block ? chartNumbers(block) : block;
        for (const row of rows)
          for (const [i, { text }] of head.entries())
            if (i > 0) lines.push([section.title, caption, textOf(row[0]), text, ...valueAndUnit(row[i])]);
      }
    }
  }
  const known = lines.filter(([, , , , value]) => value !== '' && value !== '–');
  return `${known.map((line) => line.map(escapeCsv).join(',')).join('\r\n')}\r\n`;
}

function valueAndUnit(cell: Cell | undefined): [string, string] {
  return typeof cell === 'object' ? [String(cell.value), cell.unit] : [cell ?? '', ''];
}

function blockMarkdown(block: Block): string {
  if ('figures' in block)
    return block.figures
      .map(
        ({ label, value, note }) =>
          `- **${escapeMarkdown(label)}**: ${escapeMarkdown(textOf(value))}${note ? ` (${escapeMarkdown(note)})` : ''}`,
      )
      .join('\n');
  if ('rows' in block) return tableMarkdown(block);
  if ('items' in block)
    return block.items
      .map(({ text, note }) => `- ${escapeMarkdown(text)}${note ? ` ${escapeMarkdown(note)}` : ''}`)
      .join('\n');
  if ('chart' in block) return tableMarkdown(chartTable(block));
  return escapeMarkdown(block.text);
}

function tableMarkdown({ caption, head, rows }: Table): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly Cell[]) =>
    `| ${cells.map((cell) => escapeMarkdown(textOf(cell))).join(' | ')} |`;
  const rule = `| ${head.map(({ numeric }) => (numeric ? '---:' : '---')).join(' | ')} |`;
  return [
    `**${escapeMarkdown(caption)}**`,
    '',
    line(head.map(({ text }) => text)),
    rule,
    ...rows.map(line),
  ].join('\n');
}

function chartTable({ title, unit, labels, series, format }: Chart): Table {
  return {
    caption: `${title} (${unit})`,
    head: [{ text: 'when' }, ...series.map(({ name }) => ({ text: name, numeric: true }))],
    rows: labels.map((label, i) => [
      label,
      ...series.map(({ values }) => {
        const value = values[i];
        return value === undefined ? '' : format(value);
      }),
    ]),
  };
}

/** The same for programs. */
function chartNumbers({ title, valueUnit, labels, times, series }: Chart): Table {
  const head = [{ text: 'when' }, ...series.map(({ name }) => ({ text: name, numeric: true }))];
  const rows = labels.map((label, i) => [
    times?.[i] ?? label,
    ...series.map(({ values }): Cell => {
      const value = values[i];
      return value === undefined ? '' : { text: '', value, unit: valueUnit };
    }),
  ]);
  return { caption: title, head, rows };
}
