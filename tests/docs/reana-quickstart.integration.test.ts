import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { ReanaPods } from '../cli/reana-pods';
import { Backend } from '../constructs/edge/real/backends';
import { RealDatabase } from '../constructs/workflows/real-database';
import { variablesOf } from '../constructs/workflows/rendered-pods';
import { until } from '../integration/support/processes';
import { describeWith } from '../parts/need';
import { ContractServer } from './reana/contract-server';
import { demoRepository, ROOT } from './reana/demo';
import { FrontDoor } from './reana/front-door';
import { commandsIn, paste, type Done } from './reana/tutorial';

const CHECKOUT = resolve(__dirname, '..', '..');
const LIMIT_MS = 600_000;
const ADMIN_TOKEN = 'the-token-of-the-admin';
const PAGE = readFileSync(join(CHECKOUT, 'docs', 'tutorial', 'reana-quickstart.md'), 'utf8');

/**
 * What people paste from the tutorial, from the account on. Real are reana-client 0.9.4, Traefik with what we render, PostgreSQL, REANA's models, and
 * the commands of Beamline. Stand-ins are the server with its runs, ROOT, the demo's repository, and the API server that `reana user` speaks to.
 */
describeWith(
  ['postgresql', 'reana', 'reana-client', 'traefik', 'openssl'],
  'the REANA tutorial, by reana-client, through Traefik, to a stand-in of the server held to its published contract',
  (pathOf) => {
    const folder = mkdtempSync(join(tmpdir(), 'beamline-tutorial-'));
    const database = new RealDatabase(pathOf('postgresql'), pathOf('reana'));
    const pods = new ReanaPods(database, 'bnl-reana');
    const server = new ContractServer();
    const door = new FrontDoor();
    let ui: Backend | undefined;
    let env: Record<string, string> = {};
    let token = '';

    const put = (name: string, text: string): void =>
      writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });

    beforeAll(async () => {
      mkdirSync(join(folder, 'bin'));
      writeFileSync(join(folder, 'bin', 'root'), ROOT, { mode: 0o755 });
      // What is another on this machine than on a reader's: the client is installed already, and Beamline is here.
      put('npx', `shift; cd '${CHECKOUT}' && exec '${process.execPath}' cli/beamline.cjs "$@"`);
      const activate = `PATH=${pathOf('reana-client')}/bin:$PATH`;
      put('python3', `mkdir -p "$3/bin" && echo '${activate}' > "$3/bin/activate"`);
      put('pip', 'echo "$@"');

      await database.start();
      expect(await database.setup(ADMIN_TOKEN)).toMatchObject({ exitCode: 0 });
      await pods.start();
      await door.plan(pathOf('openssl'));
      const rendered = door.objects.find(
        ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'reana-server',
      );
      if (rendered === undefined) throw new Error('there is no server');
      const { PATH = '', ...own } = database.env;
      const variables = { ...variablesOf(rendered), ...own, PATH: `${folder}/bin:${PATH}` };
      await server.start(database.python, door.address, variables);
      ui = await Backend.start('ui', door.address);
      const ports = { 'reana-server': server.port, 'reana-ui': ui.port };
      const proxy = await door.open(pathOf('traefik'), ports);
      env = {
        ...pods.env,
        ...(await demoRepository(join(folder, 'github'))),
        PATH: `${folder}/bin:/usr/bin:/bin`,
        HOME: folder,
        LC_ALL: 'C.UTF-8',
        HTTPS_PROXY: proxy,
        BEAMLINE_TEST_VARIANT: 'one',
      };
      const leads = async (): Promise<boolean> =>
        (await asked([request('GET', '/api/ping'), request('GET', '/')])).every(({ output }) =>
          output.startsWith('200'),
        );
      await until(leads, 'Traefik does not lead to REANA');
    }, LIMIT_MS);

    afterAll(async () => {
      await door.close();
      await ui?.stop();
      await server.stop();
      await pods.stop();
      await database.stop();
      rmSync(folder, { recursive: true, force: true });
    }, LIMIT_MS);

    /** Pastes, as somebody who has the client, the server's address and a token. */
    const asked = (commands: readonly string[], more: Record<string, string> = {}) => {
      const client = `${pathOf('reana-client')}/bin:${env['PATH'] ?? ''}`;
      const own = { REANA_SERVER_URL: 'https://reana.example.org', REANA_ACCESS_TOKEN: token };
      return paste(commands, { cwd: folder, env: { ...env, PATH: client, ...own, ...more } });
    };

    test(
      'its commands, pasted one after the other, end with the plot on the disk of who pasted them',
      async () => {
        const account = await paste(commandsIn(PAGE, '2.'), { cwd: folder, env });
        expect(account.filter(failed)).toEqual([]);
        token = account.at(-1)?.output.split('\n').at(-1) ?? '';

        const rest = ['3.', '4.'].flatMap((section) => commandsIn(PAGE, section));
        const done = await paste(
          rest.map((line) => line.replace('<the token of step 2>', token)),
          { cwd: folder, env },
        );
        expect(done.filter(failed)).toEqual([]);
        const said = (command: string): string =>
          done.find((one) => one.command === command)?.output ?? `nobody pasted '${command}'`;

        const pins = readFileSync(join(CHECKOUT, 'tests/parts/python/reana-client.txt'), 'utf8');
        const [asks = ''] = /reana-client==\S+/.exec(said(rest[1] ?? '')) ?? [];
        expect(pins.split('\n')).toContain(asks);
        expect(PAGE).toContain(`\n\`\`\`text\n${said('reana-client ping')}\n\`\`\`\n`);
        expect(said('reana-client validate')).toContain('Valid REANA specification file');
        expect(said('reana-client create -w roofit')).toContain('roofit.1');
        expect(said('reana-client upload')).toContain('/code/fitdata.C was successfully uploaded');
        expect(said('reana-client start --follow')).toContain('roofit has finished');
        expect(said('reana-client status')).toMatch(/roofit +1 .* finished +2\/2/);
        expect(said('reana-client logs')).toContain('Processing code/gendata.C(20000,"results/');
        expect(said('reana-client ls')).toMatch(/results\/plot\.png +\d+/);
        const plot = join(folder, 'reana-demo-root6-roofit', 'results', 'plot.png');
        expect(readFileSync(plot, 'utf8')).toBe('made by code/fitdata.C\n');
        expect(said('reana-client delete')).toContain('has been deleted');
      },
      LIMIT_MS,
    );

    test(
      'a token that nobody has, none, and another server: the client says what is wrong',
      async () => {
        const [unknown] = await asked(['reana-client ping'], { REANA_ACCESS_TOKEN: 'guessed' });
        expect(unknown).toMatchObject({ exitCode: 1 });
        expect(unknown?.output).toContain('ERROR: INVALID ACCESS TOKEN');
        const [none] = await asked(['reana-client ping'], { REANA_ACCESS_TOKEN: '' });
        expect(none).toMatchObject({ exitCode: 1 });
        expect(none?.output).toContain('Please provide your access token');
        // Of a host that the front door knows nothing of, and of one that there is not.
        for (const host of ['other.example.org', 'reana.example.com']) {
          const [wrong] = await asked(['reana-client ping'], {
            REANA_SERVER_URL: `https://${host}`,
          });
          expect(wrong).toMatchObject({ exitCode: 1 });
          expect(wrong?.output).toContain('ERROR: INVALID SERVER');
        }
      },
      LIMIT_MS,
    );

    test(
      "the admin's token from the Secret is one as well, and sees nothing of Ada's; a revoked one is refused",
      async () => {
        const admin = { REANA_ACCESS_TOKEN: ADMIN_TOKEN };
        const [ping, status] = await asked(
          ['reana-client ping', 'reana-client status -w roofit'],
          admin,
        );
        expect(ping?.output).toContain('admin@example.org');
        expect(status).toMatchObject({ exitCode: 1 });
        expect(status?.output).toContain('does not exist');
        const revoked = await pods.user(['token', 'bnl-reana', 'ada@example.org', '--revoke']);
        expect(revoked.exitCode).toBe(0);
        const [after] = await asked(['reana-client ping']);
        expect(after?.output).toContain('ERROR: INVALID ACCESS TOKEN');
      },
      LIMIT_MS,
    );

    test(
      'a direct request for an account, by any spelling that Traefik knows, reaches no server',
      async () => {
        const before = server.events.length;
        const answers = await asked(
          ['/api/register', '/api/register/'].map((path) => request('POST', path)),
        );
        for (const { output } of answers) expect(output).toContain('"name":"ui"');
        expect(server.events).toHaveLength(before);
      },
      LIMIT_MS,
    );

    test('and every request and every answer was as the contract has it', () => {
      expect(server.events.filter((event) => 'broken' in event)).toEqual([]);
      const operations = server.events.flatMap((event) =>
        'operation' in event && event.status < 300 ? [event.operation] : [],
      );
      expect([...new Set(operations)].sort()).toEqual([
        'create_workflow',
        'download_file',
        'get_files',
        'get_workflow_logs',
        'get_workflow_specification',
        'get_workflow_status',
        'get_you',
        'info',
        'ping',
        'set_workflow_status',
        'start_workflow',
        'upload_file',
      ]);
    });
  },
);

/** A plain request, by the client's own Python. */
function request(method: string, path: string): string {
  const asks = `requests.request("${method}", "https://reana.example.org${path}", verify=False)`;
  return `python -W ignore -c 'import requests; a = ${asks}; print(a.status_code, a.text)'`;
}

function failed({ exitCode }: Done): boolean {
  return exitCode !== 0;
}
