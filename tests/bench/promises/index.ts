import type { Browser } from 'playwright-core';
import type { Lab } from '../../../asterisk/lab/lab.ts';
import { type Measurement, Series } from '../measurement.ts';
import { measureConnection } from './connection.ts';
import { measureDevice } from './device.ts';
import { measureLeaving, measurePages } from './pages.ts';
import type { Scene } from './scene.ts';

/** What the phone promises of its connection and of calls through changes, as the browser tests play them. */
export async function measurePromises(
  browser: Browser,
  lab: Lab,
  n: number,
): Promise<readonly Measurement[]> {
  const series = new Series();
  const scene: Scene = { browser, lab, series };
  for (let i = 0; i < n; i++) {
    await measureConnection(scene);
    await measurePages(scene);
    await measureDevice(scene);
  }
  await measureLeaving(scene, n);
  return series.measurements;
}
