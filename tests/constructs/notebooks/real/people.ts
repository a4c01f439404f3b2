import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

import { HOSTS } from './rendered';

const PAGE_MS = 60_000;
/** Kept after the tests, for people to look at. */
export const PICTURES = join(__dirname, '..', '..', '..', '..', '.beamline', 'screenshots');

/** People of a site, each with a browser of their own. */
export class People {
  readonly #contexts: BrowserContext[] = [];

  private constructor(private readonly browser: Browser) {}

  /** `hostRules` tells Chromium where the hosts of the site are. */
  static async start(program: string, hostRules: string): Promise<People> {
    mkdirSync(PICTURES, { recursive: true });
    const browser = await chromium.launch({
      executablePath: program,
      args: ['--no-sandbox', '--disable-dev-shm-usage', `--host-resolver-rules=${hostRules}`],
      timeout: PAGE_MS,
    });
    return new People(browser);
  }

  /** Logs in as a person does: at the hub, then with name and password at the provider. */
  async login(user: string): Promise<Page> {
    const context = await this.browser.newContext({
      ignoreHTTPSErrors: true,
      viewport: { width: 1280, height: 900 },
    });
    this.#contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(PAGE_MS);
    page.setDefaultNavigationTimeout(PAGE_MS);
    await page.goto(`https://${HOSTS.hub}/`);
    await page.locator('a', { hasText: 'Sign in with Example Lab' }).click();
    await page.locator('#login').fill(user);
    await page.locator('#password').fill(`${user}-secret`);
    await page.locator('#submit-login').click();
    await page.waitForURL(`https://${HOSTS.hub}/**`);
    return page;
  }

  async stop(): Promise<void> {
    await this.browser.close();
  }
}

/** Keeps what somebody sees. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

/** The names of the profiles that the page offers. */
export async function offered(page: Page): Promise<string[]> {
  await page.goto(`https://${HOSTS.hub}/hub/spawn`);
  await page.locator('#kubespawner-profiles-list').waitFor();
  const values: string[] = await page
    .locator('input[name=profile]')
    .evaluateAll((inputs) => inputs.map((input) => input.getAttribute('value') ?? ''));
  return values;
}

/** Takes a profile and waits until the session answers. */
export async function take(page: Page, profile: string): Promise<void> {
  await page.locator(`#profile-item-${profile}`).check();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('heading', { name: /^Session of/ }).waitFor();
}

/** A token that somebody makes for themselves on the hub's page. */
export async function tokenOf(page: Page, user: string): Promise<string> {
  await page.goto(`https://${HOSTS.hub}/hub/home`);
  const answer: { token?: string } = await page.evaluate(
    `fetch('/hub/api/users/${user}/tokens?_xsrf=' + encodeURIComponent(jhdata.xsrf_token), { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).then((answer) => answer.json())`,
  );
  if (answer.token === undefined)
    throw new Error(`no token for ${user}: ${JSON.stringify(answer)}`);
  return answer.token;
}
