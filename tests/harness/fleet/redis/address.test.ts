import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  redisAddress,
  redisAddressFrom,
  withoutCredentials,
} from '../../../../harness/fleet/redis/address.js';
import { UserError } from '../../../../harness/user/user-error.js';
import { refusalOf } from '../../../support/refusal.js';

describe('an address of Redis', () => {
  it('has host, port, user, password, data base and TLS', () => {
    expect(redisAddress('redis://127.0.0.1')).toMatchObject({
      options: { host: '127.0.0.1', port: 6379 },
      shown: 'redis://127.0.0.1',
      warning: null,
    });
    expect(redisAddress('rediss://lab:p%40ss@redis.example:6380/2').options).toEqual({
      host: 'redis.example',
      port: 6380,
      username: 'lab',
      password: 'p@ss',
      db: 2,
      tls: { servername: 'redis.example' },
    });
    expect(redisAddress('redis://[::1]:7000').options).toEqual({ host: '::1', port: 7000 });
  });

  it('warns where others could reach it without a password', () => {
    expect(redisAddress('redis://10.0.0.7').warning).toContain('redis://10.0.0.7 has no password');
    for (const safe of ['redis://localhost', 'redis://[::1]', 'redis://127.1.2.3', 'rediss://:x@10.0.0.7'])
      expect(redisAddress(safe).warning).toBeNull();
  });

  it('comes from the option, else from the environment', async () => {
    const environment = { LIGHTBENCH_REDIS_URL: 'redis://there' };
    expect(redisAddressFrom(undefined, environment).shown).toBe('redis://there');
    expect(redisAddressFrom('redis://here', environment).shown).toBe('redis://here');
    expect(await refusalOf(() => redisAddressFrom(undefined, {}))).toContain('LIGHTBENCH_REDIS_URL');
  });

  it('is never shown with its user or its password, whatever is wrong with it', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9!$&'()*+,;=._~:@-]{6,20}$/);
    const rest = fc.constantFrom('host', 'host:99999', '', '/', 'host:x', 'host/name', 'host name');
    const scheme = fc.constantFrom('redis', 'rediss', 'http', 'postgres');
    fc.assert(
      fc.property(scheme, secret, secret, rest, (kind, user, password, place) => {
        const text = `${kind}://${user}-u:${password}-p@${place}`;
        try {
          const { shown, warning } = redisAddress(text);
          expect(`${shown} ${warning}`).not.toContain(`${password}-p`);
          expect(shown).not.toContain(`${user}-u`);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          expect(`${error.message} ${error.remedy}`).not.toContain(`${password}-p`);
        }
        expect(withoutCredentials(`of ${text}: failed`)).not.toContain(`${password}-p`);
      }),
    );
  });

  it('is not shown where its scheme is missing or misspelt, or a blank is in it', async () => {
    for (const text of [
      'lab:hunter2@127.0.0.1:7915',
      'redis:/:hunter2@127.0.0.1',
      'redis://:hunter2 x#y@host',
    ]) {
      const refusal = await refusalOf(() => redisAddress(text));
      expect(refusal).toContain('is no address of Redis');
      expect(refusal).not.toContain('hunter2');
    }
    expect(await refusalOf(() => redisAddress('127.0.0.1:6379'))).toContain('127.0.0.1:6379 is no address');
  });
});
