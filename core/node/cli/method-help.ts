/** The methods of the API for the command line's help, from the method table. */
import { type MethodSpec, methods, stream } from '../../contract/methods.ts';

export function methodHelp(): string {
  const rows = [
    ...Object.values(methods as Record<string, MethodSpec>).map(({ rest, summary }) => [
      rest.verb,
      rest.path,
      summary,
    ]),
    ['GET', stream.path, stream.summary],
    ['GET', '/openapi.json', 'All of this as an OpenAPI 3.1 document'],
  ];
  const width = Math.max(...rows.map(([, path = '']) => path.length));
  return [
    'API:',
    ...rows.map(([verb = '', path = '', text = '']) => `  ${verb.padEnd(4)} ${path.padEnd(width)}  ${text}`),
  ].join('\n');
}
