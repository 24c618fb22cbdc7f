// <figure data-chart> islands. The numbers are in a JSON script inside the figure; the table beside it says the same,
// so that nothing is lost without script, on paper, or to a screen reader.
//
//   <figure class="chart" data-chart="bar">
//     <figcaption>各单位整改完成率</figcaption>
//     <script type="application/json">
//       {"labels": ["一中", "二中"], "unit": "%", "series": [{"name": "完成率", "values": [80, 95]}]}
//     </script>
//     <div class="chart-canvas"></div>
//     <details class="chart-table"><summary>查看表格</summary><table class="table">…</table></details>
//   </figure>
//
// data-chart: "bar", "row" (bars lying down, for long names) or "line". "links" (one address a label) makes a bar open
// the rows it counts; the table beside the chart carries the same links for the keyboard.

import type { ECharts, EChartsCoreOption } from "echarts/core";

type Shape = "bar" | "row" | "line";

interface Series {
  name: string;
  values: (number | null)[];
}

interface ChartData {
  labels: string[];
  series: Series[];
  unit?: string;
  links?: (string | null)[];
}

/** Draw every chart inside `part` that is not drawn yet; the library is fetched only when there is one. */
export function drawCharts(part: ParentNode): void {
  const figures = [...part.querySelectorAll<HTMLElement>("figure[data-chart]:not([data-drawn])")];
  if (figures.length === 0) return;
  for (const figure of figures) figure.setAttribute("data-drawn", "");
  void import("./echarts").then(({ init }) => figures.forEach((figure) => void draw(figure, init)));
}

async function draw(figure: HTMLElement, init: (room: HTMLElement) => ECharts): Promise<void> {
  const room = figure.querySelector<HTMLElement>(".chart-canvas");
  const source = figure.querySelector('script[type="application/json"]');
  if (!room || !source?.textContent) return;
  const data = JSON.parse(source.textContent) as ChartData;
  // A canvas does not wait for the web font: fetch the slices these words need first.
  await document.fonts.load(`14px ${fontFamily()}`, [...data.labels, ...data.series.map(({ name }) => name)].join(""));
  room.setAttribute("role", "img");
  room.setAttribute("aria-label", figure.querySelector("figcaption")?.textContent?.trim() ?? "");
  room.dataset["ready"] = "";
  const chart = init(room);
  chart.setOption(option(figure.dataset["chart"] as Shape, data));
  chart.on("click", (event) => {
    const link = data.links?.[event.dataIndex];
    if (link) window.location.assign(link);
  });
  const watch = new ResizeObserver(() => (room.isConnected ? chart.resize() : release()));
  const release = (): void => {
    watch.disconnect();
    chart.dispose();
  };
  watch.observe(room);
}

function fontFamily(): string {
  return getComputedStyle(document.body).fontFamily;
}

function option(shape: Shape, data: ChartData): EChartsCoreOption {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const names = {
    type: "category",
    data: data.labels,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: token("--line-strong") } },
    axisLabel: { color: token("--ink-soft"), hideOverlap: true },
  };
  const numbers = {
    type: "value",
    name: data.unit ?? "",
    nameTextStyle: { color: token("--ink-soft") },
    splitLine: { lineStyle: { color: token("--line") } },
    axisLabel: { color: token("--ink-soft") },
  };
  return {
    animation: !isStill,
    color: [1, 2, 3, 4, 5].map((number) => token(`--chart-${number}`)),
    textStyle: { fontFamily: fontFamily() },
    grid: { left: 8, right: 24, top: data.series.length > 1 ? 48 : 32, bottom: 8, containLabel: true },
    legend: { show: data.series.length > 1, top: 0, left: 0, textStyle: { color: token("--ink") } },
    // Rich text is drawn on the canvas; the HTML form would need inline styles.
    tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: shape === "line" ? "line" : "shadow" } },
    xAxis: shape === "row" ? numbers : names,
    yAxis: shape === "row" ? { ...names, inverse: true } : numbers,
    series: data.series.map((series) => ({
      name: series.name,
      data: series.values,
      type: shape === "line" ? "line" : "bar",
      barMaxWidth: 28,
      symbolSize: 7,
      cursor: data.links ? "pointer" : "default",
    })),
  };
}
