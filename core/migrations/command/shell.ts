/**
 * Splits a command line into its simple commands, far enough to tell which programs run with which words. It expands
 * nothing and never fails: what is unfinished runs to the end.
 */

export interface SimpleCommand {
  /** `NAME=value` before the program. */
  assignments: Record<string, string>;
  /** Program and arguments without their quotes. */
  words: string[];
  /** File that is read as standard input: `< FILE`. */
  input?: string;
  /** The command whose output it reads: `… | this`. */
  from?: SimpleCommand;
  /** Folder it runs in, as `cd` before it says; undefined for the folder of the whole line. */
  folder?: string;
  /** The operator behind it; empty at the end of the line. */
  joint: string;
}

type Piece = { word: string; quoted: boolean } | { operator: string };

const OPERATORS = [
  '&&',
  '||',
  ';;',
  '<<<',
  '<<',
  '>>',
  '>&',
  '<&',
  '&>',
  '|&',
  '|',
  ';',
  '&',
  '\n',
  '<',
  '>',
  '(',
  ')',
];
const ASSIGNMENT = /^([A-Za-z_]\w*)=([\s\S]*)$/;
/** `$env:NAME = "value"` of PowerShell. */
const POWERSHELL = /^\$env:(\w+)(?:=([\s\S]*))?$/i;

/** The simple commands of a line, in order. */
export function simpleCommands(line: string): SimpleCommand[] {
  const commands: SimpleCommand[] = [];
  const kept: Record<string, string> = {};
  let folder: string | undefined;
  let from: SimpleCommand | undefined;
  let current = empty();
  let redirect: string | undefined;

  const end = (operator: string) => {
    const { words, assignments } = current;
    const [program = '', ...rest] = words;
    const set = POWERSHELL.exec(program);
    if (set?.[1]) kept[set[1]] = set[2] ?? rest.filter((word) => word !== '=').join(' ');
    else if (program === 'export') Object.assign(kept, assigned(rest));
    if (program === 'cd' || program === 'pushd')
      folder = inside(
        folder,
        rest.find((word) => !word.startsWith('-')),
      );
    else if (words.length > 0) {
      commands.push({
        ...current,
        joint: operator,
        assignments: { ...kept, ...assignments },
        ...(from ? { from } : {}),
        ...(folder === undefined ? {} : { folder }),
      });
    } else Object.assign(kept, assignments);
    from = operator === '|' || operator === '|&' ? commands.at(-1) : undefined;
    current = empty();
    redirect = undefined;
  };

  for (const piece of pieces(line)) {
    if ('operator' in piece) {
      if (['<', '>', '>>', '&>', '>&', '<&', '<<', '<<<'].includes(piece.operator)) redirect = piece.operator;
      else end(piece.operator);
    } else if (redirect !== undefined) {
      if (redirect === '<') current.input = piece.word;
      redirect = undefined;
    } else {
      const set = current.words.length === 0 ? ASSIGNMENT.exec(piece.word) : undefined;
      if (set?.[1]) current.assignments[set[1]] = set[2] ?? '';
      else current.words.push(piece.word);
    }
  }
  end('');
  return commands;
}

function assigned(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.flatMap((word) => {
      const [, name, value = ''] = ASSIGNMENT.exec(word) ?? [];
      return name ? [[name, value]] : [];
    }),
  );
}

function empty(): SimpleCommand {
  return { assignments: {}, words: [], joint: '' };
}

function inside(folder: string | undefined, to: string | undefined): string | undefined {
  if (to === undefined || to === '.') return folder;
  return folder === undefined || /^(?:[/~]|[A-Za-z]:)/.test(to) ? to : `${folder}/${to}`;
}

/** Words and operators, in order. A backslash keeps the next sign; on Windows it is a separator where a name goes on. */
function* pieces(line: string): Generator<Piece> {
  let word = '';
  let quoted = false;
  let open = false;
  const flush = function* (): Generator<Piece> {
    if (open) yield { word, quoted };
    word = '';
    quoted = false;
    open = false;
  };
  for (let at = 0; at < line.length; ) {
    const c = line.charAt(at);
    if (c === "'" || c === '"') {
      const [text, next] = quotation(line, at, c);
      word += text;
      quoted = true;
      open = true;
      at = next;
    } else if (c === '\\' || c === '`') {
      const next = line.charAt(at + 1);
      if (next === '\n' || next === '\r') at += line.startsWith('\r\n', at + 1) ? 3 : 2;
      else if (c === '\\' && /[A-Za-z0-9._-]/.test(next)) {
        word += c;
        open = true;
        at++;
      } else {
        word += next;
        open ||= next !== '';
        at += 2;
      }
    } else if (c === '#' && !open) {
      const newline = line.indexOf('\n', at);
      at = newline === -1 ? line.length : newline;
    } else {
      const operator = OPERATORS.find((candidate) => line.startsWith(candidate, at));
      if (operator) {
        // `2>` and `1>`: the number belongs to the redirection.
        if (/^[<>]/.test(operator) && /^\d$/.test(word) && !quoted) {
          word = '';
          open = false;
        }
        yield* flush();
        yield { operator };
        at += operator.length;
      } else if (/\s/.test(c)) {
        yield* flush();
        at++;
      } else {
        word += c;
        open = true;
        at++;
      }
    }
  }
  yield* flush();
}

/** The text of a quotation that begins at `at`, and where the line goes on. */
function quotation(line: string, at: number, mark: string): [text: string, next: number] {
  let text = '';
  for (let i = at + 1; i < line.length; i++) {
    const c = line.charAt(i);
    if (c === mark) return [text, i + 1];
    if (c === '\\' && mark === '"' && /["\\$`]/.test(line.charAt(i + 1))) text += line.charAt(++i);
    else text += c;
  }
  return [text, line.length];
}
