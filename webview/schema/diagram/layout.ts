/**
 * Where everything stands: each cluster is laid out in layers by dagre, then the clusters are set in rows. The only file
 * that knows dagre.
 */
import { Graph, layout as layered } from '@dagrejs/dagre';
import { type Cluster, clustersOf } from './clusters.ts';
import type { Entity, EntityGraph, Reference } from './references.ts';

/** Sizes in the units of the drawing. */
export const HEAD_HEIGHT = 28;
export const ROW_HEIGHT = 18;
/** Columns that a table shows; the rest is said as a number. */
export const MOST_ROWS = 6;

const TABLE_WIDTH = 190;

const NODE_GAP = 14;
const LAYER_GAP = 44;
const PADDING = 24;
const TITLE_HEIGHT = 34;
/** Room for a title. */
const LEAST_WIDTH = 400;
const GAP = 48;
/** Width of the whole drawing by its height, where nothing else is asked. */
const ASPECT = 1.6;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layout {
  width: number;
  height: number;
  /** Labels of its tables, those that most refer to first. */
  clusters: readonly (Box & { title: string; tables: number; labels: readonly string[] })[];
  tables: ReadonlyMap<string, Box & { entity: Entity }>;
  lines: readonly { reference: Reference; path: string; within: boolean }[];
  /** How many references lead from one cluster to another, either way; clusters by their index. */
  bundles: readonly { from: number; to: number; references: number }[];
}

/**
 * Lays out a whole schema, with the columns of its tables or their names alone, about `aspect` times as wide as high. The
 * same graph always gets the same layout.
 */
export function layoutOf(graph: EntityGraph, withColumns: boolean, aspect = ASPECT): Layout {
  const heightOf = (entity: Entity | undefined) => (entity && withColumns ? fullHeight(entity) : HEAD_HEIGHT);
  const entities = new Map(graph.entities.map((entity) => [entity.name, entity]));
  const placed = clustersOf(graph).map((cluster) => ({
    cluster,
    ...clusterLayout(cluster, (name) => heightOf(entities.get(name)), graph.references),
  }));
  const { at, width, height } = inRows(placed, aspect);
  const tables = new Map<string, Box & { entity: Entity }>();
  placed.forEach(({ boxes }, i) => {
    const corner = at[i] ?? { x: 0, y: 0 };
    for (const [name, box] of boxes) {
      const entity = entities.get(name);
      if (entity) tables.set(name, { ...box, x: box.x + corner.x, y: box.y + corner.y, entity });
    }
  });
  const clusterOf = new Map(
    placed.flatMap(({ cluster }, i) => cluster.tables.map((name) => [name, i] as const)),
  );
  return {
    width,
    height,
    tables,
    clusters: placed.map(({ cluster, width: w, height: h }, i) => ({
      title: cluster.title,
      tables: cluster.tables.length,
      labels: byReferences(cluster.tables, graph.references).map((name) => entities.get(name)?.label ?? name),
      x: at[i]?.x ?? 0,
      y: at[i]?.y ?? 0,
      width: w,
      height: h,
    })),
    bundles: bundlesOf(graph.references, clusterOf),
    lines: graph.references.flatMap((reference) => {
      const from = tables.get(reference.from);
      const to = tables.get(reference.to);
      if (!from || !to) return [];
      const within = clusterOf.get(reference.from) === clusterOf.get(reference.to);
      return [{ reference, path: pathBetween(from, to), within }];
    }),
  };
}

function byReferences(tables: readonly string[], references: readonly Reference[]): string[] {
  const referred = countsOf(references.map(({ to }) => to));
  return [...tables].sort((a, b) => (referred.get(b) ?? 0) - (referred.get(a) ?? 0));
}

function countsOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function bundlesOf(
  references: readonly Reference[],
  clusterOf: ReadonlyMap<string, number>,
): Layout['bundles'] {
  const bundles = new Map<string, { from: number; to: number; references: number }>();
  for (const reference of references) {
    const ends = [clusterOf.get(reference.from) ?? 0, clusterOf.get(reference.to) ?? 0].sort((a, b) => a - b);
    const [from = 0, to = 0] = ends;
    if (from === to) continue;
    const bundle = bundles.get(`${from} ${to}`) ?? { from, to, references: 0 };
    bundle.references++;
    bundles.set(`${from} ${to}`, bundle);
  }
  return [...bundles.values()];
}

/** As high as the columns that it shows. */
function fullHeight({ columns }: Entity): number {
  const rows = Math.min(columns.length, MOST_ROWS) + (columns.length > MOST_ROWS ? 1 : 0);
  return HEAD_HEIGHT + rows * ROW_HEIGHT + 6;
}

interface Placed {
  width: number;
  height: number;
  boxes: ReadonlyMap<string, Box>;
}

/** Boxes count from the corner of the cluster. */
function clusterLayout(
  cluster: Cluster,
  heightOf: (table: string) => number,
  references: readonly Reference[],
): Placed {
  const inside = new Set(cluster.tables);
  const own = references.filter(({ from, to }) => from !== to && inside.has(from) && inside.has(to));
  const sizes = cluster.tables.map((name) => ({ name, width: TABLE_WIDTH, height: heightOf(name) }));
  return own.length === 0 ? inColumns(sizes) : inLayers(sizes, own);
}

interface Sized {
  name: string;
  width: number;
  height: number;
}

