/** Questions one after the other in the quick input, with a way back; nothing is answered where one is left. */
import * as vscode from 'vscode';
import { t } from '../../text.ts';

export interface Choice<T> extends vscode.QuickPickItem {
  value: T;
}

export type Answered<T> = { answer: T } | 'back' | undefined;

export interface StepOptions {
  title: string;
  step: number;
  totalSteps: number;
  placeholder: string;
}

export function choose<T>(options: StepOptions, items: readonly Choice<T>[]): Promise<Answered<T>> {
  const pick = vscode.window.createQuickPick<Choice<T>>();
  pick.items = items;
  pick.matchOnDescription = true;
  return ask(pick, options, () => {
    const [chosen] = pick.selectedItems;
    return chosen && { answer: chosen.value };
  });
}

/** @param problem what is wrong with the text, in words */
export function write(
  options: StepOptions & { value?: string },
  problem: (text: string) => string | undefined = () => undefined,
): Promise<Answered<string>> {
  const input = vscode.window.createInputBox();
  input.value = options.value ?? '';
  input.onDidChangeValue((text) => {
    input.validationMessage = problem(text) ?? '';
  });
  return ask(input, options, () =>
    problem(input.value) === undefined ? { answer: input.value.trim() } : undefined,
  );
}

function ask<T>(
  input: vscode.QuickInput & {
    placeholder: string | undefined;
    buttons: readonly vscode.QuickInputButton[];
    onDidAccept: vscode.Event<void>;
    onDidTriggerButton: vscode.Event<vscode.QuickInputButton>;
  },
  { title, step, totalSteps, placeholder }: StepOptions,
  answer: () => Answered<T>,
): Promise<Answered<T>> {
  Object.assign(input, { title, step, totalSteps, placeholder, ignoreFocusOut: true });
  if (step > 1) input.buttons = [vscode.QuickInputButtons.Back];
  return new Promise((resolve) => {
    let result: Answered<T>;
    input.onDidTriggerButton(() => {
      result = 'back';
      input.hide();
    });
    input.onDidAccept(() => {
      result = answer();
      if (result !== undefined) input.hide();
    });
    input.onDidHide(() => {
      input.dispose();
      resolve(result);
    });
    input.show();
  });
}

/** Runs steps that fill in one record; `undefined` where the reader left. */
export async function inSteps<T>(
  start: T,
  steps: readonly ((soFar: T, at: { step: number; totalSteps: number }) => Promise<Answered<Partial<T>>>)[],
): Promise<T | undefined> {
  let filled = start;
  for (let at = 0; at < steps.length; ) {
    const result = await steps[at]?.(filled, { step: at + 1, totalSteps: steps.length });
    if (result === undefined) return undefined;
    if (result === 'back') at = Math.max(0, at - 1);
    else {
      filled = { ...filled, ...result.answer };
      at++;
    }
  }
  return filled;
}

export const SKIP = () => t('Press Enter to leave it out');
