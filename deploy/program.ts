import { runtime } from '@pulumi/pulumi';

import type { Environment } from '../environments/environment';
import { objectsOf, type Plan, type PlannedObject, type Step } from '../plan/model';
import { registrationOf, stackUrn, STASH_TYPE } from './identity';
import { formerUrns } from './aliases';
import type { KubeApi } from './kube-api';
import { registerWithEngine, type Registration } from './monitor';
import { PROVIDER_VERSION } from './identity';
import { providerRegistration } from './provider';
import { waitUntilReady, type Patience } from './readiness';
import { inputsOf, type SecretLookup } from './values';
import { withAwait } from './await-annotation';

/** What the registration of a plan needs. */
export interface ProgramInputs {
  readonly environment: Environment;
  readonly plan: Plan;
  readonly provider: Readonly<Record<string, string>>;
  readonly valueOf: SecretLookup;
  /** The cluster to ask for readiness; none in a preview, where nothing is waited for. */
  readonly api?: KubeApi;
  readonly patience: Patience;
}

/**
 * Registers a plan with the engine, each step as soon as the steps it depends on are done and ready, and returns
 * when every object is ready.
 */
export async function registerPlan(inputs: ProgramInputs): Promise<void> {
  const stack = runtime.getStack();
  const parent = stackUrn(stack);
  const provider = await registerWithEngine(parent, providerRegistration(inputs.provider));
  const reference = `${provider.urn}::${provider.id === '' ? UNKNOWN_ID : provider.id}`;

  const done = new Map<string, Promise<void>>();
  const urns = new Map<string, string>();
  const objects = new Map(objectsOf(inputs.plan).map((object) => [object.id, object]));
  for (const step of inputs.plan.steps) {
    done.set(step.id, registerStep(step));
  }
  const outcomes = await Promise.allSettled(done.values());
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [messageOf(outcome.reason)] : [],
  );
  if (failures.length > 0) throw new Error([...new Set(failures)].join('\n'));
  await ready([...objects.values()]);

  async function registerStep(step: Step): Promise<void> {
    await Promise.all(step.dependsOn.map((id) => done.get(id) ?? Promise.resolve()));
    const before = step.dependsOn.flatMap((id) => objects.get(id) ?? []);
    // What a barrier stands for must be ready, not only made; so must a definition before its objects.
    await ready(
      before.filter((object) => step.step === 'barrier' || object.ready.kind !== 'rollout'),
    );
    const dependsOn = step.dependsOn.map((id) => urns.get(id) ?? '');
    const registered = await registerWithEngine(parent, registrationFor(step, dependsOn));
    urns.set(step.id, registered.urn);
  }

  function registrationFor(step: Step, dependsOn: readonly string[]): Registration {
    const { type, name } = registrationOf(step);
    if (step.step === 'barrier')
      return { type: STASH_TYPE, name, inputs: { input: step.id }, dependsOn };
    return objectRegistration(step, { type, name, stack, dependsOn, provider: reference });
  }

  function objectRegistration(
    object: PlannedObject,
    to: {
      type: string;
      name: string;
      stack: string;
      dependsOn: readonly string[];
      provider: string;
    },
  ): Registration {
    const { lifecycle } = object;
    return {
      type: to.type,
      name: to.name,
      inputs: inputsOf(withAwait(object), inputs.valueOf),
      dependsOn: to.dependsOn,
      formerUrns: formerUrns(to.stack, object, inputs.plan.moved),
      provider: to.provider,
      version: PROVIDER_VERSION,
      protect: lifecycle.protect,
      retainOnDelete: lifecycle.retainOnDelete,
      replaceOnChanges: lifecycle.replaceOnChanges,
      ignoreChanges: lifecycle.ignoreChanges,
      ...(lifecycle.replaceOnChanges.length > 0 ? { deleteBeforeReplace: true } : {}),
      ...(object.manifest.kind === 'Secret' ? { secretOutputs: ['data', 'stringData'] } : {}),
    };
  }

  async function ready(wanted: readonly PlannedObject[]): Promise<void> {
    if (inputs.api !== undefined && wanted.length > 0)
      await waitUntilReady(inputs.api, wanted, inputs.patience);
  }
}

/** What the engine takes for an id that a preview cannot know (`sdk/nodejs/runtime/rpc.ts`). */
const UNKNOWN_ID = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
