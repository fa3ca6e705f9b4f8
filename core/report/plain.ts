/** A report as Markdown, and its tables as CSV. */
import type { Block, Chart, ReportDocument, Table } from './document.ts';
import { escapeCsv, escapeMarkdown } from './escape.ts';

/** Charts become their tables. */
export function documentMarkdown({ title, subtitle, sections }: ReportDocument): string {
  const parts = sections.flatMap((section) => [
    `## ${escapeMarkdown(section.title)}`,
    ...section.blocks.map(blockMarkdown),
  ]);
  return `${[`# ${escapeMarkdown(title)}`, escapeMarkdown(subtitle), ...parts].filter(Boolean).join('\n\n')}\n`;
}

/** One line a cell of any table, figure or chart: `section,table,row,column,value`. */
export function documentCsv({ sections }: ReportDocument): string {
  const lines = [['section', 'table', 'row', 'column', 'value']];
  for (const section of sections) {
    for (const block of section.blocks) {
      if ('figures' in block) {
        for (const { label, value } of block.figures)
          lines.push([section.title, 'figures', label, 'value', value]);
      } else if ('items' in block) {
        for (const [i, { text }] of block.items.entries())
          lines.push([section.title, 'list', String(i + 1), 'text', text]);
      } else if ('text' in block) {
        lines.push([section.title, 'text', '', '', block.text]);
      } else {
        const { caption, head, rows } = 'chart' in block ? chartTable(block) : block;
        for (const row of rows)
          for (const [i, { text }] of head.entries())
            if (i > 0) lines.push([section.title, caption, row[0] ?? '', text, row[i] ?? '']);
      }
    }
  }
  return `${lines.map((line) => line.map(escapeCsv).join(',')).join('\r\n')}\r\n`;
}

function blockMarkdown(block: Block): string {
  if ('figures' in block)
    return block.figures
      .map(
        ({ label, value, note }) =>
          `- **${escapeMarkdown(label)}**: ${escapeMarkdown(value)}${note ? ` (${escapeMarkdown(note)})` : ''}`,
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
  const line = (cells: string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
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
