/** `process.parentPort` of an Electron utility process, over the channel of a plain child process. */
const parentPort = {
  on: (_event: 'message', listener: (event: { data: unknown }) => void) =>
    process.on('message', (data) => listener({ data })),
  postMessage: (message: unknown) => process.send?.(message),
};

Object.assign(process, { parentPort });
