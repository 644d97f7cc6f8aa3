import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refusalReasons } from '../admission/decide.ts';
import { inWords } from './reasons.ts';

const dialplan = join(import.meta.dirname, '../../../asterisk/gateway/extensions.conf');

describe('the reasons of call records', () => {
  it('all have words: those that the server refuses with, and those of the dialplan', async () => {
    const text = await readFile(dialplan, 'utf8');
    const section = /^\[end\]$([\s\S]*?)^\[/m.exec(text)?.[1] ?? '';
    const ofDialplan = [...section.matchAll(/^exten => ([a-z-]+),/gm)].map(([, reason = '']) => reason);
    expect(ofDialplan.length).toBeGreaterThan(10);
    for (const reason of [...ofDialplan, ...refusalReasons, 'completed', 'cancelled']) {
      expect(inWords(reason), reason).toMatch(/^[A-Z].*\.$/);
    }
    expect([inWords(null), inWords('of another version')]).toEqual([null, null]);
  });
});
