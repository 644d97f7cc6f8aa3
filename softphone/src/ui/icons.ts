import { svg, type TemplateResult } from 'lit';

const icon = (body: TemplateResult) => svg`<svg viewBox="0 0 24 24" fill="none" stroke="currentColor"
  stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${body}</svg>`;

const receiver =
  'M6.2 4h2.7l1.6 4.1-2 1.7a12.4 12.4 0 0 0 5.7 5.7l1.7-2 4.1 1.6v2.7a2 2 0 0 1-2.2 2A16.1 16.1 0 0 1 4.2 6.2 2 2 0 0 1 6.2 4Z';

export const receiverIcon = icon(svg`<path d=${receiver} />`);
export const hangUpIcon = icon(svg`<path d=${receiver} transform="rotate(135 12 12)" />`);
export const microphoneIcon = icon(svg`<rect x="9" y="3" width="6" height="11" rx="3" />
  <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />`);
export const mutedIcon = icon(svg`<path d="M9 6a3 3 0 0 1 6 0v5m-1 2.2A3 3 0 0 1 9 11V9" />
  <path d="M5.5 11.5a6.5 6.5 0 0 0 11 4.7m2-4.7a6 6 0 0 1-.4 2.2M12 18v3M4 4l16 16" />`);
export const holdIcon = icon(svg`<path d="M9 5.5v13M15 5.5v13" stroke-width="2.6" />`);
export const resumeIcon = icon(svg`<path d="M8 5.2v13.6L19 12Z" />`);
export const addIcon = icon(svg`<path d="M12 5v14M5 12h14" stroke-width="2.2" />`);
export const swapIcon = icon(
  svg`<path d="M7 4v15m0 0-3.2-3.2M7 19l3.2-3.2M17 20V5m0 0-3.2 3.2M17 5l3.2 3.2" />`,
);
export const mergeIcon = icon(
  svg`<path d="M6 20v-2.5c0-3 6-4 6-7.5V4m0 0L8.5 7.5M12 4l3.5 3.5M18 20v-2.5c0-1.6-1.7-2.6-3.3-3.7" />`,
);
export const leaveIcon = icon(
  svg`<path d="M13.5 4H6.5A1.5 1.5 0 0 0 5 5.5v13A1.5 1.5 0 0 0 6.5 20h7M10 12h10m0 0-4-4m4 4-4 4" />`,
);
export const transferIcon = icon(svg`<path d="M4 17v-3a5 5 0 0 1 5-5h11m0 0-4.5-4.5M20 9l-4.5 4.5" />`);
export const cancelIcon = icon(svg`<path d="m6.5 6.5 11 11m0-11-11 11" />`);
export const deleteIcon =
  icon(svg`<path d="M9 5.5h10a1.5 1.5 0 0 1 1.5 1.5v10a1.5 1.5 0 0 1-1.5 1.5H9L3.5 12Z" />
  <path d="m11.5 9.5 5 5m0-5-5 5" />`);
export const soundIcon = icon(svg`<path d="M6 4v6m0 4v6M12 4v2m0 4v10M18 4v9m0 4v3" />
  <circle cx="6" cy="12" r="2" /><circle cx="12" cy="8" r="2" /><circle cx="18" cy="15" r="2" />`);
export const alertIcon = icon(svg`<circle cx="12" cy="12" r="8.5" /><path d="M12 8v4.6M12 16v.1" />`);
/** The mark: the speaker of a telephone, which is its keypad as well. */
export const mark = svg`<svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
  ${[5, 12, 19].flatMap((y) => [5, 12, 19].map((x) => svg`<circle cx=${x} cy=${y} r=${x === 19 && y === 5 ? 2.9 : 1.9} class=${x === 19 && y === 5 ? 'lit' : ''} />`))}
</svg>`;
