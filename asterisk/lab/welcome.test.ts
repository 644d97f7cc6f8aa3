import { describe, expect, it } from 'vitest';
import { welcome } from './welcome.ts';

const description = {
  url: 'http://localhost:8080',
  apiKey: 'the-key-of-the-operator',
  users: [{ login: 'ada', password: 'of-ada', extension: '1001', number: '+12025550150' }],
};

describe('what npm start prints', () => {
  it('is how to sign in, and the first API key at the first start alone', () => {
    const first = welcome({ description, data: '/data', isNew: true });
    expect(first).toContain('of-ada');
    expect(first).toContain('the-key-of-the-operator');
    expect(first).toContain('/data/secrets.json');
    const later = welcome({ description, data: '/data', isNew: false });
    expect(later).toContain('of-ada');
    expect(later).not.toContain('the-key-of-the-operator');
  });
});
