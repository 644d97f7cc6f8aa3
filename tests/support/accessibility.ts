import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { z } from 'zod';
import type { Phone } from './phone.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const THEMES = ['light', 'dark'] as const;
const WIDTHS = [1280, 360];
const HEIGHT = 800;
/** The narrowest that the page works at, in CSS pixels. */
const NARROWEST = 320;

const violations = z.array(z.string());

/**
 * What is wrong with the page as it is now, in both themes and at two widths, and whether it has to be scrolled
 * sideways at the narrowest.
 * @returns one line a fault; none where all is well
 */
export async function accessibilityFaults({ page }: Phone): Promise<readonly string[]> {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(await readFile(AXE, 'utf8'));
  const faults: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    // What opens at this width is drawn before the theme changes: else it may keep colours of the theme before.
    await page.evaluate(DRAWN);
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      const found = violations.parse(await page.evaluate(SCAN));
      faults.push(...found.map((fault) => `${theme}, ${width} px: ${fault}`));
    }
  }
  await page.setViewportSize({ width: NARROWEST, height: HEIGHT });
  const tooWide = Number(await page.evaluate(OVERHANG));
  if (tooWide > 0) faults.push(`${NARROWEST} px: the page is ${tooWide} px too wide`);
  return faults;
}

const DRAWN = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';

/** Scans once the page is drawn, and all that moves is where it will be. */
const SCAN = `(async () => {
  await ${DRAWN};
  const passing = document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(passing.map((each) => each.finished));
  const { violations } = await axe.run(document, { resultTypes: ['violations'] });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => id + ' (' + help + '): ' + target.join(' ') + ': ' + failureSummary));
})()`;

const OVERHANG = 'document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth';
