import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { servePage } from '../../../../harness/cli/serve/page-server.js';
import { RUN_FILES } from '../../../../results/run/load-run.js';
import { chromiumIsMissing, launchChromium } from '../../../support/chromium.js';
import { it } from '../../../support/folder.js';
import { runFixture, writeRunDirectory } from '../../../support/run-fixture.js';

const missing = chromiumIsMissing;

describe('the page that is served', () => {
  it('is found under its own address alone, and cannot be changed', async ({ folder }) => {
    writeRunDirectory(folder, runFixture({ epochs: 2 }));
    const { address, close } = await servePage(folder);
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/$/);
    const page = await fetch(address);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("connect-src 'self'");
    expect((await fetch(new URL('/', address))).status).toBe(404);
    expect((await fetch(new URL('../suite.json', address))).status).toBe(404);
    expect((await fetch(address, { method: 'POST' })).status).toBe(404);
    await close();
  });

  it('asks for patience where there is no run yet', async ({ folder }) => {
    const { address, close } = await servePage(folder);
    const page = await fetch(address);
    expect(page.status).toBe(503);
    expect(await page.text()).toContain('http-equiv="refresh"');
    await close();
  });

  it.skipIf(missing)('follows the run, and keeps what the reader chose', async ({ folder }) => {
    writeRunDirectory(folder, runFixture({ epochs: 2 }));
    const journal = join(folder, RUN_FILES.journal);
    const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
    writeFileSync(journal, `${lines.slice(0, 9).join('\n')}\n`);
    const { address, close } = await servePage(folder);
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const trouble: string[] = [];
      page.on('console', (message) => trouble.push(message.text()));
      page.on('pageerror', (error) => trouble.push(error.message));
      await page.goto(address);
      const answer = page.locator('.answer');
      expect(await answer.textContent()).toContain('4 of 18 trials are done');
      await page.locator('.panel input[type=checkbox]').first().uncheck();
      appendFileSync(journal, `${lines.slice(9, 13).join('\n')}\n`);
      await answer.filter({ hasText: '6 of 18 trials are done' }).waitFor();
      expect(await page.locator('.count').textContent()).toBe('5 of 6 shown');
      expect(trouble).toEqual([]);
      await close();
      await page.locator('.live').filter({ hasText: 'come to its end' }).waitFor();
    } finally {
      await browser.close();
    }
  });
});
