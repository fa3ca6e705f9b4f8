/** The summary of an import as text for a terminal, at most 100 columns wide where the names allow it. */
import { type FormatName, formats } from '../migrations/formats.ts';
import { count, day, duration, plural, workspaceName } from './format.ts';
import { plainStyle, type Style } from './style.ts';
import type { HistorySummary, ImportSummary } from './summary.ts';

export { plainStyle, type Style } from './style.ts';

const FAILURES_SHOWN = 8;

export function summaryText(summary: ImportSummary, style: Style = plainStyle): string {
  const sections = [
    heading(summary, style),
    section('Failed', failures(summary, style), style),
    section('Slowest in the shadow database', slowest(summary, style), style),
    section('Most changed tables', tables(summary), style),
    section('Insights', insights(summary, style), style),
    section('Models', models(summary, style), style),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

function heading({ workspace, histories, authors, from, to }: ImportSummary, style: Style): string {
  const period = from && to ? `, ${day(from)} to ${day(to)}` : '';
  const people = authors > 0 ? `, ${plural(authors, 'author')}` : '';
  const total = histories.reduce((sum, history) => sum + history.total, 0);
  const title =
    style.bold(`${workspaceName(workspace)}: ${plural(total, 'migration')}`) + style.dim(period + people);
  const width = Math.max(...histories.map(({ folder }) => folder.length), 0);
  return [title, ...histories.map((history) => historyLine(history, width, style))].join('\n');
}

function historyLine(
  { folder, tool, dialect, total, applied, failed, unknown }: HistorySummary,
  width: number,
  style: Style,
): string {
  const ran = style.good(`${count(applied)} of ${count(total)} applied`);
  const bad = failed > 0 ? `, ${style.bad(`${count(failed)} failed`)}` : '';
  const rest = unknown > 0 ? `, ${style.warn(`${count(unknown)} recorded, not run`)}` : '';
  const title = formats[tool as FormatName]?.title ?? tool;
  return `  ${folder.padEnd(width)}  ${style.dim(`${title}, ${dialect}`)}  ${ran}${bad}${rest}`;
}

function section(title: string, lines: string[], style: Style): string {
  return lines.length === 0 ? '' : [style.bold(title), ...lines.map((line) => `  ${line}`)].join('\n');
}

function failures({ failures: failed }: ImportSummary, style: Style): string[] {
  const lines = failed
    .slice(0, FAILURES_SHOWN)
    .flatMap(({ migration, file, line, reason, sqlState }) => [
      `${style.bad('✗')} ${migration}`,
      `  ${reason}${sqlState ? ` (SQLSTATE ${sqlState})` : ''}`,
      style.dim(`  ${file}${line === undefined ? '' : `:${line}`}`),
    ]);
  const more = failed.length - FAILURES_SHOWN;
  return more > 0 ? [...lines, style.dim(`… and ${plural(more, 'more', 'more')}`)] : lines;
}

function slowest({ slowest: slow }: ImportSummary, style: Style): string[] {
  const texts = slow.map(({ durationMs }) => duration(durationMs));
  const width = Math.max(0, ...texts.map((text) => text.length));
  return slow.map(({ migration }, i) => `${style.dim((texts[i] ?? '').padStart(width))}  ${migration}`);
}

function tables({ tables: changed }: ImportSummary): string[] {
  if (changed.length === 0) return [];
  return [changed.map(({ name, count: times }) => `${name} (${times})`).join(', ')];
}

function insights({ insights: found, recommendations }: ImportSummary, style: Style): string[] {
  return found.flatMap(({ id, title, severity }) => {
    const mark = severity === 'info' ? style.dim('·') : style.warn('!');
    const advice = recommendations.find(({ insight }) => insight === id);
    return [`${mark} ${title}`, ...(advice ? [style.dim(`  ${advice.action}`)] : [])];
  });
}

function models({ models: known }: ImportSummary, style: Style): string[] {
  const width = Math.max(0, ...known.map(({ name }) => name.length));
  return known.map(({ name, status, version, performance, message }) => {
    const { headline } = performance ?? {};
    const unit = headline?.unit ?? '';
    const figure = headline
      ? `${headline.name} ${headline.value}${unit}, baseline ${headline.baseline}${unit}`
      : '';
    const state = status === 'active' ? style.good(`version ${version}`) : style.dim('not active');
    const said = status === 'active' ? figure : [message, figure].filter(Boolean).join('; ');
    return `${name.padEnd(width)}  ${state}  ${said}`;
  });
}
