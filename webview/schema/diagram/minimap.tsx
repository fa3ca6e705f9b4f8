import type { Layout } from './layout.ts';
import type { ViewBoxControl } from './use-view-box.ts';

interface MinimapProps {
  layout: Layout;
  view: ViewBoxControl;
}

/** The whole drawing in small with a frame around what is seen; a press or a drag goes there. Arrow keys do the same. */
export function Minimap({ layout, view }: MinimapProps) {
  const { box, frame } = view;
  const go = (event: PointerEvent) => {
    const { left, top, width, height } = (event.currentTarget as Element).getBoundingClientRect();
    view.centre(
      ((event.clientX - left) / width) * layout.width,
      ((event.clientY - top) / height) * layout.height,
    );
  };
  return (
    <div
      class="er-map"
      aria-hidden="true"
      style={{ aspectRatio: `${layout.width} / ${layout.height}` }}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) go(event);
      }}
    >
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: hidden as a whole, the diagram has a name */}
      <svg viewBox={`0 0 ${layout.width} ${layout.height}`} preserveAspectRatio="none">
        {layout.clusters.map(({ title, x, y, width, height }) => (
          <rect key={`${title} ${x} ${y}`} class="er-map-group" x={x} y={y} width={width} height={height} />
        ))}
        <rect
          class="er-map-seen"
          x={box.x}
          y={box.y}
          width={frame.width / box.scale}
          height={frame.height / box.scale}
        />
      </svg>
    </div>
  );
}
