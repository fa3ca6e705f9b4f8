/** The line of a failed command's output that says why. Package managers bury it among what they always say. */

/** What npm and apt say around the reason, whatever it is. */
const AROUND = [
  /^(?:code|errno|syscall|path|command|signal|enoent)\s/i,
  /^command failed/i,
  /^A complete log of this run/i,
  /^(?:gyp|node-pre-gyp) (?:info|http|verb)\b/i,
  /^gyp ERR! (?:System|command|cwd|node|not ok|stack\s+at)\b/i,
  /^at /,
];
const SAYS_WHY = /\berror\b\s*[:!]|\bERR!|not found|no such file|cannot|could not|unable to|requires?\b/i;

/**
 * @param {unknown} error an Error whose message is all that the command said, or the text itself
 * @returns {string} one line
 */
export function failureReason(error) {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
  const marked = lines.filter((line) => /^(?:E:|npm (?:error|ERR!))\s/.test(line));
  const said = (marked.length > 0 ? marked : lines)
    .map((line) => line.replace(/^(?:E:|npm (?:error|ERR!))\s+/, '').trim())
    .filter((line) => line !== '' && !AROUND.some((pattern) => pattern.test(line)));
  return said.findLast((line) => SAYS_WHY.test(line)) ?? said.at(-1) ?? 'no reason was given';
}
