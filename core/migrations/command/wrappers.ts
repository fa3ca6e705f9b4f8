/** What stands before the program that really runs: `npx`, `docker compose exec db`, `sudo -u postgres`, `dotenv --`. */
import { TOOLS } from './tools.ts';

interface Wrapper {
  /** Words it begins with. */
  words: readonly string[];
  /** Its flags that are followed by a value. */
  values?: readonly string[];
  /** Arguments of its own before the command, flags not counted. */
  skip?: number;
  /** The command follows `--` only. */
  dashes?: boolean;
}

const DOCKER_VALUES = [
  '-e',
  '--env',
  '-u',
  '--user',
  '-w',
  '--workdir',
  '--index',
  '--env-file',
  '-v',
  '--volume',
  '--name',
  '--network',
  '-p',
];
const COMPOSE_VALUES = ['-f', '--file', '-p', '--project-name', '--profile', '--env-file'];

const WRAPPERS: readonly Wrapper[] = [
  { words: ['sudo'], values: ['-u', '-g', '-h', '-U'] },
  { words: ['doas'], values: ['-u'] },
  { words: ['time'] },
  { words: ['nohup'] },
  { words: ['exec'] },
  { words: ['command'] },
  { words: ['env'], values: ['-u', '-C'] },
  { words: ['nice'], values: ['-n'] },
  { words: ['timeout'], values: ['-s', '-k'], skip: 1 },
  { words: ['dotenv'], values: ['-e', '-f', '-c', '-p', '-v'] },
  { words: ['dotenvx', 'run'], values: ['-f', '-e'], dashes: true },
  { words: ['doppler', 'run'], values: ['-p', '-c', '--project', '--config'], dashes: true },
  { words: ['op', 'run'], values: ['--env-file'], dashes: true },
  { words: ['infisical', 'run'], values: ['--env', '--path'], dashes: true },
  { words: ['cross-env'] },
  { words: ['npx'], values: ['-p', '--package', '-w'] },
  { words: ['bunx'] },
  { words: ['pnpx'] },
  { words: ['npm', 'exec'], values: ['-p', '--package', '-w', '--prefix'] },
  { words: ['npm', 'x'], values: ['-p', '--package', '-w'] },
  { words: ['pnpm', 'dlx'], values: ['--package', '-C', '--filter', '-F'] },
  { words: ['pnpm', 'exec'], values: ['-C', '--filter', '-F'] },
  { words: ['yarn', 'dlx'], values: ['-p'] },
  { words: ['yarn', 'exec'] },
  { words: ['bun', 'x'] },
  { words: ['deno', 'run'], values: ['--config'] },
  { words: ['bundle', 'exec'] },
  { words: ['poetry', 'run'] },
  { words: ['pipenv', 'run'] },
  { words: ['uv', 'run'], values: ['--with', '--python', '-p', '--project'] },
  { words: ['uvx'], values: ['--from'] },
  { words: ['rye', 'run'] },
  { words: ['hatch', 'run'] },
  { words: ['composer', 'exec'] },
  { words: ['php'], values: ['-d'] },
  { words: ['cargo'], values: [] },
  { words: ['go', 'run'], skip: 0 },
  { words: ['heroku', 'run'], values: ['-a', '--app'] },
  { words: ['docker', 'exec'], values: DOCKER_VALUES, skip: 1 },
  { words: ['docker', 'container', 'exec'], values: DOCKER_VALUES, skip: 1 },
  { words: ['docker', 'run'], values: DOCKER_VALUES, skip: 1 },
  { words: ['podman', 'exec'], values: DOCKER_VALUES, skip: 1 },
  { words: ['kubectl', 'exec'], values: ['-n', '--namespace', '-c', '--container'], dashes: true },
];

const PYTHON = /^(?:python(?:\d(?:\.\d+)?)?|py)$/;
const SHELL = /^(?:ba|z|da|k|fi)?sh$/;
/** Programs that run a script of a project under its name. */
const RUNNERS = /^(?:npm|pnpm|yarn|bun|make|gmake|just|task|composer|mise|rake|nx|turbo)$/;

/** Runners that run a package's program under its own name. */
const YARN = /^(?:yarn|pnpm|bun)$/;
const TOOL_PROGRAMS = new Set(TOOLS.flatMap(({ programs }) => programs));

/** What is left once all that stands around it is taken off. */
export interface Unwrapped {
  words: string[];
  /** `NAME=value` that a wrapper sets. */
  assignments: Record<string, string>;
  /** The command line given to a shell: `sh -c "…"`. */
  line?: string;
  /** Name of a script of the project, and who runs it. */
  script?: { runner: string; name: string };
  /** Whether it runs in a container, or on another machine. */
  elsewhere: boolean;
}

