// The parts of ECharts that the charts use, so that the rest is not shipped.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init as create, use, type ECharts } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

/** An empty chart in `room`. */
export function init(room: HTMLElement): ECharts {
  return create(room);
}
