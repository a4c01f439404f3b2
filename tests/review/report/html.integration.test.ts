import { readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium, type Browser, type Page } from 'playwright-core';

import type { ChangeSet } from '../../../review/change';
import { reportHtml } from '../../../review/report/html';
import { reportOf } from '../../../review/report/report';
import { describeWith } from '../../parts/need';
import { changesOfCase } from '../corpus/case';
import * as a from '../corpus/objects';

const NAMES = 1000;
const LIMIT_MS = 180_000;

jest.setTimeout(LIMIT_MS);

/** As many changes of several kinds, and one object with a hostile name. */
function manyChanges(): ChangeSet {
  const objects = Array.from({ length: NAMES - 1 }, (_, at) => {
    if (at % 10 === 0) return [a.claim({}, `c${at}`)];
    return [
      a.deployment(undefined, {}, { name: `d${at}` }),
      a.deployment(a.pod({ image: 'registry.example.org/program:3.0.0' }), {}, { name: `d${at}` }),
    ];
  });
  const name = '<img src=x onerror="document.title=1">';
  const hostile = { ...a.configMap({ [name]: name }), metadata: { name, namespace: a.NS } };
  return changesOfCase({
    before: objects.flatMap(([was]) => was ?? []),
    after: [...objects.flatMap(([, will]) => will ?? []), hostile],
  });
}

describeWith(['chromium'], 'the HTML report in a browser', (pathOf) => {
  let browser: Browser;
  let page: Page;
  let folder: string;
  const troubles: string[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'beamline-html-'));
    const set = manyChanges();
    const file = join(folder, 'report.html');
    writeFileSync(file, await reportHtml(reportOf(set), set));
    browser = await chromium.launch({
      executablePath: pathOf('chromium'),
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
      timeout: LIMIT_MS,
    });
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(LIMIT_MS);
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(message.text());
    });
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) troubles.push(`asked for ${request.url()}`);
    });
    await page.goto(`file://${file}`);
  }, LIMIT_MS);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('has every change in less than 2 MB, asks for nothing and runs no name', async () => {
    expect(readFileSync(join(folder, 'report.html')).byteLength).toBeLessThan(2_000_000);
    expect(await page.locator('details.change').count()).toBe(NAMES);
    expect(await page.title()).toBe('Preview of corpus');
    expect(troubles).toEqual([]);
  });

  test('finds what is searched for and filters by risk', async () => {
    const shown = page.locator('details.change:not([hidden])');
    await page.getByLabel('Search').fill('persistentvolumeclaim/c990');
    await page.locator('#shown', { hasText: /^1 of 1000 changes$/ }).waitFor();
    expect(await shown.count()).toBe(1);
    await page.getByLabel('Search').fill('');
    await page.getByRole('checkbox', { name: /critical/ }).uncheck();
    await page.locator('#shown', { hasText: /^900 of 1000 changes$/ }).waitFor();
    await page.getByRole('checkbox', { name: /critical/ }).check();
    await page.getByLabel('Kind').selectOption('Deployment');
    await page.locator('#shown', { hasText: /^899 of 1000 changes$/ }).waitFor();
    await page.getByLabel('Kind').selectOption('');
  });

  test('shows the environment, from whose boxes one gets to a change', async () => {
    expect(await page.locator('svg .node.changed').count()).toBeGreaterThan(0);
    await page.locator('svg a').first().click();
    expect(page.url()).toMatch(/#change-\d+$/);
    expect(await page.locator('details.change:target').getAttribute('open')).not.toBeNull();
  });

  test.each(['light', 'dark'] as const)(
    'can be used by everybody, in %s',
    async (colorScheme) => {
      const set = changesOfCase({
        before: [a.claim(), a.service()],
        after: [a.service(), a.deployment()],
      });
      const own = await browser.newPage({ colorScheme });
      // The rules run inside the page, whose policy lets nothing in from outside: for this look only, it is left out.
      const html = (await reportHtml(reportOf(set), set)).replace(/<meta http-equiv[^>]*>/, '');
      await own.setContent(html);
      await own.addScriptTag({ path: require.resolve('axe-core/axe.min.js') });
      const found: { id: string; nodes: string[] }[] = await own.evaluate(
        `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) })))`,
      );
      expect(found).toEqual([]);
      await own.close();
    },
    LIMIT_MS,
  );
});
