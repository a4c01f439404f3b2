import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';

import { isAbandoned } from '../deploy/engine-errors';
import { textAt } from '../plan/json';
import type { JsonObject, Manifest } from '../plan/model';
import type { MigrationCluster, Ref } from './cluster';
import { HOLDER, MIGRATION_LABEL, recordName, RENEWED } from './names';
import { parseRecord, type MigrationRecord } from './record';
import { until } from './until';

/** A holder that has not said for so long that it is alive, is taken for dead. */
const LEASE_MS = 30_000;
const RENEWAL_MS = 5_000;

/** Where a claim's record is. */
export function recordRef(namespace: string, claim: string): Ref {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: recordName(claim) };
}

/** The record in a ConfigMap as it was read. */
export function recordIn(object: JsonObject): MigrationRecord {
  const where = `ConfigMap '${textAt(object, 'metadata', 'namespace')}/${textAt(object, 'metadata', 'name')}'`;
  return parseRecord(textAt(object, 'data', 'record') ?? 'null', where);
}

/**
 * A claim's record, held by this run and by no other. Record and lock are one object, written by compare-and-swap: whoever
 * lost the lock cannot write down another step either.
 */
export class Ledger {
  #renewal: NodeJS.Timeout | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #lost: Error | undefined;
  #heldUntil = Date.now() + LEASE_MS;

  private constructor(
    private readonly cluster: MigrationCluster,
    private readonly holder: string,
    private object: JsonObject,
  ) {}

  /**
   * Takes a claim's record, or makes it from `fresh`, which may also say how to go on from an old one.
   *
   * @throws Error naming the run that holds it.
   */
  static async take(
    cluster: MigrationCluster,
    ref: Ref,
    fresh: (old: MigrationRecord | undefined) => Promise<MigrationRecord>,
    signal: AbortSignal,
  ): Promise<Ledger> {
    const holder = `${userInfo().username}@${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
    const free = await freeRecord(cluster, ref, signal);
    const record = await fresh(free === undefined ? undefined : recordIn(free));
    const manifest = manifestOf(ref, record, holder, free);
    const written =
      free === undefined ? await cluster.create(manifest) : await cluster.replace(manifest);
    if (written === undefined) throw held(ref, 'another run', 'took it at the same moment');
    const ledger = new Ledger(cluster, holder, written);
    ledger.#renewal = setInterval(() => void ledger.save({}).catch(() => undefined), RENEWAL_MS);
    ledger.#renewal.unref();
    return ledger;
  }

  get record(): MigrationRecord {
    return recordIn(this.object);
  }

  /** Writes a changed record down. @throws Error when another run has the claim by now. */
  save(change: Partial<MigrationRecord>): Promise<void> {
    return this.#write(change, this.holder);
  }

  /** To be asked before anything is done to the cluster. @throws Error when this run may have lost the claim. */
  assertHeld(): void {
    if (this.#lost !== undefined) throw this.#lost;
    if (Date.now() > this.#heldUntil)
      throw new Error(`this run may have lost ${this.#name()}; run it again`);
  }

  /** Gives the claim free for other runs. */
  async close(): Promise<void> {
    clearInterval(this.#renewal);
    // Whoever cannot say so is found out by its silence.
    await this.#write({}, '').catch(() => undefined);
  }

  #write(change: Partial<MigrationRecord>, holder: string): Promise<void> {
    const write = this.#queue.then(async () => {
      if (this.#lost !== undefined) throw this.#lost;
      const began = Date.now();
      const { namespace, claim } = this.record;
      const record = { ...this.record, ...change };
      const manifest = manifestOf(recordRef(namespace, claim), record, holder, this.object);
      const written = await this.cluster.replace(manifest);
      if (written === undefined) {
        this.#lost = new Error(`another run took ${this.#name()}; this one stops`);
        throw this.#lost;
      }
      this.object = written;
      this.#heldUntil = began + LEASE_MS;
    });
    this.#queue = write.catch(() => undefined);
    return write;
  }

  #name(): string {
    const { namespace, claim } = this.record;
    return `claim '${namespace}/${claim}'`;
  }
}

/** The ConfigMap with a record, once nobody holds it; undefined where there is none. */
async function freeRecord(
  cluster: MigrationCluster,
  ref: Ref,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  let first: string | undefined;
  const deadline = Date.now() + LEASE_MS;
  const free = await until<{ readonly object: JsonObject | undefined }>(
    async () => {
      const object = await cluster.get(ref);
      const holder = textAt(object, 'metadata', 'annotations', HOLDER) ?? '';
      if (object === undefined || holder === '' || isDead(holder)) return { object };
      // Not compared with the clock of this machine, which may differ: what counts is whether it goes on.
      const renewed = textAt(object, 'metadata', 'annotations', RENEWED) ?? '';
      first ??= `${holder} ${renewed}`;
      if (first !== `${holder} ${renewed}`) throw held(ref, holder, `said so at ${renewed}`);
      return Date.now() > deadline ? { object } : undefined;
    },
    () => '',
    { limitMs: 2 * LEASE_MS, signal },
  );
  return free.object;
}

function held(ref: Ref, holder: string, when: string): Error {
  return new Error(
    `another run migrates the claim of ConfigMap '${ref.namespace}/${ref.name}': ${holder} ${when}; wait for it, or stop it ` +
      'and run again',
  );
}

function isDead(holder: string): boolean {
  const [, user = '', host = '', pid = ''] = /^(.*)@(.*)\/(\d+)\//.exec(holder) ?? [];
  return pid !== '' && isAbandoned({ user, host, pid: Number(pid), since: '' });
}

function manifestOf(
  ref: Ref,
  record: MigrationRecord,
  holder: string,
  old: JsonObject | undefined,
): Manifest {
  const resourceVersion = textAt(old, 'metadata', 'resourceVersion');
  return {
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: {
      name: ref.name,
      ...(ref.namespace === undefined ? {} : { namespace: ref.namespace }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      labels: { 'app.kubernetes.io/managed-by': 'beamline-migrate', [MIGRATION_LABEL]: 'record' },
      annotations: { [HOLDER]: holder, [RENEWED]: new Date().toISOString() },
    },
    data: { record: JSON.stringify(record) },
  };
}
