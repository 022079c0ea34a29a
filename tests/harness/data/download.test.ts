import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { type Download, downloadFile, type OnDownload } from '../../../harness/data/download.js';
import { deadOrigin, type Served, serveFiles } from '../../support/file-server.js';
import { it } from '../../support/folder.js';
import { randomValues } from '../../support/random.js';
import { refusalOf } from '../../support/refusal.js';

const BODY = new Uint8Array(randomValues(75_000, 1).buffer);
const FILE: Download = {
  name: 'file.gz',
  bytes: BODY.length,
  sha256: createHash('sha256').update(BODY).digest('hex'),
};
const HALF = BODY.length / 2;

const serve = (served: (request: number) => Served | null) => serveFiles((_path, request) => served(request));

const isWhole = (folder: string): boolean => readFileSync(join(folder, FILE.name)).equals(BODY);

describe('a download', () => {
  it('is whole, under its name, and tells how far it is', async ({ folder }) => {
    const { origin } = await serve(() => ({ body: BODY }));
    const received: number[] = [];
    const onProgress: OnDownload = (progress) => {
      expect(progress).toMatchObject({ name: FILE.name, bytes: FILE.bytes });
      received.push(progress.received);
    };
    const nested = join(folder, 'a', 'b');
    expect(await downloadFile(origin, nested, FILE, onProgress)).toBe(join(nested, FILE.name));
    expect(isWhole(nested)).toBe(true);
    expect(readdirSync(nested)).toEqual([FILE.name]);
    expect(received).toEqual(received.toSorted((a, b) => a - b));
    expect(received.at(-1)).toBe(FILE.bytes);
  });

  it('is not made again where the file is there', async ({ folder }) => {
    const { origin, requests } = await serve(() => ({ body: BODY }));
    await downloadFile(origin, folder, FILE);
    await downloadFile(origin, folder, FILE);
    expect(requests).toHaveLength(1);
  });

  it('goes on from where the connection was cut', async ({ folder }) => {
    const { origin, requests } = await serve((n) => ({ body: BODY, ...(n === 1 ? { cutAfter: HALF } : {}) }));
    await expect(downloadFile(origin, folder, FILE)).rejects.toThrow(/other side closed|terminated|aborted/);
    expect(existsSync(join(folder, FILE.name))).toBe(false);
    const kept = statSync(join(folder, `${FILE.name}.partial`)).size;
    expect(kept).toBeGreaterThan(0);
    let first = 0;
    await downloadFile(origin, folder, FILE, ({ received }) => {
      first ||= received;
    });
    expect(requests.map(({ range }) => range)).toEqual([null, `bytes=${kept}-`]);
    expect(first).toBeGreaterThan(kept);
    expect(isWhole(folder)).toBe(true);
  });

  it('goes on from an answer that ended too early without saying so', async ({ folder }) => {
    const { origin, requests } = await serve((n) => ({
      body: BODY,
      ...(n === 1 ? { cutAfter: HALF, announced: false } : {}),
    }));
    await expect(downloadFile(origin, folder, FILE)).rejects.toThrow(
      `only ${HALF} of ${FILE.bytes} bytes arrived`,
    );
    await downloadFile(origin, folder, FILE);
    expect(requests.map(({ range }) => range)).toEqual([null, `bytes=${HALF}-`]);
    expect(isWhole(folder)).toBe(true);
  });

  it('begins again where the server knows no ranges', async ({ folder }) => {
    const { origin, requests } = await serve((n) => ({
      body: BODY,
      ranges: false,
      ...(n === 1 ? { cutAfter: HALF } : {}),
    }));
    await expect(downloadFile(origin, folder, FILE)).rejects.toThrow();
    await downloadFile(origin, folder, FILE);
    expect(requests[1]?.range).toMatch(/^bytes=\d+-$/);
    expect(isWhole(folder)).toBe(true);
  });

  it('begins again where the server has less than was received', async ({ folder }) => {
    const { origin, requests } = await serve((n) => ({ body: n === 1 ? BODY.subarray(0, 10) : BODY }));
    writeFileSync(join(folder, `${FILE.name}.partial`), BODY.subarray(0, HALF));
    await downloadFile(origin, folder, FILE);
    expect(requests.map(({ range }) => range)).toEqual([`bytes=${HALF}-`, null]);
    expect(isWhole(folder)).toBe(true);
  });

  it('with a wrong checksum is deleted and refused, and the next attempt begins anew', async ({ folder }) => {
    const { origin } = await serve((n) => ({ body: n === 1 ? BODY.with(9, 255 - (BODY[9] ?? 0)) : BODY }));
    const refusal = await refusalOf(() => downloadFile(origin, folder, FILE));
    expect(refusal).toMatch(
      /has the checksum [0-9a-f]{12} and [0-9a-f]{12} is expected\..*deleted\. Try again/,
    );
    expect(refusal).toContain(FILE.sha256.slice(0, 12));
    expect(readdirSync(folder)).toEqual([]);
    await downloadFile(origin, folder, FILE);
    expect(isWhole(folder)).toBe(true);
  });

  it('fails with the reason where the server does not have the file or does not answer', async ({
    folder,
  }) => {
    const { origin } = await serve(() => null);
    await expect(downloadFile(origin, folder, FILE)).rejects.toThrow('the server answered 404');
    await expect(downloadFile(await deadOrigin(), folder, FILE)).rejects.toThrow('ECONNREFUSED');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of more bytes than the file has ends there, and leaves nothing', async ({ folder }) => {
    for (const announced of [true, false]) {
      const { origin } = await serve(() => ({ body: Buffer.concat([BODY, BODY]), announced }));
      expect(await refusalOf(() => downloadFile(origin, folder, FILE))).toMatch(
        /sends more than the 300000 bytes of file\.gz\. .*deleted/,
      );
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it('is encrypted, where it comes from another machine', async ({ folder }) => {
    const unsafe = 'http://files.example/file.gz';
    await expect(downloadFile(unsafe, folder, FILE)).rejects.toThrow('is not encrypted');
  });

  it.skipIf(process.platform === 'win32')('lies in a folder of the user alone', async ({ folder }) => {
    const { origin } = await serve(() => ({ body: BODY }));
    await downloadFile(origin, join(folder, 'own'), FILE);
    expect(statSync(join(folder, 'own')).mode & 0o777).toBe(0o700);
  });
});
