import { describe, expect } from 'vitest';
import { test } from '../support/e2e.ts';

describe('the language', () => {
  test('follows the browser', async ({ signedIn }) => {
    const { phone } = await signedIn({ locale: 'ko-KR' });
    await phone.call('+1 202 555 0102');
    await phone.says('통화 종료: 상대방이 통화 중입니다');
  });

  test('can be chosen, and the choice stays', async ({ signedIn }) => {
    const { phone } = await signedIn();
    const choice = () => phone.page.getByRole('combobox', { name: /^(Language|언어)$/ });
    await choice().selectOption({ label: '한국어' });
    await phone.says('준비됨');
    await phone.page.reload();
    await phone.says('준비됨');
    await choice().selectOption({ label: 'English' });
    await phone.says('Ready');
  });

  test('is told to those who have the page read out', async ({ open }) => {
    const phone = await open({ locale: 'ko-KR' });
    await phone.button('Sign in').waitFor();
    const language = await phone.button('Sign in').evaluate((element) => {
      let at: unknown = element;
      for (;;) {
        const node = at as { lang?: string; parentNode?: unknown; host?: unknown };
        if (node.lang) return node.lang;
        at = node.parentNode ?? node.host;
        if (!at) return '';
      }
    });
    expect(language).toBe('ko');
  });
});
