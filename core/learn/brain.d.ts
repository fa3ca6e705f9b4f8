/** The one class of brain.js that is used; its package entry also loads a GPU backend that is not wanted here. */
declare module 'brain.js/dist/neural-network.js' {
  interface Options {
    hiddenLayers: number[];
    activation: 'sigmoid' | 'relu' | 'leaky-relu' | 'tanh';
  }
  interface TrainingOptions {
    iterations: number;
    errorThresh: number;
    learningRate: number;
    momentum: number;
    callbackPeriod?: number;
    callback?: () => void;
  }
  class NeuralNetwork {
    constructor(options: Options);
    train(
      data: { input: number[]; output: number[] }[],
      options: TrainingOptions,
    ): { error: number; iterations: number };
    run(input: number[]): Float32Array;
    toJSON(): object;
    fromJSON(json: object): this;
  }
  const module: { default: typeof NeuralNetwork };
  export default module;
}
