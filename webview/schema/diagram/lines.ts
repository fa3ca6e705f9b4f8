/** Text in as many lines as it needs, at most `most`, each of at most `letters`; broken after spaces and underscores. */
export function linesOf(text: string, letters: number, most: number): string[] {
  const width = Math.max(3, letters);
  const parts = text.match(/[^\s_]+[\s_]*/g) ?? [text];
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && (last + part).trimEnd().length <= width) lines[lines.length - 1] = last + part;
    else lines.push(part);
  }
  const kept = lines.slice(0, most).map((line) => line.trimEnd());
  const end = kept.length - 1;
  if (lines.length > most) kept[end] = `${kept[end]}…`;
  return kept.map((line) => clipped(line, width));
}

export function clipped(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1).replace(/…$/, '')}…` : text;
}
