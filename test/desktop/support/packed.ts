/** Packs the app with electron-builder around a stand-in for Electron, and looks into what comes out. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type TestScope, temporaryFolder } from '../../support/temp.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const BUILDER = join(ROOT, 'node_modules', 'electron-builder', 'cli.js');

/** Marks the place of the fuses in Electron's binary (electronjs.org/docs/latest/tutorial/fuses). */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** As Electron ships: on, or off, or `r` for one that was removed. */
const SHIPPED_FUSES = '101000110';

export interface Packed {
  /** Path below the archive to content. */
  files: Map<string, Buffer>;
  /** The fuses after packing, one character each. */
  fuses: string;
}

/** Takes about three seconds; needs no network. */
export async function packApp(scope: TestScope): Promise<Packed> {
  const electron = temporaryFolder(scope, 'aibos-electron-');
  const output = temporaryFolder(scope, 'aibos-packed-');
  const wire = Buffer.concat([
    Buffer.from(`ELF ${FUSE_SENTINEL}`),
    Buffer.from([1, SHIPPED_FUSES.length]),
    Buffer.from(SHIPPED_FUSES),
  ]);
  writeFileSync(join(electron, 'electron'), wire);
  chmodSync(join(electron, 'electron'), 0o755);
  for (const name of ['LICENSE', 'version']) writeFileSync(join(electron, name), '');
  mkdirSync(join(electron, 'resources'));
  const overrides = [`-c.electronDist=${electron}`, `-c.directories.output=${output}`];
  await promisify(execFile)(process.execPath, [BUILDER, '--dir', '--publish', 'never', ...overrides], {
    cwd: ROOT,
  });
  const app = join(output, 'linux-unpacked');
  const binary = readFileSync(join(app, 'aibos-telemetry'));
  const at = binary.indexOf(FUSE_SENTINEL) + FUSE_SENTINEL.length;
  return {
    files: readArchive(readFileSync(join(app, 'resources', 'app.asar'))),
    fuses: binary.toString('latin1', at + 2, at + 2 + (binary[at + 1] ?? 0)),
  };
}

/** Writes the files of the archive into a folder. */
export function unpack({ files }: Packed, folder: string): void {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

interface ArchiveFolder {
  files: Record<string, ArchiveFolder | { size: number; offset: string }>;
}

/** An asar archive: four lengths, the index as JSON, then the files one behind the other. */
function readArchive(archive: Buffer): Map<string, Buffer> {
  const begin = 8 + archive.readUInt32LE(4);
  const index = JSON.parse(archive.toString('utf8', 16, 16 + archive.readUInt32LE(12))) as ArchiveFolder;
  const found = new Map<string, Buffer>();
  const collect = (folder: ArchiveFolder, above: string) => {
    for (const [name, entry] of Object.entries(folder.files)) {
      if ('files' in entry) collect(entry, `${above}${name}/`);
      else {
        const at = begin + Number(entry.offset);
        found.set(above + name, archive.subarray(at, at + entry.size));
      }
    }
  };
  collect(index, '');
  return found;
}
