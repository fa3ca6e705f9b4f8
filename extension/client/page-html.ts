/** The document of the dashboard's webview. Pure. */

export interface PageParts {
  script: string;
  style: string;
  /** What the editor calls this webview's own resources in a content security policy. */
  cspSource: string;
  /** Unguessable, and another one each time. */
  nonce: string;
}

/** Nothing is loaded but the built pages, no inline script runs, and nothing goes over the network. */
export function pageHtml({ script, style, cspSource, nonce }: PageParts): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `img-src ${cspSource} data: blob:`,
    `font-src ${cspSource}`,
  ].join('; ');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>AI-BOS Dashboard</title>
    <link rel="stylesheet" href="${attribute(style)}">
  </head>
  <body>
    <div id="app"></div>
    <script type="module" nonce="${attribute(nonce)}" src="${attribute(script)}"></script>
  </body>
</html>
`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
