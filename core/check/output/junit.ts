/**
 * JUnit XML as CI servers read it: a file is a test suite, a statement a test case, a finding that fails the check a
 * failure, any other finding output of the case.
 */
import type { CheckedFile, CheckFinding, CheckResult } from '../result.ts';

/** @param fails whether a finding counts as a failed test */
export function toJunit({ files }: CheckResult, fails: (finding: CheckFinding) => boolean): string {
  const suites = files.map((file) => suite(file, fails));
  const tests = suites.reduce((sum, { tests }) => sum + tests, 0);
  const failures = suites.reduce((sum, { failures }) => sum + failures, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="aibos check" tests="${tests}" failures="${failures}">`,
    ...suites.map(({ xml }) => xml),
    '</testsuites>',
  ].join('\n');
}

interface Suite {
  tests: number;
  failures: number;
  xml: string;
}

function suite(file: CheckedFile, fails: (finding: CheckFinding) => boolean): Suite {
  const cases = file.statements.map(({ index, kind, line, findings }) => ({
    name: `${index + 1}. ${kind} (line ${line})`,
    findings,
  }));
  const about = file.findings ?? [];
  if (about.length > 0 || cases.length === 0) cases.unshift({ name: 'file', findings: about });
  const failed = cases.filter(({ findings }) => findings.some(fails)).length;
  const body = cases.map(({ name, findings }) => testCase(file.path, name, findings, fails));
  const xml = [
    `  <testsuite name="${escaped(file.path)}" tests="${cases.length}" failures="${failed}" errors="0" skipped="0">`,
    ...body,
    '  </testsuite>',
  ].join('\n');
  return { tests: cases.length, failures: failed, xml };
}

function testCase(
  path: string,
  name: string,
  findings: readonly CheckFinding[],
  fails: (finding: CheckFinding) => boolean,
): string {
  const head = `    <testcase classname="${escaped(path)}" name="${escaped(name)}" file="${escaped(path)}"`;
  if (findings.length === 0) return `${head}/>`;
  const failing = findings.filter(fails);
  const rest = findings.filter((finding) => !fails(finding));
  const lines = [`${head}>`];
  const [first] = failing;
  if (first) {
    lines.push(
      `      <failure type="${escaped(first.rule)}" message="${escaped(first.message)}">${escaped(failing.map((one) => described(path, one)).join('\n\n'))}</failure>`,
    );
  }
  if (rest.length > 0)
    lines.push(
      `      <system-out>${escaped(rest.map((one) => described(path, one)).join('\n\n'))}</system-out>`,
    );
  lines.push('    </testcase>');
  return lines.join('\n');
}

function described(path: string, { severity, rule, message, fix, line, column }: CheckFinding): string {
  const place = `${path}:${line}:${column}: ${severity}[${rule}]: ${message}`;
  return fix === undefined ? place : `${place}\nDo this instead:\n${fix}`;
}

/** Also leaves out what XML 1.0 has no way to write: most control characters and halves of a surrogate pair. */
function escaped(text: string): string {
  let kept = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const control = code < 0x20 && code !== 9 && code !== 10 && code !== 13;
    if (!control && !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff)
      kept += character;
  }
  return kept
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
