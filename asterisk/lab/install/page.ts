import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pageDirectory, repo } from '../places.ts';
import { step } from '../progress.ts';
import { run } from './run.ts';

const SOURCES = ['softphone', 'gateway-config'];
const NOT_SOURCES = ['node_modules', 'dist'];
const stamp = join(repo, '.handset', 'page.stamp');

/** Builds the page, unless it was built from just these sources. */
export async function buildPage(): Promise<void> {
  const wanted = await fingerprint();
  if (
    existsSync(join(pageDirectory, 'index.html')) &&
    existsSync(stamp) &&
    (await readFile(stamp, 'utf8')) === wanted
  )
    return;
  await step('Softphone: build', () =>
    run(process.execPath, [join(repo, 'node_modules/vite/bin/vite.js'), 'build', 'softphone'], { cwd: repo }),
  );
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, wanted);
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(repo, 'package-lock.json')));
  for (const source of SOURCES) {
    const files = (await readdir(join(repo, source), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !file.split('/').some((name) => NOT_SOURCES.includes(name)));
    for (const file of files.sort()) hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex');
}
