import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { execa, type ExecaChildProcess } from 'execa';
import getPort from 'get-port';
import { z } from 'zod';

import { Reana } from '../../../constructs/workflows/reana';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { synth } from '../../support/synth';
import { variablesOf } from './rendered-pods';
import { minimal } from './support';

const LIMIT_MS = 300_000;
const PASSWORD = 'the-password-of-the-secret';
/** As OKD runs it: a UID of the project's range that no file knows, in the group 0. */
const SOMEBODY = process.getuid?.() === 0 ? { uid: 1_000_650_000, gid: 0 } : undefined;

/** By REANA's own publisher, which the server hands workflows in with. */
const PUBLISH = `from reana_commons.publisher import WorkflowSubmissionPublisher
WorkflowSubmissionPublisher().publish_workflow_submission(
    user_id="u", workflow_id_or_name="roofit", parameters={}, priority=7, min_job_memory=0
)
`;

/** What waits in the queue, as the scheduler would find it. */
const READ = `from kombu import Connection, Queue
from reana_commons.config import MQ_CONNECTION_STRING, MQ_DEFAULT_QUEUES, MQ_MAX_PRIORITY
name = "workflow-submission"
queue = Queue(name, durable=MQ_DEFAULT_QUEUES[name]["durable"], max_priority=MQ_MAX_PRIORITY)
with Connection(MQ_CONNECTION_STRING) as connection:
    message = queue(connection.default_channel).get()
    print(message.properties["priority"], message.payload)
`;

const pod = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        containers: z.tuple([
          z.object({ volumeMounts: z.array(z.object({ mountPath: z.string() })) }),
        ]),
      }),
    }),
  }),
});
const secret = z.object({ stringData: z.object({ 'rabbitmq.conf': z.string() }) });

describeWith(
  ['rabbitmq', 'reana'],
  'the real RabbitMQ, with the file and the variables of its pod, as a user that no image knows',
  (pathOf) => {
    const folder = mkdtempSync(join(tmpdir(), 'beamline-broker-'));
    const data = join(folder, 'data');
    const logs = join(folder, 'logs');
    const config = join(folder, 'rabbitmq.conf');
    const made = synth(Reana, minimal);
    // Its root is read-only: a directory that the pod has no volume for stays the machine's, which the user cannot write to.
    const writable = pod
      .parse(made.one('StatefulSet', 'reana-message-broker'))
      .spec.template.spec.containers[0].volumeMounts.map(({ mountPath }) => mountPath);
    let env: Record<string, string>;
    let address: string;
    let server: ExecaChildProcess | undefined;
    let log = '';

    const program = (name: string): string => join(dirname(pathOf('rabbitmq')), name);
    const options = (): object => ({ env, extendEnv: false, cwd: folder, ...SOMEBODY });

    async function start(password: string): Promise<void> {
      const [, rendered = ''] =
        /default_pass = (.*)/.exec(
          secret.parse(made.one('Secret', 'reana-message-broker-secrets')).stringData[
            'rabbitmq.conf'
          ],
        ) ?? [];
      const text = secret
        .parse(made.one('Secret', 'reana-message-broker-secrets'))
        .stringData['rabbitmq.conf'].replace(rendered, password)
        .replace('5672', `127.0.0.1:${address.split(':')[1] ?? ''}`);
      writeFileSync(config, text);
      server = execa(program('rabbitmq-server'), [], {
        ...options(),
        reject: false,
        all: true,
        buffer: false,
      });
      server.all?.setEncoding('utf8').on('data', (chunk: string) => (log += chunk));
      await until(
        () => Promise.resolve(log.includes('completed with')),
        'RabbitMQ does not start',
        240_000,
      ).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${log.slice(-4000)}`);
      });
    }

    async function stop(): Promise<void> {
      server?.kill('SIGTERM');
      await server;
      log = '';
    }

    const answer = async (
      script: string,
      password = PASSWORD,
    ): Promise<{ exitCode: number; all: string }> => {
      const { exitCode, all } = await execa(
        join(pathOf('reana'), 'bin', 'python'),
        ['-c', script],
        {
          env: { RABBIT_MQ: `amqp://reana:${password}@${address}//` },
          reject: false,
          all: true,
          timeout: 60_000,
        },
      );
      return { exitCode, all: all ?? '' };
    };

    beforeAll(async () => {
      for (const path of [data, logs]) mkdirSync(path);
      writeFileSync(config, '');
      if (SOMEBODY !== undefined)
        for (const path of [folder, data, logs]) chownSync(path, SOMEBODY.uid, 0);
      chmodSync(folder, 0o755);
      address = `127.0.0.1:${await getPort()}`;
      env = {
        PATH: process.env['PATH'] ?? '',
        ...variablesOf(made.one('StatefulSet', 'reana-message-broker')),
        // What is another on this machine than in a pod: the claim, the file, and ports that others may have.
        HOME: data,
        RABBITMQ_CONFIG_FILE: config,
        RABBITMQ_MNESIA_BASE: join(data, 'mnesia'),
        ...(writable.includes('/var/log/rabbitmq') ? { RABBITMQ_LOG_BASE: logs } : {}),
        RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
        RABBITMQ_DIST_PORT: String(await getPort()),
        ERL_EPMD_PORT: String(await getPort()),
        ERL_EPMD_ADDRESS: '127.0.0.1',
      };
      await start(PASSWORD);
    }, LIMIT_MS);

    afterAll(async () => {
      await stop();
      // Erlang leaves its own name service behind.
      await execa('epmd', ['-kill'], {
        env: { ERL_EPMD_PORT: env['ERL_EPMD_PORT'] },
        reject: false,
      });
      rmSync(folder, { recursive: true, force: true });
    }, LIMIT_MS);

    test(
      "it keeps to its probe, and REANA's own publisher and the queue of workflows agree with it",
      async () => {
        const ping = await execa(program('rabbitmq-diagnostics'), ['-q', 'ping'], {
          ...options(),
          reject: false,
          all: true,
        });
        expect(ping.all).toContain('Ping succeeded');
        expect(await answer(PUBLISH)).toMatchObject({ exitCode: 0 });
        const read = await answer(READ);
        expect(read.all).toContain('roofit');
      },
      LIMIT_MS,
    );

    test(
      'nobody comes in with another password, nor as the guest that RabbitMQ makes by itself',
      async () => {
        expect((await answer(PUBLISH, 'another')).all).toContain('ACCESS_REFUSED');
        const guest = PUBLISH.replace(
          'WorkflowSubmissionPublisher()',
          `WorkflowSubmissionPublisher(connection=__import__("kombu").Connection("amqp://guest:guest@${address}//"))`,
        );
        expect((await answer(guest)).all).toContain('ACCESS_REFUSED');
      },
      LIMIT_MS,
    );

    test(
      'a workflow that waits outlives a restart, as does the password that it began with',
      async () => {
        expect(await answer(PUBLISH)).toMatchObject({ exitCode: 0 });
        await stop();
        await start('a-new-password');
        expect((await answer(PUBLISH, 'a-new-password')).all).toContain('ACCESS_REFUSED');
        expect((await answer(READ)).all).toContain('roofit');
      },
      LIMIT_MS,
    );
  },
);
