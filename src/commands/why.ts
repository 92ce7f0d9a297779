import { createStyle } from '../lib/ansi-style.ts';
import { EXIT } from '../lib/errors.ts';
import { formatJson } from '../lib/format-json.ts';
import { openSource } from '../sources/open-source.ts';
import { diagnose } from '../stories/diagnose/diagnose.ts';
import { narrowDiagnosis } from '../stories/diagnose/narrow-diagnosis.ts';
import { renderWhy } from '../stories/render/render-why.ts';
import { renderWhyMarkdown } from '../stories/render/render-why-markdown.ts';
import { whyToJson } from '../stories/render/why-to-json.ts';
import { chooseByObject } from './choose-stories.ts';
import type { CommandModule } from './command.ts';
import { createSourceNotes, noteEmpty, noteGaps } from './event-notes.ts';
import { askForKinds } from './kind-meanings.ts';
import { parseObjects, scopeFor } from './parse-objects.ts';
import { printText } from './print.ts';
import { readStories } from './read-stories.ts';

/** Columns of a line where there is no terminal. */
const WIDTH = 120;

export const command: CommandModule = {
  outputs: ['text', 'json', 'markdown'],
  argumentKind: 'object',
  examples: [
    ['hark why', 'what is wrong in the namespace now; exit code 1 when something is'],
    ['hark why deploy/web', 'with one Deployment, its Pods and what they wait for'],
    ['hark why -A -o json', 'with everything, for an alert: findings keep their ids'],
    ['hark why -o markdown', 'for an incident document'],
    ['hark why --from must-gather.tar.gz', 'when a dump was taken'],
  ],
  declare(parser) {
    parser.argument('[object...]', 'KIND/NAME…, or KIND NAME…; everything, when none is named');
  },
  async run(context, call) {
    const { args, globals } = call;
    const words = args.length === 0 ? [] : parseObjects(args, 'the object').map(({ typedKind }) => typedKind);
    const dictionary = await askForKinds(words, globals, context);
    const objects = args.length === 0 ? [] : parseObjects(args, 'the object', dictionary);
    const source = await openSource(context, scopeFor(objects, globals), { objects: true });
    try {
      const noteSource = createSourceNotes(source, context);
      await noteSource();
      const { told, asOf } = await readStories(source, call, context);
      await noteSource();
      if (told.length === 0) await noteEmpty(source, source.scope, [], context);
      const chosen = objects.length === 0 ? undefined : await chooseByObject(told, objects, source, context);
      if (chosen?.stories.length === 0) return EXIT.nothing;
      const all = diagnose(told, asOf);
      const diagnosis = chosen === undefined ? all : narrowDiagnosis(all, chosen.stories, chosen.isWanted);
      const { stdout } = context;
      if (globals.output === 'json') await printText(stdout, `${formatJson(whyToJson(diagnosis), 4)}\n`);
      else if (globals.output === 'markdown')
        await printText(stdout, `${renderWhyMarkdown(diagnosis, asOf)}\n`);
      else {
        const lines = renderWhy(diagnosis, {
          width: stdout.columns ?? WIDTH,
          now: asOf,
          style: createStyle(globals.color),
          namespaces: source.scope.namespaces?.length !== 1,
        });
        await printText(stdout, `${lines.join('\n')}\n`);
      }
      await noteGaps(source, { ...source.scope, since: told.at(-1)?.from ?? asOf }, context);
      return diagnosis.findings.length === 0 ? EXIT.done : EXIT.nothing;
    } finally {
      await source.reader.close();
    }
  },
};
