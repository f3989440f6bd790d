// SPDX-License-Identifier: MIT
// Bar charts as SVG, readable on light and dark pages.

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** as it is shown */
  readonly text: string;
  readonly isOwn: boolean;
}

/** Bars of one unit, drawn to one scale. */
export interface Panel {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 720;
const LABEL = 190;
const VALUE = 110;
const BAR = 18;
const GAP = 6;
const HEADING = 30;
const MARGIN = 16;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600 }
  .label { text-anchor: end }
  .peer { fill: #8c959f }
  .own { fill: #0969da }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .peer { fill: #6e7681 } .own { fill: #2f81f7 } }`;

const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const heightOf = ({ bars }: Panel): number => HEADING + bars.length * (BAR + GAP);

function drawBar({ label, value, text, isOwn }: Bar, top: number, most: number): string {
  const width = most > 0 ? (value / most) * (WIDTH - LABEL - VALUE) : 0;
  const middle = top + BAR - 5;
  return [
    `<text class="label" x="${LABEL - 8}" y="${middle}">${escapeText(label)}</text>`,
    `<rect class="${isOwn ? 'own' : 'peer'}" x="${LABEL}" y="${top}" width="${Math.max(width, 1).toFixed(1)}" height="${BAR}" rx="2"/>`,
    `<text x="${(LABEL + width + 6).toFixed(1)}" y="${middle}">${escapeText(text)}</text>`,
  ].join('\n');
}

function drawPanel({ title, bars }: Panel, top: number): string {
  const most = Math.max(...bars.map(({ value }) => value));
  const drawn = bars.map((bar, i) => drawBar(bar, top + HEADING + i * (BAR + GAP), most));
  return [`<text class="title" x="${MARGIN}" y="${top + 18}">${escapeText(title)}</text>`, ...drawn].join('\n');
}

/** Shorter is better wherever the title does not say otherwise. */
export function chart(panels: readonly Panel[]): string {
  let top = MARGIN;
  const drawn = panels.map((panel) => {
    const at = top;
    top += heightOf(panel) + MARGIN;
    return drawPanel(panel, at);
  });
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" role="img">`;
  return `${open}\n<!-- made by make bench -->\n<style>${STYLE}\n</style>\n${drawn.join('\n')}\n</svg>\n`;
}