export function unwrap(given: readonly string[]): Unwrapped {
  let words = [...given];
  const assignments: Record<string, string> = {};
  let elsewhere = false;
  // Each turn takes at least one word off.
  for (;;) {
    const program = programOf(words[0] ?? '');
    const compose = composeWords(program, words);
    const wrapper =
      compose ??
      WRAPPERS.find(({ words: head }) => head.every((word, i) => (i === 0 ? program : words[i]) === word));
    if (wrapper) {
      elsewhere ||= /^(?:docker|podman|kubectl|heroku)/.test(program);
      const rest = behind(words.slice(wrapper.words.length), wrapper, assignments);
      if (rest.length === 0) return { words, assignments, elsewhere };
      words = rest;
    } else if (PYTHON.test(program)) {
      const at = words.findIndex((word, i) => i > 0 && (word === '-m' || !word.startsWith('-')));
      if (at === -1) return { words, assignments, elsewhere };
      words = words.slice(words[at] === '-m' ? at + 1 : at);
      if (words.length === 0) return { words, assignments, elsewhere };
    } else break;
  }
  const program = programOf(words[0] ?? '');
  if (SHELL.test(program)) {
    const at = words.findIndex((word, i) => i > 0 && /^-[a-z]*c$/.test(word));
    const line = at === -1 ? undefined : words[at + 1];
    if (line !== undefined) return { words, assignments, line, elsewhere };
  }
  if (YARN.test(program) && words[1] && TOOL_PROGRAMS.has(programOf(words[1])))
    return { words: words.slice(1), assignments, elsewhere };
  const script = RUNNERS.test(program) ? scriptOf(program, words.slice(1)) : undefined;
  return { words, assignments, elsewhere, ...(script ? { script } : {}) };
}

/** `bin/rails`, `./node_modules/.bin/prisma`, `C:\x\psql.exe`: the name alone. */
export function programOf(word: string): string {
  const base = word.split(/[/\\]/).at(-1) ?? '';
  return base.replace(/\.(?:exe|cmd|bat|ps1|rb|phar)$/i, '').replace(/@[\w.^~-]+$/, '');
}

/** `docker compose -f x exec`: flags stand between the words. */
function composeWords(program: string, words: readonly string[]): Wrapper | undefined {
  let at = program === 'docker-compose' || program === 'podman-compose' ? 1 : 0;
  if ((program === 'docker' || program === 'podman') && words[1] === 'compose') at = 2;
  if (at === 0) return undefined;
  while (at < words.length && words[at]?.startsWith('-'))
    at += COMPOSE_VALUES.includes(words[at] ?? '') ? 2 : 1;
  if (words[at] !== 'exec' && words[at] !== 'run') return undefined;
  return { words: words.slice(0, at + 1), values: DOCKER_VALUES, skip: 1 };
}

function behind(
  words: readonly string[],
  { values = [], skip = 0, dashes = false }: Wrapper,
  assignments: Record<string, string>,
): string[] {
  if (dashes) {
    const at = words.indexOf('--');
    return at === -1 ? [] : words.slice(at + 1);
  }
  let left = skip;
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at] ?? '';
    const set = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(word);
    if (word === '--') {
      if (left === 0) return words.slice(at + 1);
    } else if (
      word === '-c' &&
      values.includes('-p') &&
      words[at + 1] !== undefined &&
      words.length === at + 2
    ) {
      // npx -c "command line"
      return ['sh', '-c', words[at + 1] ?? ''];
    } else if (word.startsWith('-')) {
      if ((word === '-e' || word === '--env') && values.includes(word))
        assign(words[at + 1] ?? '', assignments);
      if (values.includes(word)) at++;
    } else if (set?.[1]) assignments[set[1]] = set[2] ?? '';
    else if (left > 0) left--;
    else break;
  }
  return words.slice(at);
}

function assign(word: string, assignments: Record<string, string>): void {
  const set = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(word);
  if (set?.[1]) assignments[set[1]] = set[2] ?? '';
}

/** Flags of runners that are followed by a value. */
const RUNNER_VALUES = [
  '--prefix',
  '-C',
  '--cwd',
  '--filter',
  '-F',
  '-w',
  '--workspace',
  '-f',
  '--file',
  '-j',
  '--directory',
];

function scriptOf(runner: string, words: readonly string[]): { runner: string; name: string } | undefined {
  const names: string[] = [];
  for (let at = 0; at < words.length && words[at] !== '--'; at++) {
    const word = words[at] ?? '';
    if (RUNNER_VALUES.includes(word)) at++;
    else if (!word.startsWith('-') && !word.includes('=')) names.push(word);
  }
  const [first, second] = names;
  const name = first === 'run' || first === 'run-script' ? second : first;
  return name === undefined ? undefined : { runner, name };
}
