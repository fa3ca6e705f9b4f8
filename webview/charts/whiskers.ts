/** A Chart.js plugin: the intervals of scattered points, as thin lines behind them. */
import type { Plugin } from 'chart.js';

/** What a dataset may have beside its points: from and to on the y axis, one for each point. */
interface Whiskered {
  whiskers?: readonly (readonly [number, number] | undefined)[];
}

export const whiskers: Plugin = {
  id: 'whiskers',
  beforeDatasetsDraw(chart) {
    const { ctx, data, chartArea } = chart;
    const { y } = chart.scales;
    if (!y) return;
    ctx.save();
    ctx.beginPath();
    ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
    ctx.clip();
    ctx.globalAlpha = 0.35;
    ctx.lineWidth = 1;
    data.datasets.forEach((dataset, at) => {
      const intervals = (dataset as Whiskered).whiskers;
      if (!intervals) return;
      ctx.strokeStyle = String(dataset.backgroundColor);
      ctx.beginPath();
      chart.getDatasetMeta(at).data.forEach(({ x }, i) => {
        const interval = intervals[i];
        if (!interval) return;
        ctx.moveTo(x, y.getPixelForValue(interval[0]));
        ctx.lineTo(x, y.getPixelForValue(interval[1]));
      });
      ctx.stroke();
    });
    ctx.restore();
  },
};
