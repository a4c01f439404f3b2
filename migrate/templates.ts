import { objectsAt, textAt } from '../plan/json';
import type { JsonObject, Manifest } from '../plan/model';
import { nameOf, uidOf, type MigrationCluster, type Ref } from './cluster';
import { shortly, type MigrationContext } from './context';
import type { Ledger } from './ledger';
import { remainsOf, remake, setWithClass } from './remake';
import type { MigrationRecord } from './record';
import { until } from './until';
import { templateOf } from './workloads';

/**
 * Makes the StatefulSets of a claim anew, with the class that the claim has now in their templates, which cannot be changed:
 * new replicas get the new class, and what an environment says agrees with the cluster. Their pods are stopped, their claims
 * stay. Each is written down as it was before it is deleted.
 */
export async function renewTemplates(
  context: MigrationContext,
  ledger: Ledger,
  towards: 'from' | 'to',
): Promise<Partial<MigrationRecord>> {
  const { from, to, workloads } = ledger.record;
  const [old, wanted] = towards === 'to' ? [from, to] : [to, from];
  for (const { apiVersion, kind, name } of workloads) {
    if (kind !== 'StatefulSet') continue;
    const ref = { apiVersion, kind, namespace: ledger.record.namespace, name };
    await renewSet(context, ledger, ref, { old, wanted });
  }
  return {};
}

async function renewSet(
  context: MigrationContext,
  ledger: Ledger,
  ref: Ref,
  { old, wanted }: { readonly old: string; readonly wanted: string },
): Promise<void> {
  const { cluster } = context;
  const live = await cluster.get(ref);
  if (live !== undefined) {
    if (!namesClass({ ...live, kind: ref.kind }, ledger.record.claim, old)) {
      await finish(cluster, ledger, ref, wanted);
      return;
    }
    const { manifest, managedFields } = remainsOf({
      ...live,
      apiVersion: ref.apiVersion,
      kind: ref.kind,
    });
    const others = ledger.record.templates.filter((one) => textAt(one, 'name') !== ref.name);
    await ledger.save({ templates: [...others, { name: ref.name, manifest, managedFields }] });
    ledger.assertHeld();
    await cluster.remove(ref, uidOf(live), true);
    await until(
      async () => {
        const now = await cluster.get(ref);
        return now === undefined || uidOf(now) !== uidOf(live) ? true : undefined;
      },
      () => `StatefulSet '${ref.namespace}/${ref.name}' was deleted and does not go`,
      shortly(context),
    );
  }
  await finish(cluster, ledger, ref, wanted);
}

/** Makes a set that was written down, if it is not there yet, and forgets it. */
async function finish(
  cluster: MigrationCluster,
  ledger: Ledger,
  { name }: Ref,
  wanted: string,
): Promise<void> {
  const { from, to, templates } = ledger.record;
  const saved = templates.find((one) => textAt(one, 'name') === name);
  if (saved === undefined) return;
  const manifest = made(saved, wanted === to ? from : to, wanted);
  await remake(cluster, manifest, objectsAt(saved, 'managedFields'));
  await ledger.save({ templates: templates.filter((one) => one !== saved) });
}

function made(saved: JsonObject, old: string, wanted: string): Manifest {
  const { manifest } = saved;
  if (typeof manifest !== 'object' || manifest === null || !('spec' in manifest))
    throw new Error(`the record of StatefulSet '${textAt(saved, 'name') ?? ''}' is not whole`);
  return setWithClass(manifest, old, wanted);
}

function namesClass(set: JsonObject, claim: string, className: string): boolean {
  const template = templateOf({ ...set, metadata: set['metadata'] ?? {} }, claim);
  return (
    template !== undefined &&
    nameOf(template) !== '' &&
    textAt(template, 'spec', 'storageClassName') === className
  );
}
