import { getStack } from '@pulumi/pulumi/runtime/settings';
import pLimit from 'p-limit';

import { isBeyondCluster } from '../constructs/kit/beyond-cluster';
import { objectsOf, type Plan, type PlannedObject, type Step } from '../plan/model';
import { OWN_PROVIDER_TYPE, OWN_PROVIDER_VERSION, registrationOf, stackUrn } from './identity';
import type { KubeApi } from './kube-api';
import { registerWithEngine, type Registered, type Registration } from './monitor';
import { providerRegistration } from './provider';
import { takesTime, waitUntilReady, type Patience } from './readiness';
import { objectRegistration, type RegistrationContext } from './registration';
import type { SecretLookup } from './values';

/** What the registration of a plan needs. */
export interface ProgramInputs {
  readonly plan: Plan;
  /** Settings of the provider. */
  readonly provider: Readonly<Record<string, string>>;
  readonly valueOf: SecretLookup;
  /**
   * The cluster to ask whether objects are ready.
   *
   * @default - nothing is waited for, as in a preview
   */
  readonly api?: KubeApi;
  readonly patience: Patience;
}

/**
 * Registers a plan with the engine, each step as soon as the steps it depends on are done and ready, and returns
 * when every object is ready.
 */
export async function registerPlan(inputs: ProgramInputs): Promise<void> {
  const stack = getStack();
  const parent = stackUrn(stack);
  const registered = await registerWithEngine(parent, providerRegistration(inputs.provider));
  const beyond = objectsOf(inputs.plan).some(({ manifest }) =>
    isBeyondCluster(manifest.apiVersion),
  );
  const own = beyond ? await registerWithEngine(parent, OWN_PROVIDER) : undefined;
  const context: RegistrationContext = {
    stack,
    provider: reference(registered),
    ownProvider: own === undefined ? undefined : reference(own),
    moved: inputs.plan.moved,
    valueOf: inputs.valueOf,
  };
  await new Registrar(inputs, parent, context).run();
}

/** A provider as resources name it. */
function reference({ urn, id }: Registered): string {
  return `${urn}::${id === '' ? UNKNOWN_ID : id}`;
}

const OWN_PROVIDER: Registration = {
  type: OWN_PROVIDER_TYPE,
  name: 'beyond-cluster',
  inputs: { version: OWN_PROVIDER_VERSION },
  dependsOn: [],
  version: OWN_PROVIDER_VERSION,
};

/** What the engine takes for an id that a preview cannot know (`sdk/nodejs/runtime/rpc.ts`). */
const UNKNOWN_ID = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/**
 * Registrations under way at once, in each of two lanes: together twice what the engine works on. Each holds its manifest several times
 * over. What rolls out has a lane of its own, because it takes long after it was made: it begins while the rest is still being made.
 */
const IN_FLIGHT = 32;

/** One run over a plan. */
class Registrar {
  readonly #objects: ReadonlyMap<string, PlannedObject>;
  readonly #done = new Map<string, Promise<void>>();
  readonly #urns = new Map<string, string>();
  readonly #ready = new Map<string, Promise<void>>();
  readonly #rollouts = pLimit(IN_FLIGHT);
  readonly #others = pLimit(IN_FLIGHT);

  constructor(
    private readonly inputs: ProgramInputs,
    private readonly parent: string,
    private readonly context: RegistrationContext,
  ) {
    this.#objects = new Map(objectsOf(inputs.plan).map((object) => [object.id, object]));
  }

  async run(): Promise<void> {
    for (const step of this.inputs.plan.steps) this.#done.set(step.id, this.#register(step));
    const outcomes = await Promise.allSettled(this.#done.values());
    const failures = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [messageOf(outcome.reason)] : [],
    );
    if (failures.length > 0) throw new Error([...new Set(failures)].join('\n'));
    await this.#waitFor([...this.#objects.values()]);
  }

  async #register(step: Step): Promise<void> {
    await Promise.all(step.dependsOn.map((id) => this.#done.get(id) ?? Promise.resolve()));
    const before = step.dependsOn.flatMap((id) => this.#objects.get(id) ?? []);
    // A barrier stands for many objects, asked for at once; an object that others lean on is asked for once.
    if (step.step === 'barrier') await this.#waitFor(before);
    else await Promise.all(before.map((object) => this.#once(object)));
    const dependsOn = step.dependsOn.flatMap((id) => this.#urns.get(id) ?? []);
    const lane = step.step === 'object' && startsPods(step) ? this.#rollouts : this.#others;
    const { urn, skipped } = await lane(() =>
      registerWithEngine(this.parent, this.#registration(step, dependsOn)),
    );
    if (!skipped) this.#urns.set(step.id, urn);
  }

  #registration(step: Step, dependsOn: readonly string[]): Registration {
    return step.step === 'barrier'
      ? { ...registrationOf(step), inputs: { input: step.id }, dependsOn }
      : objectRegistration(step, dependsOn, this.context);
  }

  #once(object: PlannedObject): Promise<void> {
    const asked = this.#ready.get(object.id) ?? this.#waitFor([object]);
    this.#ready.set(object.id, asked);
    return asked;
  }

  async #waitFor(objects: readonly PlannedObject[]): Promise<void> {
    const { api, patience } = this.inputs;
    // What the engine was told to leave out, by --target, may not be there and is not waited for.
    const there = objects.filter(({ id }) => this.#urns.has(id));
    if (api !== undefined) await waitUntilReady(api, there, patience);
  }
}

/** A Service is ready when its pods are, and starts none. */
function startsPods(object: PlannedObject): boolean {
  return takesTime(object) && object.manifest.kind !== 'Service';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
