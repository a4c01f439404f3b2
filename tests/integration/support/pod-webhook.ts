import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { z } from 'zod';

import type { Reach } from './site';

const review = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  request: z.object({ uid: z.string() }),
});

/** No pod with a gate gets a node, and KWOK plays the pods of its nodes only. */
const LEFT_ALONE = [
  { op: 'add', path: '/spec/schedulingGates', value: [{ name: 'test.beamline/copy-node' }] },
];

/** Keeps the simulated nodes from playing the pods of a migration in one namespace, so that a test can really run them. */
export class PodWebhook {
  private constructor(
    private readonly site: Pick<Reach, 'kubectl'>,
    private readonly name: string,
    private readonly server: Server,
  ) {}

  static async start(site: Pick<Reach, 'kubectl'>, namespace: string): Promise<PodWebhook> {
    const { key, cert } = certificate();
    const server = createServer({ key, cert }, (request, response) => {
      void text(request).then((body) => {
        const { request: asked, ...rest } = review.parse(JSON.parse(body));
        const patch = Buffer.from(JSON.stringify(LEFT_ALONE)).toString('base64');
        const answer = { uid: asked.uid, allowed: true, patchType: 'JSONPatch', patch };
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ ...rest, response: answer }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('it does not listen');
    const webhook = new PodWebhook(site, `copy-pods-${namespace}`, server);
    await webhook.#register(namespace, `https://127.0.0.1:${address.port}/`, cert);
    return webhook;
  }

  async stop(): Promise<void> {
    await this.site.kubectl(['delete', 'mutatingwebhookconfiguration', this.name]);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #register(namespace: string, url: string, cert: string): Promise<void> {
    const configuration = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: this.name },
      webhooks: [
        {
          name: 'copy-pods.test.beamline',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          failurePolicy: 'Fail',
          clientConfig: { url, caBundle: Buffer.from(cert).toString('base64') },
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
          objectSelector: { matchLabels: { 'app.kubernetes.io/part-of': 'migration' } },
          rules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] },
          ],
        },
      ],
    };
    await this.site.kubectl(['apply', '-f', '-'], JSON.stringify(configuration));
  }
}

/** A key and a certificate of its own for a server on this machine. */
export function certificate(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'beamline-webhook-'));
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
  const kind = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
  ];
  const who = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...who, '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  const pair = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return pair;
}
