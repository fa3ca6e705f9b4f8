/** The machine that something was measured on, for every benchmark’s last line and file. */
import { availableParallelism, cpus, loadavg } from 'node:os';

export interface Machine {
  cpu: string;
  cores: number;
  load: number[];
  node: string;
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? '',
    cores: availableParallelism(),
    load: loadavg(),
    node: process.version,
  };
}

export function machineLine({ cpu, cores, load, node }: Machine): string {
  return `${cpu}, ${cores} cores, load ${load[0]?.toFixed(1)}, Node ${node}`;
}