/** In layers from left to right; a layer that is much higher than the cluster is to be is broken into several columns. */
function inLayers(sizes: readonly Sized[], references: readonly Reference[]): Placed {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: NODE_GAP, ranksep: 70, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name, width, height } of sizes) graph.setNode(name, { width, height });
  for (const { from, to } of references) graph.setEdge(from, to);
  layered(graph);
  const layers = new Map<number, (Sized & { y: number })[]>();
  for (const size of sizes) {
    const { x = 0, y = 0 } = graph.node(size.name) as { x?: number; y?: number };
    const layer = Math.round(x);
    layers.set(layer, [...(layers.get(layer) ?? []), { ...size, y }]);
  }
  const area = sizes.reduce((sum, { width, height }) => sum + (width + LAYER_GAP) * (height + NODE_GAP), 0);
  const most = Math.sqrt(area / ASPECT) * 1.15;
  const columns = [...layers]
    .sort(([a], [b]) => a - b)
    .flatMap(([, tables]) =>
      brokenUp(
        tables.sort((a, b) => a.y - b.y),
        most,
      ),
    );
  const highest = Math.max(...columns.map(heightOfColumn));
  const boxes = new Map<string, Box>();
  let x = 0;
  for (const column of columns) {
    let y = (highest - heightOfColumn(column)) / 2;
    for (const { name, width, height } of column) {
      boxes.set(name, { x, y, width, height });
      y += height + NODE_GAP;
    }
    x += TABLE_WIDTH + LAYER_GAP;
  }
  return framed(boxes);
}

function heightOfColumn(column: readonly Sized[]): number {
  return column.reduce((sum, { height }) => sum + height + NODE_GAP, -NODE_GAP);
}

/** In as many columns of about the same height as keep below `most`. */
function brokenUp<T extends Sized>(layer: readonly T[], most: number): T[][] {
  const parts = Math.max(1, Math.round(heightOfColumn(layer) / most));
  const size = Math.ceil(layer.length / parts);
  return Array.from({ length: Math.ceil(layer.length / size) }, (_, i) =>
    layer.slice(i * size, (i + 1) * size),
  );
}

/** Side by side in columns of about the same height. */
function inColumns(sizes: readonly Sized[]): Placed {
  const columns = Math.max(1, Math.ceil(Math.sqrt(sizes.length / 1.5)));
  const heights = Array.from({ length: columns }, () => 0);
  const boxes = new Map<string, Box>();
  for (const { name, width, height } of sizes) {
    const column = heights.indexOf(Math.min(...heights));
    const y = heights[column] ?? 0;
    boxes.set(name, { x: column * (TABLE_WIDTH + 20), y, width, height });
    heights[column] = y + height + NODE_GAP;
  }
  return framed(boxes);
}

/** With room around for the frame and its title. */
function framed(boxes: ReadonlyMap<string, Box>): Placed {
  const all = [...boxes.values()];
  const left = Math.min(...all.map(({ x }) => x));
  const top = Math.min(...all.map(({ y }) => y));
  return {
    width: Math.max(LEAST_WIDTH, Math.max(...all.map(({ x, width }) => x + width)) - left + 2 * PADDING),
    height: Math.max(...all.map(({ y, height }) => y + height)) - top + 2 * PADDING + TITLE_HEIGHT,
    boxes: new Map(
      [...boxes].map(([name, box]) => [
        name,
        { ...box, x: box.x - left + PADDING, y: box.y - top + PADDING + TITLE_HEIGHT },
      ]),
    ),
  };
}

/** In rows as wide as a drawing of that area is to be; the highest first, so that rows waste little. */
function inRows(
  placed: readonly Placed[],
  aspect: number,
): {
  at: { x: number; y: number }[];
  width: number;
  height: number;
} {
  const area = placed.reduce((sum, { width, height }) => sum + (width + GAP) * (height + GAP), 0);
  const most = Math.max(Math.sqrt(area * aspect), ...placed.map(({ width }) => width));
  const order = placed.map((_, i) => i).sort((a, b) => (placed[b]?.height ?? 0) - (placed[a]?.height ?? 0));
  const at: { x: number; y: number }[] = [];
  let x = 0;
  let y = 0;
  let row = 0;
  let widest = 0;
  for (const i of order) {
    const { width, height } = placed[i] ?? { width: 0, height: 0 };
    if (x > 0 && x + width > most) {
      x = 0;
      y += row + GAP;
      row = 0;
    }
    at[i] = { x, y };
    x += width + GAP;
    row = Math.max(row, height);
    widest = Math.max(widest, x - GAP);
  }
  return { at, width: widest, height: y + row };
}

/** A curve from side to side, whichever sides face each other; a loop where a table refers to itself. */
function pathBetween(from: Box, to: Box): string {
  const y1 = from.y + HEAD_HEIGHT / 2;
  const y2 = to.y + HEAD_HEIGHT / 2;
  if (from === to) {
    const x = from.x + from.width;
    return `M${x} ${y1 - 6}c28 -14 28 26 0 12`;
  }
  const rightwards = to.x >= from.x + from.width;
  const leftwards = to.x + to.width <= from.x;
  const x1 = leftwards ? from.x : from.x + from.width;
  const x2 = rightwards ? to.x : to.x + to.width;
  const bend = Math.max(30, Math.abs(x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + (leftwards ? -bend : bend)} ${y1} ${x2 + (rightwards ? -bend : bend)} ${y2} ${x2} ${y2}`;
}
