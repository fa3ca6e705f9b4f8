/** The part of the WebAssembly interface that `sqlite.ts` uses; neither Node's types nor the DOM's are known in `core`. */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  interface Instance {
    readonly exports: Record<string, unknown>;
  }
  const Memory: new () => Memory;
  function instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: Instance; module: object }>;
}
