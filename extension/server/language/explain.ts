/** A rule's page as a file that an editor can open, written when it is asked for. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ruleText } from '../../../core/check/rule-docs.ts';
import { nodePlatform } from '../../../core/node/platform.ts';
import { replaceFile } from '../../../core/node/store/durable-file.ts';

/** Its URI; undefined where there is no such rule. */
export function explainRule(folder: string, rule: string): string | undefined {
  const text = ruleText(rule);
  if (text === undefined) return undefined;
  const path = join(folder, `${rule}.md`);
  replaceFile(path, [nodePlatform.encodeUtf8(`${text}\n`)]);
  return pathToFileURL(path).href;
}
