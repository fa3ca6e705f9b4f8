/** The part of the WebAssembly interface that is used in `core`, where neither Node's types nor the DOM's are known. */
declare namespace WebAssembly {
  type Exports = Record<string, unknown>;
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  interface Instance {
    readonly exports: Exports;
  }
  // biome-ignore lint/suspicious/noEmptyInterface: an opaque handle
  interface Module {}
  const Memory: new () => Memory;
  const Module: {
    new (bytes: Uint8Array): Module;
    imports(module: Module): { name: string }[];
  };
  const Instance: new (module: Module, imports: object) => Instance;
  function instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: Instance; module: object }>;
}
