/**
 * The part of `package.json` that is made from the tables beside this file. `npm run generate` writes it; a test fails when
 * they drift apart.
 */
import { CATEGORY, COMMANDS, type Command } from './commands.ts';
import { SETTINGS, type Setting } from './settings.ts';
import { VIEW_CONTAINER, VIEW_MENUS, VIEWS, WELCOMES } from './views.ts';
import { STEPS } from './walkthrough.ts';

/** Says where a text of the manifest stands in `package.nls.json`. */
type Localise = (key: string, text: string) => string;

/** `contributes` of the manifest, with `%key%` for each text; the texts themselves are {@link manifestTexts}. */
export function contributes() {
  return contributed((key) => `%${key}%`);
}

/** The texts of the manifest by their keys: `package.nls.json`, which translations stand beside. */
export function manifestTexts(): Record<string, string> {
  const texts: Record<string, string> = {};
  contributed((key, text) => {
    texts[key] = text;
    return text;
  });
  return texts;
}

function contributed(localise: Localise) {
  const commands: [string, Command][] = Object.entries(COMMANDS);
  const container = { id: VIEW_CONTAINER, title: 'AI-BOS', icon: 'extension/media/activity.svg' };
  return {
    commands: commands.map(([command, { title, enablement, icon }]) => ({
      command,
      title: localise(`command.${command}`, title),
      category: CATEGORY,
      ...(enablement ? { enablement } : {}),
      ...(icon ? { icon: `$(${icon})` } : {}),
    })),
    viewsContainers: { activitybar: [container] },
    views: {
      [VIEW_CONTAINER]: Object.entries(VIEWS).map(([id, { name, initialSize }]) => ({
        id,
        name: localise(`view.${id}`, name),
        icon: container.icon,
        initialSize,
      })),
    },
    viewsWelcome: WELCOMES.map(({ contents, ...welcome }, i) => ({
      ...welcome,
      contents: localise(`welcome.${welcome.view}.${i}`, contents),
    })),
    menus: {
      commandPalette: commands.flatMap(([command, { when, enablement }]) => {
        const condition = when === false ? 'false' : (when ?? enablement);
        return condition ? [{ command, when: condition }] : [];
      }),
      'view/title': VIEW_MENUS.flatMap(({ command, view, item, group }) =>
        item === undefined ? [{ command, when: `view == ${view}`, group }] : [],
      ),
      'view/item/context': VIEW_MENUS.flatMap(({ command, view, item, group }) =>
        item === undefined ? [] : [{ command, when: `view == ${view} && viewItem =~ ${item}`, group }],
      ),
    },
    configuration: {
      title: 'AI-BOS Telemetry',
      properties: Object.fromEntries(
        Object.entries(SETTINGS).map(([id, setting], order) => [
          id,
          { order, ...settingTexts(id, setting, localise) },
        ]),
      ),
    },
    jsonValidation: [{ fileMatch: 'aibos.manifest.json', url: './docs/aibos.manifest.schema.json' }],
    walkthroughs: [
      {
        id: 'start',
        title: localise('walkthrough.title', 'Get started with AI-BOS Telemetry'),
        description: localise(
          'walkthrough.description',
          'Learn from your own database migrations, on your own machine.',
        ),
        steps: STEPS.map((step) => ({
          ...step,
          title: localise(`walkthrough.${step.id}.title`, step.title),
          description: localise(`walkthrough.${step.id}.description`, step.description),
          media: { ...step.media, altText: localise(`walkthrough.${step.id}.altText`, step.media.altText) },
        })),
      },
    ],
  };
}

function settingTexts(id: string, setting: Setting, localise: Localise): Setting {
  const { markdownDescription, enumDescriptions } = setting;
  return {
    ...setting,
    markdownDescription: localise(`setting.${id}`, markdownDescription),
    ...(enumDescriptions
      ? {
          enumDescriptions: enumDescriptions.map((text, i) =>
            localise(`setting.${id}.${setting.enum?.[i]}`, text),
          ),
        }
      : {}),
  };
}
