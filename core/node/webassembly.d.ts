/** The one part of the WebAssembly interface that is used here; Node's types leave it to the DOM's. */
declare namespace WebAssembly {
  // biome-ignore lint/suspicious/noEmptyInterface: an opaque handle
  interface Module {}
  function compile(bytes: Uint8Array): Promise<Module>;
}
