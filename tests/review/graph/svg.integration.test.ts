import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { chromium, type Browser, type Locator, type Page } from 'playwright-core';

import { loadEnvironment, planEnvironment } from '../../../environments/load';
import { graphOfPlan } from '../../../review/graph/graph-of';
import { graphSvg } from '../../../review/graph/svg';
import { ensureUpstream } from '../../../upstream/fetch';
import { describeWith } from '../../parts/need';

const LIMIT_MS = 180_000;
jest.setTimeout(LIMIT_MS);

/** A rectangle on the screen. */
interface Area {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function areaOf(name: string, box: Awaited<ReturnType<Locator['boundingBox']>>): Area {
  if (box === null) throw new Error(`'${name}' is not to be seen`);
  const { x, y, width, height } = box;
  return { name, left: x, right: x + width, top: y, bottom: y + height };
}

describeWith(['chromium'], 'the picture of an environment in a browser', (pathOf) => {
  let browser: Browser;
  let page: Page;
  let folder: string;
  const troubles: string[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'beamline-svg-'));
    browser = await chromium.launch({
      executablePath: pathOf('chromium'),
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
      timeout: LIMIT_MS,
    });
    page = await browser.newPage();
    page.setDefaultTimeout(LIMIT_MS);
    page.on('console', (message) => troubles.push(message.text()));
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) troubles.push(`asked for ${request.url()}`);
    });
  }, LIMIT_MS);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(['dev', 'production', 'fnal-production'])(
    '%s: every text is inside its box, no two boxes touch, nothing is asked for',
    async (name) => {
      const plan = await planEnvironment(loadEnvironment(name), (pin) => ensureUpstream(pin));
      const graph = graphOfPlan(plan);
      const file = join(folder, `${name}.svg`);
      writeFileSync(file, await graphSvg(graph));
      await page.goto(pathToFileURL(file).href);
      const boxes: Area[] = [];
      const outside: string[] = [];
      for (const drawn of await page.locator('g[role=img]').all()) {
        const label = (await drawn.getAttribute('aria-label')) ?? '';
        const around = areaOf(label, await drawn.locator('.shape').boundingBox());
        boxes.push(around);
        for (const text of await drawn.locator('text').all()) {
          const own = areaOf(label, await text.boundingBox());
          if (own.left < around.left || own.right > around.right) outside.push(label);
        }
      }
      expect(outside).toEqual([]);
      expect(boxes.length).toBeGreaterThan(graph.boxes.length);
      const touching = boxes.flatMap((one, index) =>
        boxes
          .slice(index + 1)
          .filter(
            (other) =>
              one.left < other.right &&
              other.left < one.right &&
              one.top < other.bottom &&
              other.top < one.bottom,
          )
          .map((other) => `${one.name} and ${other.name}`),
      );
      expect(touching).toEqual([]);
      expect(troubles).toEqual([]);
      expect(await page.locator('svg > title').textContent()).toBe(`Environment ${name}`);
    },
  );
});
