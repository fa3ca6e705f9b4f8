/**
 * Tables as `psql --csv`, `\copy … CSV HEADER` and `psql -A` write them: a header, then rows. Several may follow each
 * other in one text, each with its own header.
 */

/** A row, by the names of the header in lower case. */
export type NamedRow = Record<string, unknown>;

const DELIMITERS = [',', ';', '\t', '|'];
/** What `psql -A` writes below a table. */
const FOOTER = /^\(\d+ rows?\)$/;

/**
 * @param isHeader whether cells name columns that somebody knows
 * @returns undefined where the first line is no such header
 */
export function readDelimited(
  text: string,
  isHeader: (names: readonly string[]) => boolean,
): NamedRow[] | undefined {
  const firstLine = text.slice(0, text.search(/[\r\n]|$/));
  const delimiter = DELIMITERS.find((one) => isHeader(namesOf(cellsOf(firstLine, one)[0] ?? [])));
  if (delimiter === undefined) return undefined;
  const rows: NamedRow[] = [];
  let names: string[] = [];
  for (const cells of cellsOf(text, delimiter)) {
    const said = namesOf(cells);
    if (isHeader(said)) names = said;
    else if (cells.length > 1 || !FOOTER.test(cells[0]?.trim() ?? ''))
      rows.push(Object.fromEntries(names.map((name, i) => [name, cells[i]])));
  }
  return rows;
}

/** The names of a header, as rows are keyed by them. */
export function namesOf(cells: readonly string[]): string[] {
  return cells.map((cell) => cell.trim().toLowerCase());
}

/** RFC 4180 with any delimiter; empty lines are left out. */
function cellsOf(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  const endRow = () => {
    cells.push(cell);
    cell = '';
    if (cells.length > 1 || cells[0] !== '') rows.push(cells);
    cells = [];
  };
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] as string;
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[i + 1] === '"') {
        cell += '"';
        i++;
      } else quoted = false;
    } else if (letter === '"' && cell === '') quoted = true;
    else if (letter === delimiter) {
      cells.push(cell);
      cell = '';
    } else if (letter === '\n') endRow();
    else if (letter !== '\r') cell += letter;
  }
  if (cell !== '' || cells.length > 0) endRow();
  return rows;
}
