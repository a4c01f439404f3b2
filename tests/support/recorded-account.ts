import { mkdtempSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';

import type { PolicyRule } from 'kubernetes-types/rbac/v1';
import { stringify } from 'yaml';

import type { Cluster } from './cluster';
import { Forwarder } from './forwarder';
import { RecordingProxy, type ApiRequest } from './recording-proxy';

/** A ServiceAccount of the shared control plane, as a program has it: with its token and no other, and with a note of all that it asks. */
export class RecordedAccount {
  private constructor(
    /** A file for programs on this machine. */
    readonly kubeconfig: string,
    private readonly proxy: RecordingProxy,
    private readonly bearer: Forwarder,
  ) {}

  /** `folder` takes its kubeconfig. */
  static async start(
    cluster: Cluster,
    { name, namespace, folder }: Readonly<Record<'name' | 'namespace' | 'folder', string>>,
  ): Promise<RecordedAccount> {
    const token = await cluster.kubectl(['create', 'token', name, '-n', namespace]);
    const proxy = await RecordingProxy.start(cluster.server);
    const bearer = await startBearer(proxy.url, token.trim());
    const path = join(mkdtempSync(join(folder, 'account-')), 'kubeconfig');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'own',
      contexts: [{ name: 'own', context: { cluster: 'own', user: 'own' } }],
      clusters: [{ name: 'own', cluster: { server: bearer.url } }],
      users: [{ name: 'own', user: {} }],
    };
    writeFileSync(path, stringify(config));
    return new RecordedAccount(path, proxy, bearer);
  }

  /** All that was asked, in order. */
  get requests(): readonly ApiRequest[] {
    return this.proxy.requests;
  }

  /** What it had no right to. */
  get refused(): readonly ApiRequest[] {
    return this.requests.filter(({ status }) => status === 403 || status === 401);
  }

  /** The rights that it made use of, as `verb group/resource`. */
  get used(): ReadonlySet<string> {
    return new Set(
      this.requests.map(({ verb, group, resource }) => `${verb} ${group}/${resource}`),
    );
  }

  async stop(): Promise<void> {
    await this.bearer.stop();
    await this.proxy.stop();
  }
}

/** Puts a token on every request: Kubernetes' own clients keep theirs to themselves where there is no TLS. */
function startBearer(to: string, token: string): Promise<Forwarder> {
  return Forwarder.start(({ method, url, headers }, answered) =>
    request(
      new URL(url ?? '/', to),
      { method, headers: { ...headers, authorization: `Bearer ${token}` } },
      answered,
    ),
  );
}

/** The rights that rules give, as `verb group/resource`. */
export function rightsIn(rules: readonly PolicyRule[]): string[] {
  return rules.flatMap(({ apiGroups = [], resources = [], verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
    ),
  );
}
