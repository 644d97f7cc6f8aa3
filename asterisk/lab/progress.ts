const REDRAW_MS = 200;
const LOG_LINE_MS = 5000;

/**
 * Shows one step of a set-up: what, how far, how long. On a terminal the line is redrawn in place;
 * elsewhere a new one is printed every few seconds.
 * @param work does the step and may report how far it is
 */
export async function step<T>(
  title: string,
  work: (report: (howFar: string) => void) => Promise<T>,
): Promise<T> {
  const started = performance.now();
  const live = process.stdout.isTTY === true;
  let howFar = '';
  const line = () => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    return `  ${[title, howFar, `${seconds} s`].filter((part) => part !== '').join(' · ')}`;
  };
  const show = () => process.stdout.write(live ? `\r\x1b[K${line()}` : `${line()}\n`);
  const timer = setInterval(show, live ? REDRAW_MS : LOG_LINE_MS);
  try {
    const result = await work((text) => {
      howFar = text;
    });
    howFar = 'done';
    return result;
  } catch (cause) {
    howFar = 'failed';
    throw cause;
  } finally {
    clearInterval(timer);
    show();
    if (live) process.stdout.write('\n');
  }
}
